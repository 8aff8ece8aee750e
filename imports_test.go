package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house is the table of who may import whom (ARCHITECTURE.md). A package that is
// not here may import nothing of ours and nobody may import it.
var house = map[string][]string{
	".":               {"commands", "control", "handlers", "handlers/render", "jobs", "notify", "signin", "store"},
	"commands":        {"assets", "canteen", "control", "demo", "handlers", "handlers/render", "intake", "store", "vault"},
	"control":         {"canteen", "intake", "store"},
	"demo":            {"canteen", "store"},
	"handlers":        {"assets", "canteen", "documents", "handlers/render", "intake", "notify", "signin", "store"},
	"handlers/render": {"assets", "canteen"},
	"jobs":            {"canteen", "notify", "store"},
	"notify":          {"canteen"},
	"store":           {"canteen"},
	"documents":       {"canteen"},
	"signin":          {"canteen"},
	"intake":          {"canteen"},
	"assets":          {},
	"canteen":         {},
	"vault":           {},
	"bench":           {"canteen", "handlers", "handlers/render", "store"},
}

// keepers are the outside packages that only one of our rooms may know.
var keepers = map[string][]string{
	"go.etcd.io/bbolt":       {"store", "bench"},
	"github.com/gorilla/mux": {"handlers"},
	"github.com/spf13/viper": {"."},
	"github.com/go-co-op/":   {"jobs"},
	"net/http":               {".", "handlers", "handlers/render", "control", "bench", "signin"},
	"github.com/coreos/":     {"signin"},
	"github.com/go-jose/":    {"signin"},
	"golang.org/x/oauth2":    {"signin"},
	"html/template":          {"handlers/render"},
	"filippo.io/age":         {"vault"},
	"github.com/wneessen/":   {"notify"},
}

// TestImports holds the arrows of the house against the code.
func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != "." || d.Name() == "node_modules" || d.Name() == "testdata" || path == "e2e/op") {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			checkFile(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, path string) {
	t.Helper()
	room := filepath.ToSlash(filepath.Dir(path))
	may, known := house[room]
	if !known {
		t.Errorf("%s: the room %s is not in the table of the house", path, room)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(name, "refettorio/"); ok && !slices.Contains(may, ours) {
			t.Errorf("%s imports %s: the table does not allow it", path, ours)
		}
		for outside, rooms := range keepers {
			if strings.HasPrefix(name, outside) && !slices.Contains(rooms, room) {
				t.Errorf("%s imports %s, which only %v may know", path, name, rooms)
			}
		}
		if room == "canteen" && strings.Contains(name, ".") {
			t.Errorf("%s imports %s: the rules need the standard library only", path, name)
		}
	}
}
