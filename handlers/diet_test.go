package handlers

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// certificatePNG is a small photograph.
func certificatePNG(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sendFile posts a form with a file, as a browser does: the fields, then the file.
func (b *browser) sendFile(target string, fields url.Values, name string, file []byte) *page {
	b.s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, values := range fields {
		for _, v := range values {
			if err := w.WriteField(key, v); err != nil {
				b.s.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("certificate", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.s.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(b.s.t.Context(), "POST", "http://borgoluce.test"+target, &body)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept-Language", b.lang)
	for _, c := range b.jar.Cookies(req.URL) {
		req.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.s.web.ServeHTTP(rec, req)
	res := rec.Result()
	b.jar.SetCookies(req.URL, res.Cookies())
	p := &page{t: b.s.t, target: "POST " + target, status: res.StatusCode, header: res.Header, body: rec.Body.String()}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && res.StatusCode != http.StatusSeeOther {
		p.judge()
	}
	return p
}

func (s *testServer) dietFields(child string) url.Values {
	return url.Values{"id": {newFormID()}, "alunno": {s.handle(child)}, "kind": {"health"}, "asked": {"Niente latte, nemmeno nei dolci."}}
}

// dietOfficer is the browser of a diets officer; it adds the codes of the town.
func (s *testServer) dietOfficer() *browser {
	s.t.Helper()
	if err := s.store.PutDiet(store.Console(), canteen.Diet{Code: "L1", Name: "Senza latte", Excludes: "latte, burro", Allergens: []int{7}}); err != nil {
		s.t.Fatal(err)
	}
	return s.everyRole()[canteen.RoleDiets]
}

func TestDiet_fromThePhotographToTheCode(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	fields := s.dietFields("Giulia")
	first := elena.sendFile("/famiglia/diete/nuova", fields, "foto.png", certificatePNG(t)).wantStatus(http.StatusSeeOther)
	again := elena.sendFile("/famiglia/diete/nuova", fields, "foto.png", certificatePNG(t)).wantStatus(http.StatusSeeOther)
	address := first.header.Get("Location")
	if again.header.Get("Location") != address {
		t.Errorf("the form sent twice made two requests: %s and %s", address, again.header.Get("Location"))
	}
	check := elena.ok(address).want("Controlla e invia", "Giulia Rinaldi", "Niente latte", "Apri il certificato")
	elena.submit(check, address+"/invia", nil).want("Ricevuta", "inviata")

	officer := s.dietOfficer()
	desk := officer.ok("/diete").want("Da guardare: 1", "Giulia Rinaldi").wantNo("€")
	request := officer.click(desk, "Giulia Rinaldi").want("Niente latte", "Perché lo apri").wantNo("€")
	handle := strings.TrimPrefix(address, "/famiglia/diete/")
	target := "/diete/richieste/" + handle
	officer.post(target, url.Values{"step": {"approve"}, "id": {newFormID()}, "approve-from": {"14/10/2026"}}).
		wantStatus(http.StatusUnprocessableEntity).want("Scegli un codice", "Scegli la categoria")
	officer.post(target, url.Values{"step": {"approve"}, "id": {newFormID()}, "approve-code": {"L1"}, "approve-category": {"allergy"},
		"approve-from": {"13/10/2026"}}).wantStatus(http.StatusUnprocessableEntity).want("il primo giorno possibile è")
	officer.submitStep(request, target, "approve", url.Values{"approve-code": {"L1"}, "approve-category": {"allergy"}}).want("Dieta approvata", "In vigore: 1")
	list, err := s.store.Enrolments(store.Console(), s.pan("Giulia"))
	if err != nil || canteen.InForce(list[0].Diets, testDay) != "L1" {
		t.Errorf("today the kitchen cooks %+v, %v; want L1", list, err)
	}
	elena.ok(address).want("approvata", "L1")
	if pdf := elena.get(address + "/ricevuta.pdf").wantStatus(http.StatusOK); !strings.HasPrefix(pdf.body, "%PDF-") {
		t.Errorf("the receipt is %.20q", pdf.body)
	}
	s.browser(testUgo).get(address + "/ricevuta.pdf").wantStatus(http.StatusNotFound)
	s.browser(testPaolo).ok("/famiglia/diete").want("Giulia Rinaldi", "approvata") // the other guardian sees it too
}

// submitStep sends the form of a step among several that go to one address.
func (b *browser) submitStep(p *page, target, step string, more url.Values) *page {
	b.s.t.Helper()
	values := url.Values{"step": {step}, "id": {newFormID()}, "approve-from": {testDay.String()}}
	for key, v := range more {
		values[key] = v
	}
	answer := b.post(target, values)
	if answer.status != http.StatusSeeOther {
		b.s.t.Fatalf("%s: status %d: %s", p.target, answer.status, answer.text())
	}
	return b.ok(answer.header.Get("Location"))
}

// TestDiet_documentIsServedAsNothingElse: what an officer opens can do nothing in
// the browser, is kept by nobody, and says so whatever it is.
func TestDiet_documentIsServedAsNothingElse(t *testing.T) {
	s := newTestServer(t)
	elena, ugo := s.browser(testElena), s.browser(testUgo)
	address := elena.sendFile("/famiglia/diete/nuova", s.dietFields("Giulia"), "x.svg", certificatePNG(t)).wantStatus(http.StatusSeeOther).header.Get("Location")
	handle := strings.TrimPrefix(address, "/famiglia/diete/")
	officer := s.dietOfficer()
	target := "/diete/richieste/" + handle + "/certificato"
	officer.get(target).wantStatus(http.StatusUnprocessableEntity) // no reason, no document
	officer.get(target + "?motivo=curiosity").wantStatus(http.StatusUnprocessableEntity)
	doc := officer.ok(target + "?motivo=decide")
	for name, want := range map[string]string{"Content-Type": "image/png", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := doc.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if policy := doc.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the document may do too much: %q", policy)
	}
	if !bytes.Equal([]byte(doc.body), certificatePNG(t)) {
		t.Error("the document is not the one that was sent")
	}
	ugo.get(address).wantStatus(http.StatusNotFound)
	ugo.get(address + "/certificato").wantStatus(http.StatusNotFound)
	ugo.post(address+"/ritira", url.Values{"id": {newFormID()}}).wantStatus(http.StatusNotFound)
	ugo.sendFile(address, s.dietFields("Giulia"), "x.png", certificatePNG(t)).wantStatus(http.StatusNotFound)
	ugo.sendFile("/famiglia/diete/nuova", s.dietFields("Giulia"), "x.png", certificatePNG(t)).wantStatus(http.StatusNotFound)
}

func TestDiet_uploadsRefused(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	huge := append([]byte{0xff, 0xd8, 0xff}, make([]byte, 12<<20)...)
	for _, c := range []struct {
		name, file string
		status     int
		want       string
	}{
		{"foto.heic", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", http.StatusUnprocessableEntity, "Più compatibile"},
		{"certificato.pdf", "PK\x03\x04 a ZIP in disguise", http.StatusUnprocessableEntity, "archivio"},
		{"certificato.png", `<svg onload="alert(1)"><script>alert(1)</script></svg>`, http.StatusUnprocessableEntity, "SVG"},
		{"certificato.jpg", string(huge), http.StatusRequestEntityTooLarge, "10 MB"},
	} {
		p := elena.sendFile("/famiglia/diete/nuova", s.dietFields("Giulia"), c.name, []byte(c.file)).wantStatus(c.status).want(c.want)
		if !strings.Contains(p.body, "Niente latte") || strings.Contains(p.body, "onload=") {
			t.Errorf("%s: the form does not come back as it was", c.name)
		}
	}
	if all, err := s.store.FamilyDiets(store.Act{Actor: canteen.Actor{Login: testElena, Role: canteen.RoleGuardian, Guardian: 1}}); err != nil || len(all) != 0 {
		t.Errorf("refused documents left %d requests, %v", len(all), err)
	}
	empty := s.dietFields("Giulia")
	empty.Set("asked", " ")
	empty.Del("kind")
	empty.Del("alunno")
	elena.sendFile("/famiglia/diete/nuova", empty, "", nil).wantStatus(http.StatusUnprocessableEntity).want("Scegli almeno un bambino", "Ci sono 3 cose")
	elena.post("/famiglia/diete/nuova", s.dietFields("Giulia")).wantStatus(http.StatusUnprocessableEntity) // not a form with a file
}

// endless is a body of 200 MB that says how much of it was read.
type endless struct {
	head string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	e.head = e.head[n:]
	if n == 0 {
		n = len(p)
	}
	e.read += n
	return n, nil
}

// TestDiet_uploadStopsAtItsBound: of a body without an end no more is read than
// the bound, and on a route that takes no document far less.
func TestDiet_uploadStopsAtItsBound(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	for target, bound := range map[string]int{"/famiglia/diete/nuova": 11 << 20, "/famiglia/comunicazioni": 2 << 20} {
		body := &endless{head: "--x\r\nContent-Disposition: form-data; name=\"certificate\"; filename=\"a.jpg\"\r\n\r\n"}
		kind := "multipart/form-data; boundary=x"
		if target == "/famiglia/comunicazioni" {
			body.head, kind = "tipo=", "application/x-www-form-urlencoded"
		}
		req := httptest.NewRequestWithContext(t.Context(), "POST", "http://borgoluce.test"+target, body)
		req.Header.Set("Content-Type", kind)
		for _, c := range elena.jar.Cookies(req.URL) {
			req.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		s.web.ServeHTTP(rec, req)
		if rec.Code != http.StatusRequestEntityTooLarge || body.read > bound {
			t.Errorf("%s: status %d after %d bytes, want 413 before %d", target, rec.Code, body.read, bound)
		}
	}
}

func TestDiet_boundsNameRoutes(t *testing.T) {
	named := map[string]route{}
	for _, row := range Routes() {
		named[row.name] = row
	}
	for name := range uploadBounds {
		if row := named[name]; row.method != http.MethodPost {
			t.Errorf("the bound of %q is of no route that takes a body", name)
		}
	}
}

func TestDiet_codesAndRulesOfTheOfficer(t *testing.T) {
	s := newTestServer(t)
	officer := s.dietOfficer()
	form := officer.ok("/diete/codici/nuova")
	officer.submit(form, "/diete/codici/nuova", url.Values{"code": {"U1"}, "name": {"Senza uova"}, "excludes": {"uova"}, "allergen-3": {"1"}}).
		want("U1", "Senza uova", "Uova")
	values := url.Values{"white": {"2"}}
	for _, c := range canteen.DietCategories {
		values.Set("term-"+string(c), string(canteen.TermYear))
	}
	officer.submit(officer.ok("/diete/regole"), "/diete/regole", values).want("Regole salvate")
	values.Set("white", "99")
	officer.submit(officer.ok("/diete/regole"), "/diete/regole", values).
		wantStatus(http.StatusUnprocessableEntity).want("Scrivi un numero da 0 a 30")
	s.browser(testElena).ok("/famiglia/diete").want("per 2 giorni di scuola di fila")
}

// TestDiet_whiteLimitOnThePages: the preview names the limit, and a request of
// which nothing can be accepted is answered with it.
func TestDiet_whiteLimitOnThePages(t *testing.T) {
	s := newTestServer(t)
	elena := s.browser(testElena)
	ask := url.Values{"alunno": {s.handle("Giulia")}, "tipo": {"white"}, "dal": {"19/10/2026"}, "al": {"23/10/2026"}, "id": {newFormID()}}
	elena.ok("/famiglia/comunicazioni/anteprima?"+ask.Encode()).want("serve il certificato", "per 3 giorni di scuola di fila")
	elena.post("/famiglia/comunicazioni", ask).wantStatus(http.StatusSeeOther)
	ask.Set("dal", "22/10/2026")
	ask.Set("al", "22/10/2026")
	ask.Set("id", newFormID())
	elena.post("/famiglia/comunicazioni", ask).wantStatus(http.StatusConflict).want("per 3 giorni di scuola di fila")
}
