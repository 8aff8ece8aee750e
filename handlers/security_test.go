package handlers

import (
	"context"
	"encoding/base32"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/pquerna/otp/totp"

	"refettorio/canteen"
	"refettorio/store"
)

// code is what somebody else's authenticator app shows for a secret.
func (s *testServer) factorCode(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.store.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// later moves the clock on, so that the app shows another code.
func (s *testServer) later(d time.Duration) {
	now := s.clock.Load().Add(d)
	s.clock.Store(&now)
}

// setFactor sets a second factor up through the page and returns the secret and
// the recovery codes.
func (b *browser) setFactor(path string) (secret string, recovery []string) {
	b.s.t.Helper()
	_, form := b.ok(path).form(path)
	secret = form.Get("secret")
	form.Set("code", b.s.factorCode(secret))
	p := b.post(path, form).wantStatus(http.StatusOK).want("Li vedi solo adesso")
	if got := p.header.Get("Cache-Control"); got != "no-store" {
		b.s.t.Errorf("the page of the recovery codes may be kept: %q", got)
	}
	return secret, p.texts("code", "")
}

// half logs in with the password alone.
func (s *testServer) half(login string) *browser {
	s.t.Helper()
	b := s.stranger()
	p := b.post("/accedi", url.Values{"login": {login}, "password": {testPassword}}).wantStatus(http.StatusSeeOther)
	if to := p.header.Get("Location"); to != "/accedi/codice" && to != "/accedi/attiva" {
		s.t.Fatalf("after the password: %q, want the second factor", to)
	}
	return b
}

func (b *browser) sendCode(code string) *page {
	b.s.t.Helper()
	return b.post("/accedi/codice", url.Values{"code": {code}})
}

func TestFactor_wholeWay(t *testing.T) {
	s := newTestServer(t)
	office := s.browser(testOffice)
	p := office.ok("/profilo/accesso").want("Inquadra il codice")
	if len(p.all("svg", "")) == 0 || !strings.Contains(p.body, "crispEdges") {
		t.Error("no QR code on the page")
	}
	_, form := p.form("/profilo/accesso")
	form.Set("code", "000000")
	again := office.post("/profilo/accesso", form).wantStatus(http.StatusUnprocessableEntity).want("Il codice non è giusto")
	if _, kept := again.form("/profilo/accesso"); kept.Get("secret") != form.Get("secret") {
		t.Error("a wrong code changes the secret the app has taken already")
	}
	secret, recovery := office.setFactor("/profilo/accesso")
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes, want 10", len(recovery))
	}
	office.ok("/profilo/accesso").want("è attivo", "Ti restano 10 codici")

	b := s.half(testOffice)
	b.sendCode(s.factorCode(secret)).wantStatus(http.StatusUnprocessableEntity) // the code of the set-up, a second time
	s.later(canteen.TOTPPeriod)
	if to := b.sendCode(s.factorCode(secret)).wantStatus(http.StatusSeeOther).header.Get("Location"); to != "/ufficio" {
		t.Errorf("after the code: %q, want /ufficio", to)
	}
	b.ok("/ufficio")
	s.half(testOffice).sendCode(s.factorCode(secret)).wantStatus(http.StatusUnprocessableEntity) // replayed by who looked over the shoulder
	if key, err := base32.StdEncoding.DecodeString(secret); err != nil || strings.Contains(s.record(), string(key)) || strings.Contains(s.record(), secret) {
		t.Errorf("the secret lies readable in the file (%v)", err)
	}
}

// record is the record's file as it lies on the disk.
func (s *testServer) record() string {
	s.t.Helper()
	body, err := readFile(s.store.Path())
	if err != nil {
		s.t.Fatal(err)
	}
	return body
}

func TestFactor_recoveryCodeOnce(t *testing.T) {
	s := newTestServer(t)
	_, recovery := s.browser(testOffice).setFactor("/profilo/accesso")
	s.half(testOffice).sendCode(strings.ToUpper(recovery[3])).wantStatus(http.StatusSeeOther)
	s.half(testOffice).sendCode(recovery[3]).wantStatus(http.StatusUnprocessableEntity)
	s.half(testOffice).sendCode(strings.ReplaceAll(recovery[4], "-", " ")).wantStatus(http.StatusSeeOther)
	if strings.Contains(s.record(), strings.ReplaceAll(recovery[5], "-", "")) {
		t.Error("a recovery code lies readable in the file")
	}
}

// TestFactor_halfSessionReachesNothing walks every route with the password
// alone: nothing opens but what is open to everybody.
func TestFactor_halfSessionReachesNothing(t *testing.T) {
	s := newTestServer(t)
	s.browser(testOffice).setFactor("/profilo/accesso")
	s.web.HangUp()
	b := s.half(testOffice)
	walked := 0
	for _, row := range Routes() {
		if row.audience.everybody || row.audience.forAPI() {
			continue
		}
		walked++
		p := b.do(row.method, s.example(row), url.Values{})
		if p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), "/accedi") {
			t.Errorf("%s %s with half a session: %d to %q, want the login page", row.method, row.path, p.status, p.header.Get("Location"))
		}
	}
	if walked < 20 {
		t.Errorf("walked %d routes only", walked)
	}
	b.ok("/accedi/codice")
	b.get("/accedi/attiva").wantStatus(http.StatusUnauthorized)
	s.stranger().get("/accedi/codice").wantStatus(http.StatusUnauthorized)
	s.browser(testElena).get("/accedi/codice").wantStatus(http.StatusUnauthorized)
}

func TestFactor_throttled(t *testing.T) {
	s := newTestServer(t)
	secret, _ := s.browser(testOffice).setFactor("/profilo/accesso")
	s.later(canteen.TOTPPeriod)
	b := s.half(testOffice)
	for range factorBurst {
		b.sendCode("000000").wantStatus(http.StatusUnprocessableEntity)
	}
	b.sendCode(s.factorCode(secret)).wantStatus(http.StatusTooManyRequests).want("Troppi tentativi")
}

// TestFactor_requiredByRole: who lacks a second factor it must have sets it up in
// the middle of the login, and cannot take it away.
func TestFactor_requiredByRole(t *testing.T) {
	s := newTestServer(t)
	if err := s.store.SetFactorRoles(store.Console(), []canteen.Role{canteen.RoleOffice}); err != nil {
		t.Fatal(err)
	}
	s.browser(testKitchen).ok("/cucina")
	b := s.half(testOffice)
	b.get("/ufficio").wantStatus(http.StatusSeeOther)
	b.setFactor("/accedi/attiva")
	b.ok("/ufficio")
	b.ok("/profilo/accesso").want("Per il tuo ruolo è obbligatorio")
	b.post("/profilo/accesso/togli", url.Values{"code": {"000000"}}).wantStatus(http.StatusUnprocessableEntity).want("obbligatorio")
}

func TestFactor_drop(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testOffice)
	secret, _ := b.setFactor("/profilo/accesso")
	b.post("/profilo/accesso/togli", url.Values{"code": {"000000"}}).wantStatus(http.StatusUnprocessableEntity)
	s.later(canteen.TOTPPeriod)
	b.post("/profilo/accesso/togli", url.Values{"code": {s.factorCode(secret)}}).wantStatus(http.StatusSeeOther)
	s.browser(testOffice).ok("/ufficio")
}

// TestSessions_listedAndEnded: each sees only the own sessions and ends only
// those.
func TestSessions_listedAndEnded(t *testing.T) {
	s := newTestServer(t)
	phone, library, paolo := s.browser(testElena), s.browser(testElena), s.browser(testPaolo)
	p := phone.ok("/profilo/sessioni").want("questo dispositivo", "Chiudi tutti gli altri", "192.0.2.0/24").wantNo("192.0.2.1 ")
	if n := len(p.texts("button", "btn-small")); n != 1 {
		t.Fatalf("%d sessions to end, want the other one", n)
	}
	var end string
	for _, f := range p.all("form", "") {
		if to := attribute(f, "action"); strings.HasSuffix(to, "/chiudi") {
			end = to
		}
	}
	paolo.post(end, url.Values{}).wantStatus(http.StatusNotFound)
	if !library.in() {
		t.Fatal("another person ended the session")
	}
	phone.post(end, url.Values{}).wantStatus(http.StatusSeeOther)
	if library.in() || !phone.in() {
		t.Errorf("after ending the library's: library in %t, phone in %t", library.in(), phone.in())
	}
	phone.post(end, url.Values{}).wantStatus(http.StatusNotFound)
	tablet := s.browser(testElena)
	phone.post("/profilo/sessioni", url.Values{}).wantStatus(http.StatusSeeOther)
	if tablet.in() || !phone.in() || !paolo.in() {
		t.Errorf("after ending the others: tablet %t, phone %t, Paolo %t; want false, true, true", tablet.in(), phone.in(), paolo.in())
	}
}

func TestSession_roleChangeEndsIt(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testOffice)
	tab := s.stranger() // the same browser's other tab
	tab.jar = b.jar
	tab.ok("/ufficio")
	admin := s.everyRole()[canteen.RoleAdmin]
	path := "/amministrazione/utenti/" + testOffice
	_, form := admin.ok(path).form(path)
	form.Set("role", "auditor")
	form.Set("name", "Carla U.")
	admin.post(path, form).wantStatus(http.StatusSeeOther)
	for _, browser := range []*browser{b, tab} {
		if p := browser.get("/ufficio"); p.status != http.StatusSeeOther {
			t.Errorf("after the role changed: %d, want the login page", p.status)
		}
	}
}

func TestSession_postsFromAnotherSite(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testElena)
	for _, row := range Routes() {
		if row.method != http.MethodPost || row.audience.forAPI() {
			continue
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://borgoluce.test"+s.example(row), strings.NewReader(""))
		req.Header.Set("Origin", "https://altrove.example.org")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		for _, c := range b.jar.Cookies(req.URL) {
			req.AddCookie(c)
		}
		rec := httptest.NewRecorder()
		s.web.ServeHTTP(rec, req)
		if rec.Code != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d, want 403", row.path, rec.Code)
		}
	}
	if !b.in() {
		t.Error("a form of another site has logged the family out")
	}
}

// TestLogin_strangersCannotLockAFamilyOut: an account hammered from elsewhere
// still opens in the browser that has been in before.
func TestLogin_strangersCannotLockAFamilyOut(t *testing.T) {
	s := newTestServer(t)
	phone := s.browser(testElena)
	phone.post("/esci", nil)
	try := func(b *browser, password string) int {
		return b.post("/accedi", url.Values{"login": {testElena}, "password": {password}}).status
	}
	for range loginBurst {
		try(s.stranger(), "sbagliata")
	}
	if got := try(s.stranger(), testPassword); got != http.StatusTooManyRequests {
		t.Errorf("a browser nobody knows, after %d wrong tries: %d, want 429", loginBurst, got)
	}
	if got := try(phone, testPassword); got != http.StatusSeeOther {
		t.Errorf("the family's own phone: %d, want 303", got)
	}
	phone.post("/esci", nil)
	for range loginBurst {
		try(phone, "sbagliata")
	}
	if got := try(phone, testPassword); got != http.StatusTooManyRequests {
		t.Errorf("the phone itself, after %d wrong tries: %d, want 429", loginBurst, got)
	}
	other := s.stranger()
	other.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, []*http.Cookie{{Name: "device", Path: "/", Value: "AAAA." + deviceMark("AAAA", store.User{})}})
	for range loginBurst + 1 {
		other.post("/accedi", url.Values{"login": {"nessuno"}, "password": {"x"}})
	}
	if got := other.post("/accedi", url.Values{"login": {"nessuno"}, "password": {"x"}}).status; got != http.StatusTooManyRequests {
		t.Errorf("a login nobody has, with an invented browser: %d, want 429 as for any other", got)
	}
}

func TestLogin_addressThatTriesManyAccounts(t *testing.T) {
	s := newTestServer(t)
	for range addressBurst {
		s.web.missed(try{address: "192.0.2.1"})
	}
	if got := s.stranger().post("/accedi", url.Values{"login": {testElena}, "password": {testPassword}}).status; got != http.StatusTooManyRequests {
		t.Errorf("from an address with %d wrong tries: %d, want 429", addressBurst, got)
	}
}

// TestLogin_unknownLoginCostsTheSame: the time of an answer must not tell which
// logins exist, so an unknown one waits for its turn and hashes as much.
func TestLogin_unknownLoginCostsTheSame(t *testing.T) {
	s := newTestServer(t)
	params, _, _, err := argon2id.DecodeHash(s.web.nobody)
	if err != nil || *params != *PasswordParams {
		t.Errorf("an unknown login is hashed with %+v (%v), a known one with %+v", params, err, PasswordParams)
	}
	s.web.hashing <- struct{}{} // somebody else's turn
	defer func() { <-s.web.hashing }()
	for _, login := range []string{testElena, "nessuno"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("the person went away"))
		req := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://borgoluce.test/accedi",
			strings.NewReader(url.Values{"login": {login}, "password": {"x"}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		s.web.ServeHTTP(rec, req)
		if rec.Code != http.StatusServiceUnavailable {
			t.Errorf("login %q while another is being hashed: %d, want to wait for the turn", login, rec.Code)
		}
	}
}

func TestDeviceOf(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0":                                                                  "firefox/android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1":             "safari/iphone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0":         "edge/windows",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36 x\ny": "samsung/android",
		"": "other/other",
	} {
		if got := deviceOf(agent); got != want {
			t.Errorf("deviceOf(%q) = %q, want %q", agent, got, want)
		}
	}
	for address, want := range map[string]string{"192.0.2.77": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "::ffff:192.0.2.77": "192.0.2.0/24", "pipe": ""} {
		if got := maskAddress(address); got != want {
			t.Errorf("maskAddress(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestStaffAudience: the second factor is for who works here, all of them.
func TestStaffAudience(t *testing.T) {
	if len(staff.roles) != len(canteen.Roles)-2 || slices.Contains(staff.roles, canteen.RoleGuardian) || slices.Contains(staff.roles, canteen.RoleDelegate) {
		t.Errorf("the staff are %v", staff.roles)
	}
}
