package control

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// schoolsFile is a list of n schools.
func schoolsFile(n int) []byte {
	var b bytes.Buffer
	b.WriteString("Codice meccanografico;Denominazione plesso;Ordine;Istituto;Centro di cottura\n")
	for i := range n {
		fmt.Fprintf(&b, "FGEE%05dA;Scuola %d;Primaria;Istituto;Cucina\n", i, i)
	}
	return b.Bytes()
}

// TestRun_sameThroughTheSocketAndAlone does the same commands on a served file
// and on a file nobody serves: same results, same refusals, progress told.
func TestRun_sameThroughTheSocketAndAlone(t *testing.T) {
	day := canteen.NewDate(2026, 11, 18)
	for _, served := range []bool{true, false} {
		t.Run(fmt.Sprintf("served %t", served), func(t *testing.T) {
			db, opt := filepath.Join(t.TempDir(), "r.db"), at(day, 8*60)
			if served {
				serveFile(t, db, opt)
			}
			told := 0
			ctx := WithProgress(t.Context(), func(done, total int) {
				if done < 0 || done > total {
					t.Errorf("progress %d of %d", done, total)
				}
				told++
			})
			var r ImportResult
			if err := Run(ctx, db, opt, "import", ImportArgs{Kind: "schools", File: schoolsFile(3000)}, &r); err != nil || r.Created != 3000 {
				t.Fatalf("import: %d created, %v; want 3000", r.Created, err)
			}
			if told == 0 {
				t.Error("no progress was told")
			}
			err := Run(t.Context(), db, opt, "user.add", UserArgs{User: store.User{Login: "x", Role: canteen.RoleKitchen, Kitchen: "nessuna"}}, nil)
			if canteen.KindOf(err) != canteen.KindInvalid || !strings.Contains(err.Error(), "nessuna") {
				t.Errorf("a user of no kitchen: %v, want the refusal with its argument", err)
			}
			if err := Run(t.Context(), db, opt, "no.such", None{}, nil); err == nil || !strings.Contains(err.Error(), "no.such") {
				t.Errorf("an unknown command: %v, want its name", err)
			}
		})
	}
}

func serveFile(t *testing.T, db string, opt store.Options) {
	t.Helper()
	s, err := store.Open(db, opt)
	if err != nil {
		t.Fatal(err)
	}
	srv, err := Listen(s)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve() }()
	t.Cleanup(func() {
		if err := srv.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
