package render

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"refettorio/assets"
	"refettorio/canteen"
)

// words is a catalogue that lacks nothing, in one language.
const words = `
	"language.name": "Prova", "format.weekdays": "do,lu,ma,me,gi,ve,sa", "format.weekdaysShort": "d,l,m,m,g,v,s",
	"format.months": "g,f,m,a,m,g,l,a,s,o,n,d", "format.day": "{0} {1} {2}", "format.dayShort": "{0} {1}",
	"format.month": "{0} {1}", "format.euro": "{0} €", "format.decimal": ",", "format.thousands": "."`

func locales(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestLoadCatalogRefusesHoles(t *testing.T) {
	it := `{` + words + `, "greeting": "Ciao {0}"}`
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no Italian":       {map[string]string{"en.json": it}, `no messages in "it"`},
		"a missing key":    {map[string]string{"it.json": it, "en.json": `{` + words + `}`}, `en: "greeting" is missing`},
		"a key too many":   {map[string]string{"it.json": `{` + words + `}`, "en.json": it}, `en: "greeting" is not in the original`},
		"an argument lost": {map[string]string{"it.json": it, "en.json": `{` + words + `, "greeting": "Hello"}`}, `"greeting" names 0 arguments, the original 1`},
		"a key twice":      {map[string]string{"it.json": `{` + words + `, "a": "1", "a": "2"}`}, `"a" is given twice`},
		"a key in two files": {map[string]string{"it.json": it, "family.it.json": `{"greeting": "Salve {0}"}`},
			`"greeting" is already in another file`},
		"no language in the name": {map[string]string{"it.json": it, "two_words!.json": `{}`}, "does not end in a language"},
		"broken JSON":             {map[string]string{"it.json": `{"a": `}, "unexpected end"},
		"a missing format":        {map[string]string{"it.json": strings.Replace(it, `"format.euro"`, `"format.eur"`, 1)}, `"format.euro" is missing`},
		"eight weekdays":          {map[string]string{"it.json": strings.Replace(it, "do,lu", "do,xx,lu", 1)}, `"format.weekdays" has 8 words, want 7`},
	} {
		_, err := LoadCatalog(locales(c.files))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, c.want)
		}
	}
}

func TestLoadCatalogJoinsTheFilesOfALanguage(t *testing.T) {
	c, err := LoadCatalog(locales(map[string]string{"it.json": `{` + words + `}`, "family.it.json": `{"family.title": "I miei figli"}`}))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.T("it", "family.title"); got != "I miei figli" {
		t.Errorf("got %q, want the text of family.it.json", got)
	}
}

func realCatalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := LoadCatalog(assets.Locales())
	if err != nil {
		t.Fatalf("the catalogues of assets/locales: %v", err)
	}
	return c
}

func TestMessagesFillTheirArguments(t *testing.T) {
	c := realCatalog(t)
	day := canteen.NewDate(2026, 10, 14)
	for _, test := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{"it", "base.login", nil, "Accedi"},
		{"en", "base.login", nil, "Log in"},
		{"xx", "base.login", nil, "Accedi"},
		{"it", "countdown.minutes", []any{1}, "1 minuto"},
		{"it", "countdown.minutes", []any{24}, "24 minuti"},
		{"it", "countdown.minutes", []any{1_000_000}, "1000000 minuti"},
		{"it", "countdown.minutes", []any{uint64(1)}, "1 minuto"},
		{"en", "countdown.minutes", []any{int64(1)}, "1 minute"},
		{"en", "countdown.minutes", []any{0}, "0 minutes"},
		{"it", "pagination.page", []any{2, 5}, "Pagina 2 di 5"},
		{"it", "home.next", []any{day}, "Riapre mercoledì 14 ottobre."},
		{"en", "home.next", []any{day}, "It opens again on Wednesday 14 October."},
		{"it", "home.open", []any{day.At(9*60 + 30)}, "Per oggi puoi disdire fino alle 9:30"},
		{"it", "home.open", []any{canteen.ClockTime(9*60 + 30)}, "Per oggi puoi disdire fino alle 9:30"},
		{"it", "error.money", []any{"4,5{1}x"}, "«4,5{1}x» non è un importo. Scrivilo come 2,70."},
		{"it", "error.tariff.price", []any{canteen.Cents(12345678)}, "Il prezzo 123.456,78 € non va bene: deve stare fra 0 e 100 euro."},
		{"it", "home.open", nil, "Per oggi puoi disdire fino alle {0}"},
		{"it", "Giulia", nil, "Giulia"},
		{"it", "", nil, ""},
	} {
		if got := c.T(test.lang, test.key, test.args...); got != test.want {
			t.Errorf("T(%q, %q, %v): got %q, want %q", test.lang, test.key, test.args, got, test.want)
		}
	}
}

func TestNegotiatePrefersTheChoiceThenTheBrowserThenItalian(t *testing.T) {
	c := realCatalog(t)
	for _, test := range []struct{ choice, header, want string }{
		{"", "", "it"},
		{"en", "it", "en"},
		{"", "en-GB,en;q=0.9", "en"},
		{"", "de-DE,en;q=0.5", "en"},
		{"", "ja", "it"},
		{"klingon", "en", "en"},
		{"", "not a header;;q=x", "it"},
	} {
		if got := c.Negotiate(test.choice, test.header); got != test.want {
			t.Errorf("Negotiate(%q, %q): got %q, want %q", test.choice, test.header, got, test.want)
		}
	}
}

func TestFormatsFollowTheLanguage(t *testing.T) {
	c := realCatalog(t)
	day := canteen.NewDate(2026, 10, 4)
	for _, test := range []struct{ lang, euro, minus, thousands, credit, day, short, month, date, time string }{
		{"it", "2,70 €", "−0,05 €", "1.234.567,00 €", "+27,00 €", "domenica 4 ottobre", "dom 4", "ottobre 2026", "04/10/2026", "9:05"},
		{"en", "€2.70", "−€0.05", "€1,234,567.00", "+€27.00", "Sunday 4 October", "Sun 4", "October 2026", "04/10/2026", "9:05"},
	} {
		f := c.Formats(test.lang)
		for _, pair := range [][2]string{
			{f.Euro(270), test.euro},
			{f.Euro(-5), test.minus},
			{f.Euro(123456700), test.thousands},
			{f.SignedEuro(2700), test.credit},
			{f.SignedEuro(-5), test.minus},
			{f.Day(day), test.day},
			{f.DayShort(day), test.short},
			{f.Month(day), test.month},
			{f.Date(day), test.date},
			// 7:05 UTC is 9:05 in Rome in summer.
			{f.Time(time.Date(2026, 10, 4, 7, 5, 0, 0, time.UTC)), test.time},
			{f.Day(0) + f.DayShort(0) + f.Month(0) + f.Date(0) + f.Time(time.Time{}), ""},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: got %q, want %q", test.lang, pair[0], pair[1])
			}
		}
	}
}

func TestEuroWritesTheSmallestAmount(t *testing.T) {
	f := realCatalog(t).Formats("it")
	if got, want := f.Euro(-1<<63), "−92.233.720.368.547.758,08 €"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
