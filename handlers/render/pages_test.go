package render

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"refettorio/canteen"
)

// everyPage renders each sample in each language and gives its parsed form.
func everyPage(t *testing.T, visit func(name string, page *html.Node)) {
	t.Helper()
	e := realEngine(t)
	for _, lang := range []string{"it", "en"} {
		for name, s := range samples(lang) {
			name = lang + " " + name
			var out strings.Builder
			if err := e.Render(&out, lang, s.page, s.data); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			page, err := html.Parse(strings.NewReader(out.String()))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			visit(name, page)
		}
	}
}

// all yields the elements of a tag, or of every tag.
func all(page *html.Node, tag string) []*html.Node {
	var list []*html.Node
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) {
			list = append(list, n)
		}
	}
	return list
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestPagesObeyTheContentSecurityPolicy(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		for _, n := range all(page, "") {
			if n.Data == "style" || n.Data == "script" && attribute(n, "src") == "" {
				t.Errorf("%s: an inline <%s>: %s", name, n.Data, text(n))
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: inline attribute %s=%q on <%s>", name, a.Key, a.Val, n.Data)
				}
				if n.Data != "a" && (a.Key == "src" || a.Key == "href") && !strings.HasPrefix(a.Val, StaticPrefix) {
					t.Errorf("%s: <%s> loads %q, which is not ours", name, n.Data, a.Val)
				}
			}
		}
	})
}

func TestPagesShowInjectedTextAsText(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		for _, tag := range []string{"b", "i"} {
			for _, n := range all(page, tag) {
				t.Errorf("%s: a text of the data became the element <%s>%s", name, tag, text(n))
			}
		}
	})
}

func TestPagesHaveTheStructureAReaderNeeds(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		for tag, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "header": 1, "footer": 1} {
			if got := len(all(page, tag)); got != want {
				t.Errorf("%s: %d <%s>, want %d", name, got, tag, want)
			}
		}
		if lang := attribute(all(page, "html")[0], "lang"); !strings.HasPrefix(name, lang) || lang == "" {
			t.Errorf("%s: lang=%q", name, lang)
		}
		ids := map[string]bool{}
		for _, n := range all(page, "") {
			if id := attribute(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: the id %q is there twice", name, id)
				}
				ids[id] = true
			}
		}
		for _, n := range all(page, "") {
			for _, key := range []string{"aria-describedby", "aria-labelledby", "aria-controls"} {
				for _, id := range strings.Fields(attribute(n, key)) {
					if !ids[id] {
						t.Errorf("%s: %s=%q leads nowhere", name, key, id)
					}
				}
			}
			if href := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") && !ids[href[1:]] {
				t.Errorf("%s: the link %q leads nowhere", name, href)
			}
		}
	})
}

func TestEveryInputHasALabel(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		labelled := map[string]bool{}
		for _, n := range all(page, "label") {
			labelled[attribute(n, "for")] = text(n) != ""
		}
		for _, n := range all(page, "input") {
			if attribute(n, "type") != "hidden" && attribute(n, "id") != "" && !labelled[attribute(n, "id")] {
				t.Errorf("%s: input %q has no label", name, attribute(n, "name"))
			}
		}
	})
}

func TestFooterCarriesTheLinksTheLawAsksFor(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		found := map[string]string{}
		for _, n := range all(page, "") {
			if element := attribute(n, "data-element"); element != "" {
				found[element] = attribute(n, "href")
			}
		}
		if strings.Contains(name, "empty") {
			if found["personal-area-login"] != "/login" {
				t.Errorf("%s: personal-area-login leads to %q, want /login", name, found["personal-area-login"])
			}
			return
		}
		for element, want := range map[string]string{
			"accessibility-link": sampleTown.AccessibilityURL, "privacy-policy-link": sampleTown.PrivacyURL,
			"legal-notes": sampleTown.LegalURL, "faq": sampleTown.FAQURL,
			"report-inefficiency": sampleTown.InefficiencyURL, "appointment-booking": sampleTown.AppointmentsURL,
			"main-navigation": "",
		} {
			if got, ok := found[element]; !ok || got != want {
				t.Errorf("%s: data-element %s: got %q, %v, want %q", name, element, got, ok, want)
			}
		}
	})
}

func TestARefusedFormLeadsToItsErrors(t *testing.T) {
	everyPage(t, func(name string, page *html.Node) {
		if !strings.HasSuffix(name, "login refused") {
			return
		}
		if title := text(all(page, "title")[0]); !strings.HasPrefix(title, "Da correggere:") && !strings.HasPrefix(title, "To be corrected:") {
			t.Errorf("%s: the title %q does not say that something is wrong", name, title)
		}
		var links []string
		for _, n := range all(page, "div") {
			if attribute(n, "class") == "errors" {
				for _, a := range all(n, "a") {
					links = append(links, attribute(a, "href"))
				}
			}
		}
		if want := []string{"#login", "#password"}; !slices.Equal(links, want) {
			t.Errorf("%s: the index of errors has %q, want %q", name, links, want)
		}
		for _, n := range all(page, "input") {
			switch attribute(n, "id") {
			case "login":
				if got, want := attribute(n, "aria-describedby"), "login-hint login-error"; got != want {
					t.Errorf("%s: aria-describedby %q, want %q", name, got, want)
				}
				if got, want := attribute(n, "value"), `"><script>alert(1)</script>`; got != want {
					t.Errorf("%s: the value came back as %q, want %q", name, got, want)
				}
			case "password":
				if attribute(n, "aria-invalid") != "true" || attribute(n, "value") != "" {
					t.Errorf("%s: the password is not marked, or came back: %v", name, n.Attr)
				}
			}
		}
	})
}

// gallery renders a page of the partials with the given data.
func gallery(t *testing.T, body string, data any) *html.Node {
	t.Helper()
	e := realEngine(t)
	common, err := e.parseCommon("it")
	if err != nil {
		t.Fatal(err)
	}
	set, err := common.New("gallery").Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := set.Execute(&out, data); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	page, err := html.Parse(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestEveryMealStateHasWordColourAndSign(t *testing.T) {
	words := map[string]bool{}
	for _, m := range []Meal{MealEats, MealAbsent, MealWhite, MealDiet, MealClosed, MealSuspended, MealEaten, MealNotEaten, MealWalkIn} {
		page := gallery(t, `{{template "meal" .}}`, m)
		spans := all(page, "span")
		if len(spans) != 1 || len(all(page, "svg")) != 1 || !strings.Contains(attribute(spans[0], "class"), "is-") {
			t.Errorf("meal %q: got no badge with colour and sign", m)
			continue
		}
		if word := text(spans[0]); word == "" || words[word] {
			t.Errorf("meal %q: the word %q is empty or already used", m, word)
		} else {
			words[word] = true
		}
	}
}

func TestCountdownRoundsDown(t *testing.T) {
	now := canteen.NewDate(2026, 11, 25).At(8 * 60)
	for seconds, want := range map[int]string{
		-1: "tempo scaduto", 0: "tempo scaduto", 59: "meno di un minuto", 60: "ancora 1 minuto",
		119: "ancora 1 minuto", 3600: "ancora 1 ora", 5459: "ancora 1 ora 30 minuti", 7200: "ancora 2 ore",
	} {
		c := Countdown{Deadline: now.Add(time.Duration(seconds) * time.Second), Now: now}
		span := all(gallery(t, `{{template "countdown" .}}`, c), "span")[0]
		if got := text(span); got != want {
			t.Errorf("%d seconds left: got %q, want %q", seconds, got, want)
		}
		if got, want := attribute(span, "data-server-now"), "2026-11-25T08:00:00+01:00"; got != want {
			t.Errorf("data-server-now: got %q, want %q", got, want)
		}
		if got, want := attribute(span, "data-left"), "ancora {0}"; got != want {
			t.Errorf("data-left: got %q, want %q", got, want)
		}
	}
}

func TestFieldsOfEveryTypeAreLabelledAndExplained(t *testing.T) {
	options := []Option{{"1", "Giulia", "2ª A", true}, {"2", "Nicolò", "", false}}
	for _, kind := range []FieldType{TypeText, TypeEmail, TypeTel, TypePassword, TypeNumber, TypeDate, TypeSearch, TypeFile,
		TypeTextArea, TypeSelect, TypeRadio, TypeCheckbox} {
		f := Field{Name: "x", Type: kind, Label: "Nome", Hint: "aiuto", Error: Msg("error.required"), Options: options}
		page := gallery(t, `{{template "field" .}}`, f)
		target := all(page, "input")
		target = append(target, append(all(page, "select"), all(page, "textarea")...)...)
		if len(target) == 0 || attribute(target[0], "name") != "x" {
			t.Errorf("type %q: no input named x", kind)
			continue
		}
		if got := attribute(target[0], "id"); got != f.FocusID() {
			t.Errorf("type %q: the first input has id %q, the index of errors leads to %q", kind, got, f.FocusID())
		}
		described := target[0]
		if kind == TypeRadio {
			described = all(page, "fieldset")[0]
		}
		if got, want := attribute(described, "aria-describedby"), "x-hint x-error"; got != want {
			t.Errorf("type %q: aria-describedby %q, want %q", kind, got, want)
		}
		if !strings.Contains(text(page), "Errore:") {
			t.Errorf("type %q: the error is not said: %q", kind, text(page))
		}
	}
}

func TestPaginationAppearsOnlyWithSeveralPages(t *testing.T) {
	for _, c := range []struct {
		p     Pagination
		links int
	}{
		{Pagination{Page: 1, Pages: 1}, 0},
		{Pagination{Page: 1, Pages: 3, NextURL: "?p=2"}, 1},
		{Pagination{Page: 2, Pages: 3, PreviousURL: "?p=1", NextURL: "?p=3"}, 2},
	} {
		if got := len(all(gallery(t, `{{template "pagination" .}}`, c.p), "a")); got != c.links {
			t.Errorf("%+v: %d links, want %d", c.p, got, c.links)
		}
	}
}

func TestAmountsAlwaysShowTheirSign(t *testing.T) {
	for amount, want := range map[canteen.Cents]string{-270: "amount −2,70 €", 0: "amount 0,00 €", 2700: "amount is-credit +27,00 €"} {
		span := all(gallery(t, `{{template "amount" .}}`, amount), "span")[0]
		if got := fmt.Sprint(attribute(span, "class"), " ", text(span)); got != want {
			t.Errorf("%d cents: got %q, want %q", amount, got, want)
		}
	}
}
