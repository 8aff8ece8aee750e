package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"refettorio/canteen"
)

// pageLimit bounds the pages one visitor of a crawl opens.
const pageLimit = 120

// crawl opens what a visitor can reach by links from its front page, each address
// once whatever is asked behind it, and visits each page that is HTML.
func (b *browser) crawl(visit func(*page)) (n int) {
	b.s.t.Helper()
	queue, seen := []string{"/", "/profilo/sessioni", "/famiglia", "/famiglia/profilo", "/sportello", "/ufficio", "/ufficio/persone", "/scuola",
		"/diete", "/revisione", "/amministrazione", "/cucina"}, map[string]bool{}
	for len(queue) > 0 && n < pageLimit {
		at := queue[0]
		queue = queue[1:]
		at, _, _ = strings.Cut(at, "#")
		path, _, _ := strings.Cut(at, "?")
		if seen[path] || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/lingua/") || strings.HasPrefix(path, "/cucina/eventi") {
			continue
		}
		seen[path] = true
		p := b.get(at)
		n++
		if to := p.header.Get("Location"); p.status >= 300 && p.status < 400 {
			queue = append(queue, to)
		}
		if p.doc == nil {
			continue
		}
		visit(p)
		for _, a := range p.all("a", "") {
			queue = append(queue, attribute(a, "href"))
		}
	}
	return n
}

// addresses are where the links, forms and pictures of a page lead.
func (p *page) addresses() (all []string) {
	for n := range p.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, name := range []string{"href", "action", "src", "formaction", "data-url"} {
			if at := attribute(n, name); strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "/static/") {
				all = append(all, at)
			}
		}
	}
	return all
}

// What may not stand in an address: a codice fiscale, a PAN, a number that
// counts. A day, a school year and the number of a receipt behind a random word
// may.
var (
	codeInAddress    = regexp.MustCompile(`(?i)[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]`)
	countingAddress  = regexp.MustCompile(`/[0-9]{1,9}(?:[/?]|$)`)
	countingQuery    = regexp.MustCompile(`[?&](?:id|pan|pupil|person|persona|alunno|domanda)=[0-9]+(?:&|$)`)
	numberedPapers   = regexp.MustCompile(`/(?:ricevute|richieste|verbali)/[0-9]{4}-[0-9]{6}(?:/|$)`)
	testPANsAsTyped  = regexp.MustCompile(`1002?00[0-9]{3}|0042`)
	addressesOfDays  = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	personalReceipts = regexp.MustCompile(`^/(?:famiglia/figli/[a-z2-7]{16}|sportello/per/[a-z2-7]{16}.*)/ricevute/`)
)

// TestMatrix_noAddressSaysWhoOrCounts crawls the pages of every role.
func TestMatrix_noAddressSaysWhoOrCounts(t *testing.T) {
	_, visitors, _, _ := newMatrix(t)
	pages, links := 0, 0
	for _, who := range visitors {
		pages += who.crawl(func(p *page) {
			for _, at := range p.addresses() {
				links++
				plain := addressesOfDays.ReplaceAllString(at, "day")
				if numberedPapers.MatchString(at) && (personalReceipts.MatchString(at) || !strings.HasPrefix(at, "/famiglia") && !strings.HasPrefix(at, "/sportello")) {
					plain = numberedPapers.ReplaceAllString(plain, "/paper/")
				}
				for _, no := range []*regexp.Regexp{codeInAddress, countingAddress, countingQuery, testPANsAsTyped, numberedPapers} {
					if found := no.FindString(plain); found != "" {
						t.Errorf("%s as %s: the address %q says %q", p.target, who.name, at, found)
					}
				}
			}
		})
	}
	t.Logf("%d pages, %d addresses", pages, links)
}

// TestMatrix_otherFamiliesInTheBody sends every form of a family's pages with
// another family's words in the place of its own.
func TestMatrix_otherFamiliesInTheBody(t *testing.T) {
	s, visitors, x, y := newMatrix(t)
	ugo := visitors[slices.IndexFunc(visitors, func(v visitor) bool { return v.name == testUgo })]
	swap := map[string]string{}
	for name, word := range x.vars {
		if name != "classe" && name != "login" {
			swap[word] = y.vars[name]
		}
	}
	type form struct {
		action string
		values url.Values
	}
	var forms []form
	add := func(p *page) {
		for _, f := range p.all("form", "") {
			if attribute(f, "method") != "post" {
				continue
			}
			values, foreign := url.Values{}, false
			for n := range f.Descendants() {
				if n.Type != html.ElementNode || n.Data != "input" && n.Data != "option" && n.Data != "button" {
					continue
				}
				name, value := attribute(n, "name"), attribute(n, "value")
				if n.Data == "option" {
					name = attribute(n.Parent, "name")
				}
				if other := swap[value]; other != "" {
					value, foreign = other, true
				}
				if name != "" && (values.Get(name) == "" || swap[attribute(n, "value")] != "") {
					values.Set(name, value)
				}
			}
			if foreign {
				forms = append(forms, form{attribute(f, "action"), values})
			}
		}
	}
	ugo.crawl(add)
	for _, path := range []string{"/famiglia/comunicazioni/anteprima?alunno=" + x.vars["pupil"] + "&kind=absence&from=" + testDay.AddDays(1).String(),
		"/famiglia/nucleo/genitore", "/famiglia/nucleo/delegato", "/famiglia/diete/nuova", "/famiglia/iscrizioni"} {
		if p := ugo.get(path); p.doc != nil {
			add(p)
		}
	}
	if len(forms) < 4 {
		t.Fatalf("only %d forms carry a word of the family: the test looks at nothing", len(forms))
	}
	actions := map[string]bool{}
	for _, f := range forms {
		actions[f.action] = true
		p := ugo.post(f.action, f.values)
		if p.status < http.StatusBadRequest || p.status >= http.StatusInternalServerError {
			t.Errorf("%s with another family's words %v: status %d to %q", f.action, f.values, p.status, p.header.Get("Location"))
		}
		for _, secret := range y.secrets {
			if strings.Contains(p.body, secret) {
				t.Errorf("%s with another family's words: the page says %q", f.action, secret)
			}
		}
	}
	t.Logf("%d forms to %d addresses", len(forms), len(actions))
	h, err := s.store.Household(s.actOf(testAda))
	if err != nil || len(h.Children) != 4 {
		t.Errorf("the other family has %d children %v, want its 4", len(h.Children), err)
	}
}

// TestMatrix_aDelegateWhoMayCancel opens every page with the child of the family
// that trusts it: no money, no contact, no diet, no application, no document.
func TestMatrix_aDelegateWhoMayCancel(t *testing.T) {
	s, visitors, x, _ := newMatrix(t)
	ines := visitors[slices.IndexFunc(visitors, func(v visitor) bool { return v.role == canteen.RoleDelegate })]
	ines.ok("/famiglia").want("Sara")
	ines.ok("/famiglia/calendario/" + x.vars["pupil"] + "/" + testDay.AddDays(1).String())
	for _, row := range Routes() {
		if row.method != http.MethodGet || !slices.Contains(row.audience.roles, canteen.RoleDelegate) {
			continue
		}
		p := ines.get(s.address(row, &x, &x))
		for _, no := range []string{"−4,00", "-4,00", "4,00 €", "Parola segreta", "Quaglia", "CNTGUO80C03D643X", "%PDF"} {
			if strings.Contains(p.body, no) && row.name != "rights.pdf" {
				t.Errorf("%s: the delegate reads %q", row.name, no)
			}
		}
		if row.name == "rights.json" && strings.Contains(p.body, "Sara") {
			t.Error("the export of a delegate speaks of the child")
		}
	}
	s.at(canteen.NewDate(2027, 7, 1), "08:00:00")
	p := ines.get("/famiglia/calendario/" + x.vars["pupil"] + "/" + testDay.String())
	p.wantStatus(http.StatusNotFound)
	ines.ok("/famiglia").wantNo("Sara")
}
