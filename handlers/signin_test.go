package handlers

import (
	"bufio"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"refettorio/canteen"
	"refettorio/signin"
	"refettorio/store"
)

const (
	testPublicURL = "http://borgoluce.test"
	testNadia     = canteen.CodiceFiscale("FRRNDA88L52D643Y") // nobody here knows her yet
)

// withProvider puts a provider of identities before the small town's server.
func (s *testServer) withProvider(set signin.Settings) *signin.Provider {
	s.t.Helper()
	p, err := signin.New(set, signin.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	o := s.web.opt
	o.PublicURL, o.Providers = testPublicURL, []*signin.Provider{p}
	o.engine = theEngine.Load()
	if s.web, err = New(o); err != nil {
		s.t.Fatal(err)
	}
	return p
}

func newFakeProvider(t *testing.T) *signin.Fake {
	t.Helper()
	f, err := signin.NewFake()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Server.Close)
	f.Person = map[string]any{"fiscal_number": "TINIT-" + string(testNadia), "given_name": "Nadia", "family_name": "Ferri", "email": "nadia@example.org"}
	return f
}

// outside goes to an address of somebody else's and returns where that sends the
// browser.
func outside(t testing.TB, target string) string {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.Header.Get("Location")
}

// signin comes in by the provider and returns the page after it.
func (b *browser) signin(next string) *page {
	b.s.t.Helper()
	p := b.get("/accedi/spid?next=" + url.QueryEscape(next)).wantStatus(http.StatusSeeOther)
	return b.comeBack(outside(b.s.t, p.header.Get("Location")))
}

func (b *browser) comeBack(to string) *page {
	b.s.t.Helper()
	path, ours := strings.CutPrefix(to, testPublicURL)
	if !ours {
		b.s.t.Fatalf("the provider sends the browser to %q", to)
	}
	return b.get(path)
}

// TestSignin_newPerson: somebody unknown comes in by SPID, is one person from
// then on, and is asked for the contacts first (R1.4, R1.7, R1.8).
func TestSignin_newPerson(t *testing.T) {
	s := newTestServer(t)
	f := newFakeProvider(t)
	s.withProvider(f.Settings("spid", ""))
	b := s.stranger()
	b.ok("/accedi").want("Entra con SPID")
	p := b.signin("/famiglia/conto")
	if p.status != http.StatusSeeOther || p.header.Get("Location") != "/famiglia/profilo?next=%2Ffamiglia%2Fconto" {
		t.Fatalf("after the login: %d to %q, want the contacts and then the account", p.status, p.header.Get("Location"))
	}
	b.ok("/famiglia").want("Nadia F.")
	again := s.stranger()
	again.signin("").wantStatus(http.StatusSeeOther)
	again.ok("/famiglia")
	guardians, spid := 0, 0
	users, err := s.store.Users(store.Console())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if strings.HasPrefix(u.Login, "spid:") {
			spid++
			if u.Hash != "" || u.Role != canteen.RoleGuardian || strings.Contains(u.Login, string(testNadia)) {
				t.Errorf("the login of a digital identity is %+v", u)
			}
		}
		if u.Guardian != 0 {
			guardians++
		}
	}
	if spid != 1 || guardians != 6 {
		t.Errorf("after two logins under another sub: %d logins of identities, %d of guardians; want 1 and 6", spid, guardians)
	}
}

// TestSignin_knownPerson: who is in the record already comes in as who it is; the
// record's name stays and the office is told of the other one (R1.7).
func TestSignin_knownPerson(t *testing.T) {
	s := newTestServer(t)
	s.imported(s.store.ImportGuardians(store.Console(), []canteen.GuardianRow{{Line: 2, Guardian: canteen.Guardian{CodiceFiscale: testNadia,
		Surname: "Ferri", Name: "Nadia Rosa"}}}, store.ImportOptions{}))
	u, err := s.store.User(testElena)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.AddUser(store.Console(), store.User{Login: "nadia", Name: "Nadia Rosa F.", Role: canteen.RoleGuardian, Hash: u.Hash}, testNadia); err != nil {
		t.Fatal(err)
	}
	f := newFakeProvider(t)
	s.withProvider(f.Settings("spid", ""))
	for range 2 {
		b := s.stranger()
		b.signin("").wantStatus(http.StatusSeeOther)
		b.ok("/famiglia").want("Nadia Rosa F.")
	}
	told := 0
	lines, err := s.store.Log(store.Console(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if line.What == "person.names" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the office is told %d times of the other name, want once", told)
	}
	if err := s.store.ChangeUser(store.Console(), "nadia", "disable", func(u *store.User) { u.Disabled = true }); err != nil {
		t.Fatal(err)
	}
	s.stranger().signin("").wantStatus(http.StatusForbidden).want("Il tuo accesso è sospeso")
}

// TestSignin_foreignPerson: an eIDAS identifier is a person of its own, who sees
// no child before the office has paired it (R1.4).
func TestSignin_foreignPerson(t *testing.T) {
	s := newTestServer(t)
	f := newFakeProvider(t)
	f.Person["fiscal_number"] = "ES/IT/12345678X"
	s.withProvider(f.Settings("spid", ""))
	b := s.stranger()
	b.signin("").wantStatus(http.StatusSeeOther)
	b.signin("").wantStatus(http.StatusSeeOther)
	b.ok("/famiglia").wantNo("Giulia")
	users, err := s.store.Users(store.Console())
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, u := range users {
		if strings.HasPrefix(u.Login, "eidas:") {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d logins of the foreign person, want 1", found)
	}
}

// TestSignin_refusals: a stranger's answer, one used before and a hostile way
// back let nobody in.
func TestSignin_refusals(t *testing.T) {
	s := newTestServer(t)
	f := newFakeProvider(t)
	s.withProvider(f.Settings("spid", ""))

	victim, thief := s.stranger(), s.stranger()
	to := outside(t, thief.get("/accedi/spid").header.Get("Location"))
	victim.comeBack(to).wantStatus(http.StatusUnauthorized).want("identità digitale non è riuscito")
	if victim.in() {
		t.Error("a browser that had asked for nothing is logged in as the thief (login CSRF)")
	}
	kept := thief.jar.Cookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"})
	thief.comeBack(to).wantStatus(http.StatusSeeOther)
	replay := s.stranger()
	replay.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, kept)
	replay.comeBack(to).wantStatus(http.StatusUnauthorized)

	forged := s.stranger()
	p := forged.get("/accedi/spid")
	forged.jar.SetCookies(&url.URL{Scheme: "http", Host: "borgoluce.test", Path: "/"}, []*http.Cookie{{Name: "signin", Path: "/", Value: "e30.AAAA"}})
	forged.comeBack(outside(t, p.header.Get("Location"))).wantStatus(http.StatusUnauthorized)

	for _, next := range []string{"//altrove.example.org/", "https://altrove.example.org/", `/\altrove`} {
		if to := s.stranger().signin(next).header.Get("Location"); !strings.HasPrefix(to, "/famiglia") || strings.Contains(to, "altrove") {
			t.Errorf("signin with next=%q leads to %q", next, to)
		}
	}
	s.stranger().get("/accedi/altro").wantStatus(http.StatusNotFound)
	f.Down = true
	s.withProvider(f.Settings("spid", ""))
	s.stranger().get("/accedi/spid").wantStatus(http.StatusServiceUnavailable).want("non risponde")
	s.stranger().ok("/accedi").want("Entra con SPID", "Nome utente")
}

// TestSignin_beginsANewSession: a session planted before is worth nothing after.
func TestSignin_beginsANewSession(t *testing.T) {
	s := newTestServer(t)
	f := newFakeProvider(t)
	s.withProvider(f.Settings("spid", ""))
	b := s.browser(testUgo)
	planted := b.sessionCookie()
	b.signin("").wantStatus(http.StatusSeeOther)
	if b.sessionCookie() == planted {
		t.Error("the session of before goes on after the login")
	}
	b.ok("/famiglia").want("Nadia F.")
}

// TestSignin_logout goes on to the provider, and the page's policy lets it.
func TestSignin_logout(t *testing.T) {
	s := newTestServer(t)
	f := newFakeProvider(t)
	f.Logout = true
	s.withProvider(f.Settings("spid", ""))
	b := s.stranger()
	b.signin("").wantStatus(http.StatusSeeOther)
	p := b.ok("/famiglia")
	if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' "+f.Server.URL) {
		t.Errorf("the policy is %q: the browser would not follow the logout to %s", policy, f.Server.URL)
	}
	to := b.post("/esci", nil).header.Get("Location")
	if !strings.HasPrefix(to, f.Server.URL+"/logout?") || b.in() {
		t.Errorf("logout leads to %q, still in %t", to, b.in())
	}
	local := s.browser(testElena)
	if to := local.post("/esci", nil).header.Get("Location"); to != "/" {
		t.Errorf("logout of a password's session leads to %q, want /", to)
	}
}

// TestSignin_realProvider logs in through a real OpenID provider, run as a
// process (e2e/op).
func TestSignin_realProvider(t *testing.T) {
	if testing.Short() {
		t.Skip("a real OpenID provider is built and run: not in short tests")
	}
	base := runProvider(t)
	s := newTestServer(t)
	s.withProvider(signin.Settings{Name: "spid", Label: "Entra con SPID", Preset: "keycloak", Issuer: base, ClientID: "web", Secret: "secret"})
	b := s.stranger()
	to := b.get("/accedi/spid").wantStatus(http.StatusSeeOther).header.Get("Location")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(req.URL.String(), testPublicURL) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	id := hiddenID(t, res)
	if res, err = client.PostForm(base+"/login/username", url.Values{"id": {id}, "username": {string(testNadia)}, "password": {"prova"}}); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if p := b.comeBack(res.Header.Get("Location")); p.status != http.StatusSeeOther {
		t.Fatalf("back from the provider: %d; the log says %s", p.status, s.log.String())
	}
	b.ok("/famiglia").want("Nadia F.")
	if to := b.post("/esci", nil).header.Get("Location"); !strings.HasPrefix(to, base) {
		t.Errorf("logout leads to %q, want the provider's end_session_endpoint", to)
	}
}

// hiddenID is the number of the login in the provider's form.
func hiddenID(t *testing.T, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	doc, err := html.Parse(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attribute(n, "name") == "id" {
			return attribute(n, "value")
		}
	}
	t.Fatalf("%s: the provider shows no login form (%s)", res.Request.URL, res.Status)
	return ""
}

// runProvider builds and starts the provider of e2e/op and returns its issuer.
func runProvider(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "op")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "e2e", "op")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("the OpenID provider of e2e/op cannot be built here (its modules may not be fetched): %v: %.300s", err, out)
	}
	users := filepath.Join(dir, "users.json")
	body := `{"id1":{"ID":"id1","Username":"` + string(testNadia) + `","Password":"prova","FirstName":"Nadia","LastName":"Ferri","Email":"nadia@example.org","PreferredLanguage":"it"}}`
	if err := os.WriteFile(users, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	op := exec.CommandContext(t.Context(), program, "127.0.0.1:0", testPublicURL+"/accedi/spid/ritorno", users)
	out, err := op.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := op.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = op.Process.Kill() // it knows no other end
		_ = op.Wait()         // killed: its status says so
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	base, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		t.Fatalf("the OpenID provider says %q: %v", line, err)
	}
	return base
}
