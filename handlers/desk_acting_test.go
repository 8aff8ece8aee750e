package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/intake"
	"refettorio/store"
)

const testDesk = "sportello"

// desk adds a desk user to the small town and logs in.
func (s *testServer) desk(login string) *browser {
	s.t.Helper()
	u, err := s.store.User(testOffice)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.AddUser(store.Console(), store.User{Login: login, Name: "Dora " + login, Role: canteen.RoleDesk, Hash: u.Hash}, ""); err != nil {
		s.t.Fatal(err)
	}
	return s.browser(login)
}

// opened searches and returns the address under which the desk acts.
func (b *browser) opened(query string) string {
	b.s.t.Helper()
	p := b.post("/sportello", url.Values{"query": {query}}).wantStatus(http.StatusSeeOther)
	return strings.TrimSuffix(p.header.Get("Location"), "/famiglia")
}

// TestDesk_everyFamilyRouteHasItsTwin: what a family can do the desk can do, and
// a guardian cannot come in by the desk's door.
func TestDesk_everyFamilyRouteHasItsTwin(t *testing.T) {
	s := newTestServer(t)
	desk, elena := s.desk(testDesk), s.browser(testElena)
	inside := desk.opened("RNLLNE85A41D643X")
	rows := map[string]route{}
	for _, row := range Routes() {
		rows[row.name] = row
	}
	n := 0
	for _, row := range Routes() {
		if !strings.HasPrefix(row.path, "/famiglia") {
			continue
		}
		n++
		twin, ok := rows["desk."+row.name]
		if !ok || twin.method != row.method || twin.path != "/sportello/per/{persona}"+row.path {
			t.Errorf("%s %s: its twin is %+v", row.method, row.path, twin)
			continue
		}
		path := s.example(row)
		if p := elena.do(row.method, inside+path, url.Values{}); p.status != http.StatusForbidden {
			t.Errorf("%s %s as a guardian: status %d, want 403", row.method, inside+path, p.status)
		}
		if row.method != http.MethodGet {
			continue
		}
		own, acting := elena.get(path), desk.get(inside+path)
		// what a family takes home of its data holds words of diets
		if taken := strings.Contains(row.path, "/archivio."); own.status != acting.status && !showsCertificate(row.path) && !taken {
			t.Errorf("%s: status %d for the family, %d for the desk", path, own.status, acting.status)
		}
		if p := desk.get("/sportello/per/aaaaaaaaaaaaaaaa" + path); p.status != http.StatusNotFound {
			t.Errorf("%s for nobody: status %d, want 404", path, p.status)
		}
	}
	if n < len(familyRoutes) {
		t.Errorf("only %d family routes were walked", n)
	}
}

// TestDesk_everyLinkStaysInside crawls the family's pages as the desk sees them.
func TestDesk_everyLinkStaysInside(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	inside := desk.opened("RNLLNE85A41D643X")
	seen, queue := map[string]bool{}, []string{inside + "/famiglia"}
	for len(queue) > 0 {
		target := queue[0]
		queue = queue[1:]
		if seen[target] || len(seen) > 150 {
			continue
		}
		seen[target] = true
		p := desk.get(target)
		if p.status == http.StatusSeeOther {
			queue = append(queue, p.header.Get("Location"))
			continue
		}
		if p.wantStatus(http.StatusOK); p.doc == nil {
			continue // a document
		}
		if !strings.Contains(target, "/stampa") {
			p.want("Stai operando per Elena Rinaldi", "(anno 1985)", "Termina")
		}
		for _, n := range p.all("", "") {
			for _, name := range []string{"href", "action", "data-live-url", "data-live-fragment", "formaction"} {
				to := attribute(n, name)
				if strings.HasPrefix(to, "/famiglia") {
					t.Errorf("%s: %s=%q leads out", target, name, to)
				}
				if name == "href" && strings.HasPrefix(to, inside) {
					queue = append(queue, strings.SplitN(to, "#", 2)[0])
				}
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d pages were crawled", len(seen))
	}
}

// TestDesk_bothNamesOnTheRecord cancels a meal for a family and reads the receipt
// as each of the two.
func TestDesk_bothNamesOnTheRecord(t *testing.T) {
	s := newTestServer(t)
	desk, other, elena := s.desk(testDesk), s.desk("sportello2"), s.browser(testElena)
	inside := desk.opened(testPupils["Sara"])
	ask := url.Values{"alunno": {s.handle("Sara")}, "tipo": {"absence"}, "dal": {testDay.String()}, "al": {testDay.String()}, "id": {"abcdefghijkl"}}
	done := desk.post(inside+"/famiglia/comunicazioni", ask).wantStatus(http.StatusSeeOther)
	to := done.header.Get("Location")
	if !strings.HasPrefix(to, inside+"/famiglia/comunicazioni/esito/") {
		t.Fatalf("the answer leads to %q, outside %s", to, inside)
	}
	desk.ok(to).want("Dora sportello, sportello", "per conto di Ugo Conti")
	s.browser(testUgo).ok("/famiglia/calendario/" + s.handle("Sara") + "/" + testDay.String()).want("Dora sportello")
	// A double click, and a second desk user on the same family.
	again := desk.post(inside+"/famiglia/comunicazioni", ask).wantStatus(http.StatusSeeOther)
	desk.ok(again.header.Get("Location")).want("2026/000001")
	back := url.Values{"alunno": {s.handle("Sara")}, "tipo": {"back"}, "dal": {testDay.String()}, "al": {testDay.String()}, "id": {"mnopqrstuvwx"}}
	other.post(inside+"/famiglia/comunicazioni", back).wantStatus(http.StatusSeeOther)
	today := desk.ok("/sportello/oggi").want("Dora sportello", "Dora sportello2", "Ugo Conti", "Sara Conti", "2026/000001", "2026/000002")
	receipt := desk.click(today, "2026/000002").want("Stai operando per Ugo Conti", "Dora sportello2", "Firma della persona", "Firma dell’operatore")
	desk.click(receipt, "Versione semplice").want("Ugo Conti", "Dora sportello2")
	pdf := desk.ok(receipt.link("Stampa la ricevuta"))
	if !strings.HasPrefix(pdf.body, "%PDF-") || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the receipt is %q: %.20q", pdf.header.Get("Content-Type"), pdf.body)
	}
	csv := desk.ok("/sportello/oggi/elenco.csv")
	if n := strings.Count(csv.body, "Ugo Conti"); n != 2 {
		t.Errorf("the list names the person %d times, want 2: %s", n, csv.body)
	}
	// Another family's receipt is nobody's here, and the families' own sessions go on.
	wrong := desk.opened("RNLLNE85A41D643X") + "/ricevute/2026-000001"
	desk.get(wrong).wantStatus(http.StatusNotFound)
	elena.ok("/famiglia").wantNo("Stai operando", "Sara")
}

// TestDesk_onlyThePersonsChildren: acting for one family opens no other's.
func TestDesk_onlyThePersonsChildren(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	inside := desk.opened("RNLLNE85A41D643X")
	desk.get(inside + "/famiglia/calendario/" + s.handle("Sara") + "/" + testDay.String()).wantStatus(http.StatusNotFound)
	ask := url.Values{"alunno": {s.handle("Sara")}, "tipo": {"absence"}, "dal": {testDay.String()}, "al": {testDay.String()}, "id": {"abcdefghijkl"}}
	before := s.contents()
	desk.post(inside+"/famiglia/comunicazioni", ask).wantStatus(http.StatusNotFound).want("Stai operando per Elena Rinaldi")
	if s.contents() != before {
		t.Error("a refused act wrote something")
	}
	desk.get("/famiglia").wantStatus(http.StatusForbidden)
}

// TestDesk_certificatesStayShut: whatever shows a certificate to a family does
// not show it to the desk.
func TestDesk_certificatesStayShut(t *testing.T) {
	opened := false
	own := []route{{"GET", "/famiglia/diete/{dieta}/certificato", "family.certificate", families,
		func(*Server, http.ResponseWriter, *http.Request) error { opened = true; return nil }}}
	kept := familyRoutes
	defer func() { familyRoutes = kept }()
	familyRoutes = append(own, kept...)
	s := newTestServer(t)
	s.browser(testElena).get("/famiglia/diete/x/certificato")
	if !opened {
		t.Fatal("the family's own route was not reached")
	}
	opened = false
	desk := s.desk(testDesk)
	desk.get(desk.opened("RNLLNE85A41D643X") + "/famiglia/diete/x/certificato").wantStatus(http.StatusForbidden).want("i certificati non si aprono")
	if opened {
		t.Error("the desk opened a certificate")
	}
}

// TestVisits_oneOpening: a click is no new opening, another person or another
// desk user is, and so is a look that failed before.
func TestVisits_oneOpening(t *testing.T) {
	v := newVisits()
	for i, step := range []struct {
		key  string
		want bool
	}{{"dora a", true}, {"dora a", false}, {"dora b", true}, {"ezio a", true}, {"dora a", false}} {
		if got := v.opens(step.key); got != step.want {
			t.Errorf("step %d, %s: opens %t, want %t", i, step.key, got, step.want)
		}
	}
	v.last["dora a"] = v.last["dora a"].Add(-visitLasts - time.Second)
	if !v.opens("dora a") {
		t.Error("who comes back after half an hour does not open the person anew")
	}
	v.forget("dora a")
	if !v.opens("dora a") {
		t.Error("a failed opening was kept")
	}
	for i := range maxVisits + 10 {
		v.opens("desk " + strconv.Itoa(i))
	}
	if len(v.last) > maxVisits {
		t.Errorf("%d visits are kept, want at most %d", len(v.last), maxVisits)
	}
}

// TestDesk_takesACertificateAsLargeAsAFamilys: the photograph a family may send
// is also taken at the desk, and no more of it.
func TestDesk_takesACertificateAsLargeAsAFamilys(t *testing.T) {
	s := newTestServer(t)
	desk := s.desk(testDesk)
	target := "http://borgoluce.test" + desk.opened("RNLLNE85A41D643X") + "/famiglia/diete/nuova"
	body := &endless{head: "--x\r\nContent-Disposition: form-data; name=\"certificate\"; filename=\"a.jpg\"\r\n\r\n"}
	req := httptest.NewRequestWithContext(t.Context(), "POST", target, body)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	for _, c := range desk.jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	s.web.ServeHTTP(rec, req)
	if rec.Code != http.StatusRequestEntityTooLarge || body.read < intake.MaxUpload || body.read > intake.MaxUpload+1<<20 {
		t.Errorf("status %d after %d bytes, want 413 a little after %d", rec.Code, body.read, intake.MaxUpload)
	}
}
