package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"refettorio/canteen"
	"refettorio/control"
	"refettorio/store"
)

// call runs the program as a shell would, in a folder of its own.
func call(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfig_asDelivered(t *testing.T) {
	body, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var delivered map[string]any
	if err := yaml.Unmarshal(body, &delivered); err != nil {
		t.Fatal(err)
	}
	flat := map[string]any{}
	flatten("", delivered, flat)
	for _, d := range defaults {
		got, ok := flat[d.key]
		if list, isList := d.value.([]string); isList && len(list) == 0 {
			got, d.value = len(got.([]any)), 0
		}
		if !ok || got != d.value {
			t.Errorf("config.yaml says %s: %v, the program %v", d.key, got, d.value)
		}
		delete(flat, d.key)
	}
	for key := range flat {
		t.Errorf("config.yaml has %s, which the program does not know", key)
	}
}

func flatten(prefix string, from, into map[string]any) {
	for k, v := range from {
		if inner, ok := v.(map[string]any); ok {
			flatten(prefix+k+".", inner, into)
			continue
		}
		into[prefix+k] = v
	}
}

func TestConfig_refuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"an unknown key":         {"listn: 127.0.0.1:1", "listn"},
		"an unknown inner key":   {"tls:\n  certificat: x", "certificat"},
		"an address without :":   {"listen: somewhere", "listen"},
		"a key without its twin": {"tls:\n  key: x", "tls"},
		"no database":            {"database: ''", "database"},
		"a wrong level":          {"log:\n  level: loud", "log.level"},
		"a wrong public url":     {"public_url: mensa", "public_url"},
		"an incomplete provider": {"providers:\n  - name: spid\n    label: Entra con SPID\n    issuer: https://login.example.it\n    client_id: x", "client_secret"},
		"a provider's secret":    {"providers:\n  - name: spid\n    client_secret: x", "client_secret"},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, errs := call(t, "config", "--config", write(t, "config.yaml", c.text))
			if status != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("config with %q: status %d, said %q; want 1 and the name %q", c.text, status, errs, c.want)
			}
		})
	}
}

func TestConfig_environmentWins(t *testing.T) {
	t.Setenv("REFETTORIO_LISTEN", "127.0.0.1:7777")
	t.Setenv("REFETTORIO_TOWN_NAME", "Comune di Prova")
	status, out, errs := call(t, "config", "--config", write(t, "config.yaml", "listen: 127.0.0.1:1111"))
	if status != 0 || !strings.Contains(out, "127.0.0.1:7777") || !strings.Contains(out, "Comune di Prova") {
		t.Errorf("config: status %d, %s%s; want what the environment says", status, out, errs)
	}
}

// TestConfig_providers: the secret comes out of a file or the environment, and
// is never printed.
func TestConfig_providers(t *testing.T) {
	text := "providers:\n  - {name: spid, label: Entra con SPID, issuer: 'https://login.example.it', client_id: x, client_secret_file: " +
		write(t, "secret", "nobody may see this\n") + ", params: {acr_values: L2}}\n" +
		"  - {name: cie, label: Entra con CIE, issuer: 'https://login.example.it', client_id: y, preset: keycloak}\n"
	file := write(t, "config.yaml", text)
	if status, _, errs := call(t, "config", "--config", file); status != 1 || !strings.Contains(errs, `provider "cie": client_secret`) {
		t.Errorf("config without the second secret: %d, %s", status, errs)
	}
	t.Setenv("REFETTORIO_PROVIDERS_CIE_CLIENT_SECRET", "nor this")
	status, out, errs := call(t, "config", "--config", file)
	if status != 0 || !strings.Contains(out, "https://login.example.it") || !strings.Contains(out, "acr_values") || strings.Contains(out, "nobody") || strings.Contains(out, "nor this") {
		t.Errorf("config: status %d, %s%s; want the providers without their secrets", status, out, errs)
	}
}

// service is a service of a test: its folder, its address, and how to stop it.
type service struct {
	config Config
	base   string
	stop   func() error
}

func startService(t *testing.T, now func() time.Time) *service {
	t.Helper()
	c, err := defaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c.Database, c.Listen, c.PrivateListen, c.Backup.Folder = filepath.Join(dir, "r.db"), "127.0.0.1:0", "", filepath.Join(dir, "backups")
	c.Key = filepath.Join(dir, "r.key")
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- serve(ctx, c, slog.New(slog.DiscardHandler), now, func(base string) { ready <- base }) }()
	s := &service{config: c}
	select {
	case s.base = <-ready:
	case err := <-done:
		t.Fatalf("serve: %v", err)
	}
	s.stop = func() error { cancel(); return <-done }
	t.Cleanup(cancel)
	return s
}

func TestServe_answersAndStops(t *testing.T) {
	s := startService(t, time.Now)
	resp, err := http.Get(s.base + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.Body.Close() != nil || resp.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("Refezione scolastica")) {
		t.Errorf("GET /: %d, %v; want the public home", resp.StatusCode, err)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := os.Stat(control.SocketPath(s.config.Database)); !os.IsNotExist(err) {
		t.Errorf("the control socket outlives the service: %v", err)
	}
	report, err := store.CheckFile(s.config.Database)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("check after the stop: %v %v", err, report.Problems)
	}
}

// TestCommands_reachTheRunningService sends every command of the console through
// the socket of a service that holds the file.
func TestCommands_reachTheRunningService(t *testing.T) {
	day := canteen.NewDate(2026, 11, 18)
	s := startService(t, func() time.Time { return day.At(8 * 60) })
	db := s.config.Database
	ok := func(want string, args ...string) {
		t.Helper()
		status, out, errs := call(t, append(args, "--db", db)...)
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("%s: status %d, said %q %q; want 0 and %q", strings.Join(args, " "), status, out, errs, want)
		}
	}
	ok("created 3, updated 0", "import", "schools", "docs/import/plessi.csv")
	ok("unchanged 3", "import", "schools", "docs/import/plessi.csv", "--dry-run")
	ok("created", "import", "classes", "docs/import/classi.csv")
	ok("", "user", "add", "Ufficio", "--role", "office", "--generate")
	ok("ufficio", "user", "list")
	ok("", "user", "disable", "ufficio")
	ok("disabled", "user", "list")
	ok("rft_", "token", "add", "sms", "--scope", "family-gateway")
	ok("sms", "token", "list")
	ok("0 problems", "check")
	ok("verified", "backup", filepath.Join(t.TempDir(), "copy.db"))
	if status, _, errs := call(t, "close", "--date", "2026-11-18", "--db", db); status != 1 || errs == "" {
		t.Errorf("close before the cut-off: status %d, said %q; want a refusal", status, errs)
	}
	if status, _, errs := call(t, "restore", db, "--db", db); status != 1 || errs == "" {
		t.Errorf("restore under a running service: status %d, said %q; want a refusal", status, errs)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	ok("0 problems", "check")
}

// TestImport_messyFile sends a file with ten kinds of mistakes: each is named by
// line and reason, and nothing is written.
func TestImport_messyFile(t *testing.T) {
	db := filepath.Join(t.TempDir(), "r.db")
	for _, f := range []struct{ kind, file string }{{"schools", "plessi"}, {"classes", "classi"}, {"guardians", "genitori"}} {
		if status, out, errs := call(t, "import", f.kind, "docs/import/"+f.file+".csv", "--db", db); status != 0 {
			t.Fatalf("import %s: %s%s", f.kind, out, errs)
		}
	}
	messy := "PAN;Cognome;Nome;Codice fiscale;Data di nascita;Sesso;Comune di nascita;Plesso;Classe;Sezione;CF genitore 1;CF genitore 2;Fascia;Dieta\n" +
		"12A45;Rossi;Ada;;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;\n" + // a letter in the PAN
		"5000001;=1+1;Ada;;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;\n" + // a formula
		"5000002;Rossi;Ada;RSSDAA18B41E716Z;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;\n" + // a wrong check letter
		"5000003;Rossi;Ada;;31/02/2018;F;Lucera;FGEE90001B;2;A;;;;\n" + // no such day
		"5000004;Rossi;Ada;;01/02/2018;X;Lucera;FGEE90001B;2;A;;;;\n" + // no such sex
		"5000005;Rossi;Ada;;01/02/2018;F;Lucera;FGZZ;2;A;;;;\n" + // no school code
		"5000006;Rossi;Ada;;01/02/2018;F;Lucera;FGEE90001B;9;Z;;;;\n" + // no such class
		"5000007;Rossi;Ada;;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;;;;;too;many\n" + // too many cells
		"5000008;;Ada;;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;\n" + // no surname
		"5000008;Rossi;Ada;;01/02/2018;F;Lucera;FGEE90001B;2;A;;;;senza glutine\n" // a diet without a code
	status, out, errs := call(t, "import", "pupils", write(t, "alunni.csv", messy), "--json", "--db", db)
	if status != 1 {
		t.Errorf("status %d (%s), want 1", status, errs)
	}
	var r control.ImportResult
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if r.Refused != 10 || r.Written {
		t.Errorf("refused %d, written %t; want 10, false: %s", r.Refused, r.Written, out)
	}
	for i, row := range r.Rows {
		if row.Line != i+2 || row.Outcome != string(canteen.RowRefused) || row.Reason == "" || strings.HasPrefix(row.Reason, "error.") {
			t.Errorf("row %d: %+v; want line %d refused with a sentence", i, row, i+2)
		}
	}
	var report store.Report
	if err := control.Run(t.Context(), db, store.Options{}, "check", control.None{}, &report); err != nil || report.Pupils != 0 {
		t.Errorf("check: %v, %d pupils; want none written", err, report.Pupils)
	}
}

// TestHelp_namesEveryCommand keeps design §10: what the program can do is in its
// help.
func TestHelp_namesEveryCommand(t *testing.T) {
	_, out, _ := call(t, "--help")
	for _, name := range []string{"serve", "demo", "import", "close", "check", "backup", "restore", "config", "user", "token", "key", "version"} {
		if !strings.Contains(out, "\n  "+name) {
			t.Errorf("help does not name %s:\n%s", name, out)
		}
	}
}

// TestRestore_drill is the drill of docs/OPERATIONS.md: a copy made while the
// service runs, the file lost, the copy put back, the numbers the same.
func TestRestore_drill(t *testing.T) {
	day := canteen.NewDate(2026, 11, 18)
	s := startService(t, func() time.Time { return day.At(8 * 60) })
	db, copied := s.config.Database, filepath.Join(t.TempDir(), "copy.db")
	totals := func(file string) string {
		t.Helper()
		status, out, errs := call(t, "check", "--db", file)
		if status != 0 {
			t.Fatalf("check %s: %s%s", file, out, errs)
		}
		return out
	}
	for _, f := range []struct{ kind, file string }{{"schools", "plessi"}, {"classes", "classi"}, {"guardians", "genitori"}, {"pupils", "alunni"}, {"balances", "saldi"}} {
		if status, out, errs := call(t, "import", f.kind, "docs/import/"+f.file+".csv", "--db", db); status != 0 {
			t.Fatalf("import %s: %s%s", f.kind, out, errs)
		}
	}
	before := totals(db)
	if status, out, errs := call(t, "backup", copied, "--db", db); status != 0 {
		t.Fatalf("backup: %s%s", out, errs)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(db); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := call(t, "restore", "--check", copied); status != 0 || !strings.Contains(out, "no problems") {
		t.Errorf("restore --check: %d, %s%s", status, out, errs)
	}
	if _, err := os.Stat(db); !os.IsNotExist(err) {
		t.Errorf("restore --check touched the file: %v", err)
	}
	if status, out, errs := call(t, "restore", copied, "--db", db); status != 0 {
		t.Fatalf("restore: %s%s", out, errs)
	}
	if after := totals(db); after != before {
		t.Errorf("after the drill: %s, before: %s", after, before)
	}
}
