package handlers

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// browser is somebody with cookies. It follows no redirect by itself.
type browser struct {
	s    *testServer
	jar  *cookiejar.Jar
	lang string
}

// stranger is a browser without a login.
func (s *testServer) stranger() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s: s, jar: jar, lang: "it"}
}

// browser logs in through the login page.
func (s *testServer) browser(login string) *browser {
	s.t.Helper()
	b := s.stranger()
	p := b.post("/accedi", url.Values{"login": {login}, "password": {testPassword}})
	p.wantStatus(http.StatusSeeOther)
	return b
}

func (b *browser) do(method, target string, form url.Values) *page {
	b.s.t.Helper()
	req := httptest.NewRequestWithContext(b.s.t.Context(), method, "http://borgoluce.test"+target, strings.NewReader(form.Encode()))
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Language", b.lang)
	for _, c := range b.jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.s.web.ServeHTTP(rec, req)
	res := rec.Result()
	b.jar.SetCookies(req.URL, res.Cookies())
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	p := &page{t: b.s.t, target: method + " " + target, status: res.StatusCode, header: res.Header, body: string(body)}
	redirect := res.StatusCode >= 300 && res.StatusCode < 400
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && len(body) > 0 && !redirect {
		p.judge()
	}
	return p
}

// get and post are the two ways of asking.
func (b *browser) get(target string) *page { b.s.t.Helper(); return b.do("GET", target, nil) }

func (b *browser) post(target string, form url.Values) *page {
	b.s.t.Helper()
	return b.do("POST", target, form)
}

// ok gets a page that must be there.
func (b *browser) ok(target string) *page {
	b.s.t.Helper()
	return b.get(target).wantStatus(http.StatusOK)
}

// click follows the link of a page that has a text.
func (b *browser) click(p *page, text string) *page {
	b.s.t.Helper()
	return b.ok(p.link(text))
}

// submit sends the form of a page that goes to an address, filled in with more
// values, and follows the redirect of a success.
func (b *browser) submit(p *page, action string, more url.Values) *page {
	b.s.t.Helper()
	method, values := p.form(action)
	maps.Copy(values, more)
	var answer *page
	if method == "post" {
		answer = b.post(action, values)
	} else {
		answer = b.get(action + "?" + values.Encode())
	}
	if answer.status == http.StatusSeeOther {
		return b.ok(answer.header.Get("Location"))
	}
	return answer
}

// page is an answer, parsed.
type page struct {
	t      testing.TB
	target string
	status int
	header http.Header
	body   string
	doc    *html.Node
}

// judge parses a page and holds it against what every page owes: one heading,
// ids that are unique and found, labelled inputs, no key or placeholder in
// place of a sentence, nobody's name in the title.
func (p *page) judge() {
	p.t.Helper()
	doc, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		p.t.Fatalf("%s: %v", p.target, err)
	}
	p.doc = doc
	if n := len(p.all("h1", "")); n != 1 {
		p.t.Errorf("%s: %d h1, want 1", p.target, n)
	}
	ids := map[string]int{}
	for _, n := range p.all("", "") {
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n > 1 {
			p.t.Errorf("%s: id %q is used %d times", p.target, id, n)
		}
	}
	for _, n := range p.all("", "") {
		for _, name := range []string{"aria-labelledby", "aria-describedby", "for"} {
			for _, id := range strings.Fields(attribute(n, name)) {
				if ids[id] == 0 {
					p.t.Errorf("%s: %s names %q, which is not in the page", p.target, name, id)
				}
			}
		}
	}
	p.judgeInputs()
	p.judgeText()
}

func (p *page) judgeInputs() {
	p.t.Helper()
	labelled := map[string]bool{}
	for _, n := range p.all("label", "") {
		labelled[attribute(n, "for")] = true
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, n := range p.all(tag, "") {
			if attribute(n, "type") != "hidden" && !labelled[attribute(n, "id")] && attribute(n, "aria-label") == "" {
				p.t.Errorf("%s: the input %q has no label", p.target, attribute(n, "name"))
			}
		}
	}
}

func (p *page) judgeText() {
	p.t.Helper()
	for word := range strings.FieldsSeq(p.text()) {
		for _, prefix := range []string{"family.", "error.", "meal.", "base.", "format.", "document.", "role."} {
			if strings.HasPrefix(strings.Trim(word, "(«.,:»)"), prefix) {
				p.t.Errorf("%s: the key %q instead of a sentence", p.target, word)
			}
		}
	}
	if strings.Contains(p.text(), "{0}") || strings.Contains(p.text(), "{1}") {
		p.t.Errorf("%s: a sentence with a hole", p.target)
	}
	for _, title := range p.all("title", "") {
		for name := range testPupils {
			if strings.Contains(textOf(title), name) {
				p.t.Errorf("%s: the title %q names a child", p.target, textOf(title))
			}
		}
	}
}

// all lists the elements with a tag and a class, in order; empty asks nothing.
func (p *page) all(tag, class string) (found []*html.Node) {
	p.t.Helper()
	if p.doc == nil {
		p.t.Fatalf("%s: status %d, no page: %.200s", p.target, p.status, p.body)
	}
	for n := range p.doc.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) &&
			(class == "" || slices.Contains(strings.Fields(attribute(n, "class")), class)) {
			found = append(found, n)
		}
	}
	return found
}

// texts are the texts of all elements with a tag and a class.
func (p *page) texts(tag, class string) (texts []string) {
	p.t.Helper()
	for _, n := range p.all(tag, class) {
		texts = append(texts, textOf(n))
	}
	return texts
}

// text is what a person reads, in one line.
func (p *page) text() string {
	p.t.Helper()
	bodies := p.all("body", "")
	return textOf(bodies[0])
}

// link is the address behind a text, which exactly one link must have.
func (p *page) link(text string) string {
	p.t.Helper()
	var found []string
	for _, n := range p.all("a", "") {
		if textOf(n) == text {
			found = append(found, attribute(n, "href"))
		}
	}
	if len(found) != 1 {
		p.t.Fatalf("%s: %d links with the text %q, want 1; the page says: %s", p.target, len(found), text, p.text())
	}
	return found[0]
}

// form is the method and the filled values of the form that goes to an address.
func (p *page) form(action string) (method string, values url.Values) {
	p.t.Helper()
	for _, f := range p.all("form", "") {
		if attribute(f, "action") != action {
			continue
		}
		values = url.Values{}
		for n := range f.Descendants() {
			kind := attribute(n, "type")
			if n.Type != html.ElementNode || n.Data != "input" || (kind == "checkbox" || kind == "radio") && !has(n, "checked") {
				continue
			}
			values.Add(attribute(n, "name"), attribute(n, "value"))
		}
		return attribute(f, "method"), values
	}
	p.t.Fatalf("%s: no form goes to %s; the page says: %s", p.target, action, p.text())
	return "", nil
}

// want fails the test unless the page says every one of the texts.
func (p *page) want(texts ...string) *page {
	p.t.Helper()
	said := p.text()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			p.t.Errorf("%s: want %q on the page, got: %s", p.target, text, said)
		}
	}
	return p
}

// wantNo fails the test if the page says one of the texts.
func (p *page) wantNo(texts ...string) *page {
	p.t.Helper()
	said := p.text()
	for _, text := range texts {
		if strings.Contains(said, text) {
			p.t.Errorf("%s: want no %q on the page, got: %s", p.target, text, said)
		}
	}
	return p
}

func (p *page) wantStatus(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: got status %d (to %q), want %d: %.2000s", p.target, p.status, p.header.Get("Location"), status, p.body)
	}
	return p
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// blocks are the elements whose text stands apart from what is around it.
var blocks = strings.Fields("p li ol ul dl dt dd div td th tr br h1 h2 h3 section article header footer nav form legend label option")

// textOf joins the texts inside a node, with single spaces.
func textOf(n *html.Node) string {
	var b strings.Builder
	var write func(*html.Node)
	write = func(n *html.Node) {
		apart := n.Type == html.ElementNode && slices.Contains(blocks, n.Data)
		if apart {
			b.WriteByte(' ')
		}
		if n.Type == html.TextNode && !slices.Contains([]string{"script", "style", "noscript"}, n.Parent.Data) {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			write(c)
		}
		if apart {
			b.WriteByte(' ')
		}
	}
	write(n)
	return strings.Join(strings.Fields(b.String()), " ")
}
