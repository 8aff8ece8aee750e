package render

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"refettorio/assets"
	"refettorio/canteen"
)

func anyURL(name string, params ...string) (string, error) {
	return "/" + strings.Join(append([]string{name}, params...), "/"), nil
}

var quiet = slog.New(slog.DiscardHandler)

// small is the least set of templates an Engine accepts.
func small() fstest.MapFS {
	return fstest.MapFS{
		"layout/base.html":    {Data: []byte(`{{define "base"}}<html lang="{{.Lang}}">{{template "main" .}}</html>{{end}}`)},
		"layout/print.html":   {Data: []byte(`{{define "print"}}<html>paper {{template "paper" .}}</html>{{end}}`)},
		"partials/small.html": {Data: []byte(`{{define "small"}}<b>{{.}}</b>{{end}}`)},
		"pages/error.html":    {Data: []byte(`{{define "main"}}{{msg .What}}{{end}}`)},
	}
}

func smallOptions(t *testing.T, templates fstest.MapFS, pages ...string) Options {
	t.Helper()
	return Options{Templates: templates, Dist: fstest.MapFS{}, Catalog: realCatalog(t), Pages: append(pages, "error"),
		URL: anyURL, Log: quiet}
}

// builtDist is what the asset build leaves, in little.
func builtDist() fstest.MapFS {
	return fstest.MapFS{
		"manifest.json":             {Data: []byte(`{"css/app.css": "css/app.0123456789.css", "svg/sprite.svg": "svg/sprite.abc.svg"}`)},
		"css/app.0123456789.css":    {Data: []byte("body{color:red}")},
		"css/app.0123456789.css.br": {Data: []byte("BR")},
		"css/app.0123456789.css.gz": {Data: []byte("GZ")},
		"svg/sprite.abc.svg":        {Data: []byte(`<svg><symbol id="forks" viewBox="0 0 1 1"></symbol></svg>`)},
		"pdf/font.ttf":              {Data: []byte("font")},
	}
}

func TestNewRefusesWhatWouldFailLater(t *testing.T) {
	failing := func(name string, _ ...string) (string, error) { return "", errors.New("no route " + name) }
	for name, c := range map[string]struct {
		page   string
		change func(*Options)
		want   string
	}{
		"a message that does not exist":  {page: `{{define "main"}}{{t "no.such.key"}}{{end}}`, want: `no message "no.such.key"`},
		"in an attribute":                {page: `{{define "main"}}<p title="{{t "no.such.key"}}">{{end}}`, want: `no message "no.such.key"`},
		"in a condition":                 {page: `{{define "main"}}{{if .X}}{{else}}{{t "no.such.key"}}{{end}}{{end}}`, want: `no message "no.such.key"`},
		"in a nested call":               {page: `{{define "main"}}{{t "countdown.left" (t "no.such.key")}}{{end}}`, want: `no message "no.such.key"`},
		"too few arguments":              {page: `{{define "main"}}{{t "pagination.page" .X}}{{end}}`, want: "names 2 arguments, got 1"},
		"a plural without its number":    {page: `{{define "main"}}{{t "countdown.minutes"}}{{end}}`, want: "countdown.minutes"},
		"an icon that does not exist":    {page: `{{define "main"}}{{icon "it-unknown"}}{{end}}`, change: built, want: `no icon "it-unknown"`},
		"an asset that does not exist":   {page: `{{define "main"}}<img src="{{asset "x.svg"}}" alt="">{{end}}`, change: built, want: `no asset "x.svg"`},
		"a route that does not exist":    {page: `{{define "main"}}<a href="{{url "x"}}">{{end}}`, change: func(o *Options) { o.URL = failing }, want: "no route x"},
		"a function that does not exist": {page: `{{define "main"}}{{shout .}}{{end}}`, want: `"shout" not defined`},
		"a partial that does not exist":  {page: `{{define "main"}}{{template "nobody" .}}{{end}}`, want: `no such template "nobody"`},
		"an unsafe context":              {page: `{{define "main"}}<a href={{.X}}'>{{end}}`, want: "in unquoted attr"},
		"a text outside the blocks":      {page: `lost{{define "main"}}{{end}}`, want: "text outside a block"},
		"no block at all":                {page: `{{define "other"}}{{end}}`, want: "neither the block main nor paper"},
		"a page nobody declares":         {page: `{{define "main"}}{{end}}`, change: func(o *Options) { o.Pages = []string{"error"} }, want: "rendered by no handler"},
		"a page without a file":          {page: `{{define "main"}}{{end}}`, change: func(o *Options) { o.Pages = append(o.Pages, "ghost") }, want: "pages/ghost.html is missing"},
		"a build cut in half":            {page: `{{define "main"}}{{end}}`, change: func(o *Options) { built(o); delete(o.Dist.(fstest.MapFS), "svg/sprite.abc.svg") }, want: "build again"},
	} {
		templates := small()
		templates["pages/area/test.html"] = &fstest.MapFile{Data: []byte(c.page)}
		o := smallOptions(t, templates, "area/test")
		if c.change != nil {
			c.change(&o)
		}
		_, err := New(o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, c.want)
		}
	}
}

func built(o *Options) { o.Dist = builtDist() }

func TestConstantsAreFoldedAndEscaped(t *testing.T) {
	templates := small()
	templates["pages/p.html"] = &fstest.MapFile{Data: []byte(
		`{{define "main"}}<a title="{{t "base.login"}}" href="{{url "r" "a&b"}}">{{t .Label}}</a>{{icon "forks" "icon-sm"}}{{template "small" .Label}}{{end}}`)}
	o := smallOptions(t, templates, "p")
	o.Dist = builtDist()
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	data := struct{ Lang, Label string }{"it", "<script>"}
	if err := e.Render(&out, "it", "p", data); err != nil {
		t.Fatal(err)
	}
	want := `<html lang="it"><a title="Accedi" href="/r/a&amp;b">&lt;script&gt;</a>` +
		`<svg class="icon icon-sm" aria-hidden="true" focusable="false"><use href="/static/svg/sprite.abc.svg#forks"></use></svg>` +
		`<b>&lt;script&gt;</b></html>`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
	if text := e.sets[pageKey{"it", "p"}].Lookup("main").Tree.Root.String(); strings.Contains(text, "base.login") {
		t.Errorf("the constant message is still looked up at each page: %s", text)
	}
}

func TestAPageForPaperUsesThePrintLayout(t *testing.T) {
	templates := small()
	templates["pages/sheet.html"] = &fstest.MapFile{Data: []byte(`{{define "paper"}}{{.}}{{end}}`)}
	e, err := New(smallOptions(t, templates, "sheet"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := e.Render(&out, "it", "sheet", "A"); err != nil || out.String() != "<html>paper A</html>" {
		t.Errorf("got %q, %v, want the print layout", out.String(), err)
	}
}

func TestAPageComesOutWholeOrNotAtAll(t *testing.T) {
	templates := small()
	templates["pages/p.html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}first half {{.Missing}}{{end}}`)}
	e, err := New(smallOptions(t, templates, "p"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Render(&out, "it", "p", Page{Lang: "it"}); err == nil || out.Len() != 0 {
		t.Errorf("got error %v and %q written, want an error and nothing", err, out.String())
	}
	if err := e.Render(&out, "it", "unknown", nil); err == nil || out.Len() != 0 {
		t.Errorf("unknown page: got error %v and %q written, want an error and nothing", err, out.String())
	}
	for _, lang := range []string{"it", "xx"} {
		if got := string(e.Failure(lang)); !strings.Contains(got, "Qualcosa non ha funzionato") {
			t.Errorf("Failure(%q): got %q, want the page for status 500", lang, got)
		}
	}
	if got := string(e.Failure("en")); !strings.Contains(got, "Something went wrong") {
		t.Errorf("Failure(en): got %q, want it in English", got)
	}
}

func TestReloadSeesTheTemplateChanged(t *testing.T) {
	templates := small()
	templates["pages/p.html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}old{{end}}`)}
	for _, reload := range []bool{true, false} {
		o := smallOptions(t, maps.Clone(templates), "p")
		o.Reload = reload
		e, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		o.Templates.(fstest.MapFS)["pages/p.html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}new{{end}}`)}
		var out strings.Builder
		if err := e.Render(&out, "it", "p", Page{Lang: "it"}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "new"); got != reload {
			t.Errorf("reload %v: got %q", reload, out.String())
		}
	}
}

// realEngine renders the real templates.
func realEngine(t testing.TB) *Engine {
	t.Helper()
	c, err := LoadCatalog(assets.Locales())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := PageFiles(assets.Templates())
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(Options{Templates: assets.Templates(), Dist: assets.Dist(), Catalog: c, Pages: pages, URL: anyURL, Town: sampleTown, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var sampleTown = Town{
	Name: "Comune di Borgoluce", Crest: "B", Region: "Regione Puglia", Service: "Refezione scolastica",
	AccessibilityURL: "https://form.agid.gov.it/view/1", PrivacyURL: "/privacy", LegalURL: "/note-legali",
	FAQURL: "/domande", InefficiencyURL: "/segnala", AppointmentsURL: "/appuntamenti",
}

var sampleNow = canteen.NewDate(2026, 11, 25).At(9*60 + 6)

func samplePage(lang string) Page {
	return Page{
		Title: "home.title", Lang: lang, Town: sampleTown, Now: sampleNow, Path: "/",
		Langs:  []LangLink{{Language{"it", "Italiano"}, "/lingua/it", lang == "it"}, {Language{"en", "English"}, "/lingua/en", lang == "en"}},
		User:   &User{Name: `Elena "<b>" R.`, Role: "role.guardian"},
		Nav:    []NavItem{{"base.login", "/a", true, nil}, {"<i>Giulia</i>", "/b?x=1&y=2", false, nil}, {"base.menu", "", true, []NavItem{{"<b>", "/c", true, nil}}}},
		Crumbs: []Crumb{{"home.title", "/"}, {"<i>Giulia</i>", ""}},
		Flash:  &Flash{FlashSuccess, "<b>fatto</b>"},
	}
}

// samples are the pages of the kernel, empty and full.
func samples(lang string) map[string]struct {
	page string
	data any
} {
	type sample = struct {
		page string
		data any
	}
	empty, full := Page{Lang: lang}, samplePage(lang)
	list := map[string]sample{
		"home empty":  {"home", HomePage{Page: empty}},
		"home open":   {"home", HomePage{Page: full, Service: true, Cutoff: Countdown{sampleNow.Add(24 * 60e9), sampleNow}, Links: full.Nav}},
		"home over":   {"home", HomePage{Page: full, Service: true, Cutoff: Countdown{sampleNow, sampleNow}}},
		"home closed": {"home", HomePage{Page: full, Next: canteen.NewDate(2026, 12, 9)}},
		"login empty": {"login", LoginPage{Page: empty}},
		"login":       {"login", NewLoginPage(full, "/famiglia")},
	}
	refused := NewLoginPage(full, "/famiglia")
	refused.Identity = []IdentityLink{{"Entra con SPID", "/accedi/spid"}, {"Entra con CIE", "/accedi/cie"}}
	refused.Login.Value = `"><script>alert(1)</script>`
	refused.Login.Error = Msg("error.required")
	refused.Password.Error = Msg("login.refused")
	refused.Problems = Problems(refused.Login, refused.Password)
	list["login refused"] = sample{"login", refused}
	for _, status := range []int{400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 418} {
		list["error "+http.StatusText(status)] = sample{"error", NewErrorPage(full, status, "7F3K-29")}
	}
	return list
}

func BenchmarkRenderHome(b *testing.B) {
	e := realEngine(b)
	data := samples("it")["home open"].data
	b.ReportAllocs()
	for b.Loop() {
		if err := e.Render(io.Discard, "it", "home", data); err != nil {
			b.Fatal(err)
		}
	}
}
