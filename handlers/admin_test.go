package handlers

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

func readFile(path string) (string, error) {
	body, err := os.ReadFile(path)
	return string(body), err
}

// admin gives the small town an administrator.
func (s *testServer) admin() *browser { s.t.Helper(); return s.everyRole()[canteen.RoleAdmin] }

// newUser is the filled form of a new login.
func newUser(more url.Values) url.Values {
	form := url.Values{"id": {"form-new"}, "login": {"rosa.neri"}, "name": {"Rosa N."}, "email": {"rosa@comune.example.it"}, "role": {"school"},
		"school-" + testRodari: {"1"}}
	for key, values := range more {
		form[key] = values
	}
	return form
}

// invitation is the path of the invitation a page shows.
func (p *page) invitation() string {
	p.t.Helper()
	shown := p.wantStatus(http.StatusOK).texts("code", "")
	if len(shown) != 1 || !strings.Contains(shown[0], "/accedi/invito/") {
		p.t.Fatalf("%s shows %q, want one invitation", p.target, shown)
	}
	return shown[0][strings.Index(shown[0], "/accedi/"):]
}

// TestAdmin_invitesAUser: from the form to the first login, once and within 72
// hours.
func TestAdmin_invitesAUser(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	path := "/amministrazione/utenti/nuovo"
	admin.ok(path)
	link := admin.post(path, newUser(nil)).invitation()
	admin.post(path, newUser(nil)).wantStatus(http.StatusUnprocessableEntity).want("si vede una volta sola") // a double click
	admin.ok("/amministrazione").want("rosa.neri", "invitato", "Primaria Rodari").wantNo("Elena")

	if p := s.stranger().post("/accedi", url.Values{"login": {"rosa.neri"}, "password": {""}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("login before the password is chosen: %d", p.status)
	}
	b := s.stranger()
	b.ok(link).want("rosa.neri")
	b.post(link, url.Values{"password": {"corta"}, "again": {"corta"}}).wantStatus(http.StatusUnprocessableEntity).want("almeno 12")
	b.post(link, url.Values{"password": {"una frase lunga"}, "again": {"un’altra frase"}}).wantStatus(http.StatusUnprocessableEntity).want("non sono uguali")
	b.post(link, url.Values{"password": {"una frase lunga"}, "again": {"una frase lunga"}}).wantStatus(http.StatusSeeOther)
	b.ok("/profilo/sessioni").want("questo dispositivo")
	s.stranger().get(link).wantStatus(http.StatusNotFound).want("non vale più")
	s.stranger().post(link, url.Values{"password": {"di qualcun altro"}, "again": {"di qualcun altro"}}).wantStatus(http.StatusNotFound)

	form := newUser(url.Values{"id": {"form-2"}, "login": {"ivo.bassi"}})
	late := admin.post(path, form).invitation()
	s.later(store.InviteLife)
	s.stranger().get(late).wantStatus(http.StatusNotFound)
}

func TestAdmin_refusesUsers(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	for name, c := range map[string]struct {
		more url.Values
		want string
	}{
		"taken":             {url.Values{"login": {testOffice}}, "già preso"},
		"no role":           {url.Values{"role": {""}}, "È un dato che serve"},
		"a family's role":   {url.Values{"role": {"guardian"}}, "le famiglie si registrano"},
		"no school":         {url.Values{"school-" + testRodari: {}}, "Scegli almeno una scuola"},
		"no kitchen":        {url.Values{"role": {"kitchen"}}, "Scegli il centro di cottura"},
		"a wrong address":   {url.Values{"email": {"rosa"}}, "e-mail non è scritto bene"},
		"a reserved name":   {url.Values{"login": {"spid:aaaa"}}, "spid:aaaa"},
		"the job's name":    {url.Values{"login": {" JOB "}}, "job"},
		"a name with lines": {url.Values{"login": {"a\nb"}}, "È un dato che serve"},
	} {
		c.more.Set("id", name)
		p := admin.post("/amministrazione/utenti/nuovo", newUser(c.more))
		if p.wantStatus(http.StatusUnprocessableEntity); !strings.Contains(p.text(), c.want) {
			t.Errorf("%s: the page says %s; want %q", name, p.text(), c.want)
		}
	}
}

func TestAdmin_switchesAndReinvites(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	cook := s.browser(testKitchen)
	path := "/amministrazione/utenti/" + testKitchen
	admin.submit(admin.ok(path), path+"/stato", nil).want("disattivato")
	if p := cook.get("/cucina"); p.status != http.StatusSeeOther {
		t.Errorf("a disabled cook: %d, want the login page", p.status)
	}
	admin.submit(admin.ok(path), path+"/stato", nil).want("di nuovo attivo")
	link := admin.submit(admin.ok(path), path+"/invito", nil).invitation()
	if p := s.stranger().post("/accedi", url.Values{"login": {testKitchen}, "password": {testPassword}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("the old password after a new invitation: %d, want 422", p.status)
	}
	s.stranger().ok(link)
	own := "/amministrazione/utenti/prova-admin"
	admin.ok(own).wantNo("Disattiva")
	for _, act := range []string{"/stato", "/invito"} {
		admin.post(own+act, url.Values{"id": {"x" + act}, "disabled": {"1"}}).wantStatus(http.StatusConflict).want("tuo stesso utente")
	}
	admin.get("/amministrazione/utenti/" + testElena).wantStatus(http.StatusNotFound)
	admin.post("/amministrazione/utenti/"+testElena+"/stato", url.Values{"disabled": {"1"}}).wantStatus(http.StatusNotFound)
}

// TestAdmin_forgottenPhone: a new invitation takes the second factor away too.
func TestAdmin_forgottenPhone(t *testing.T) {
	s := newTestServer(t)
	s.browser(testOffice).setFactor("/profilo/accesso")
	admin := s.admin0()
	path := "/amministrazione/utenti/" + testOffice
	link := admin.submit(admin.ok(path).want("Toglie anche il codice"), path+"/invito", nil).invitation()
	b := s.stranger()
	if to := b.post(link, url.Values{"password": {"una frase lunga"}, "again": {"una frase lunga"}}).header.Get("Location"); to != "/ufficio" {
		t.Errorf("after the new password: %q, want /ufficio", to)
	}
}

// admin0 is an administrator alone: everyRole would log the others in as well.
func (s *testServer) admin0() *browser {
	s.t.Helper()
	u, err := s.store.User(testKitchen)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.AddUser(store.Console(), store.User{Login: "capo", Name: "Capo", Role: canteen.RoleAdmin, Hash: u.Hash}, ""); err != nil {
		s.t.Fatal(err)
	}
	return s.browser("capo")
}

func TestAdmin_tokens(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	form := url.Values{"id": {"k1"}, "name": {"risponditore"}, "scope-family-gateway": {"1"}, "days": {"30"}}
	shown := admin.post("/amministrazione/chiavi", form).wantStatus(http.StatusOK).texts("code", "")
	if len(shown) != 1 {
		t.Fatalf("the page shows %q, want the secret", shown)
	}
	actor, err := s.store.TokenActor(shown[0])
	if err != nil || !actor.HasScope(store.ScopeFamilyGateway) || actor.HasScope(store.ScopeKitchen) {
		t.Errorf("the key acts as %+v, %v", actor, err)
	}
	admin.post("/amministrazione/chiavi", form).wantStatus(http.StatusUnprocessableEntity).want("si vede una volta sola")
	admin.ok("/amministrazione/chiavi").want("risponditore", "agire per le famiglie").wantNo(shown[0])
	admin.post("/amministrazione/chiavi", url.Values{"id": {"k2"}, "name": {"altro"}, "days": {"30"}}).wantStatus(http.StatusUnprocessableEntity)
	admin.post("/amministrazione/chiavi", url.Values{"id": {"k3"}, "name": {"altro"}, "scope-kitchen": {"1"}, "days": {"9999"}}).wantStatus(http.StatusUnprocessableEntity)
	s.later(31 * 24 * time.Hour)
	if _, err := s.store.TokenActor(shown[0]); canteen.KindOf(err) != canteen.KindUnauthenticated {
		t.Errorf("the key after its last day: %v", err)
	}
	all, err := s.store.Tokens(store.Console())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d keys, %v; want 1", len(all), err)
	}
	admin.ok("/amministrazione/chiavi").want("scaduta")
	admin.submit(admin.ok("/amministrazione/chiavi"), "/amministrazione/chiavi/"+all[0].ID+"/revoca", nil).want("Non c’è nessuna chiave")
}

// TestAdmin_log shows who did what, and of families nothing.
func TestAdmin_log(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	admin.submit(admin.ok("/amministrazione/utenti/"+testKitchen), "/amministrazione/utenti/"+testKitchen+"/stato", nil)
	admin.ok("/amministrazione/registro?kind=user.").want("utente disattivato", testKitchen, "prova-admin")
	admin.ok("/amministrazione/registro?actor=prova-admin").want("utente disattivato").wantNo("console")
	admin.ok("/amministrazione/registro?day=2026-09-01").want("alunni importati").wantNo("utente disattivato")
	admin.ok("/amministrazione/registro?day=2026-09-02").want("Nessuna modifica come quelle")
	admin.get("/amministrazione/registro?day=ieri").wantStatus(http.StatusUnprocessableEntity)
	for range logPage {
		s.later(time.Second)
		for _, disabled := range []bool{false, true} {
			if err := s.store.SwitchUser(store.Console(), testKitchen, disabled); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := admin.ok("/amministrazione/registro?kind=user.")
	second := admin.click(first, "Più vecchie").want("Le più recenti")
	if a, b := len(first.all("tr", "")), len(second.all("tr", "")); a != logPage+1 || b != logPage+1 {
		t.Errorf("pages of %d and %d rows with their heads, want %d", a, b, logPage+1)
	}
	whole := first.body + second.body + admin.ok("/amministrazione/registro").body
	for _, name := range surnames() {
		if strings.Contains(whole, name) {
			t.Errorf("the log names %q", name)
		}
	}
}

func TestAdmin_safety(t *testing.T) {
	s := newTestServer(t)
	admin := s.admin()
	admin.submit(admin.ok("/amministrazione/sicurezza"), "/amministrazione/sicurezza", url.Values{"role-office": {"1"}}).want("Salvato")
	roles, err := s.store.FactorRoles()
	if err != nil || len(roles) != 1 || roles[0] != canteen.RoleOffice {
		t.Errorf("the roles are %v, %v; want the office", roles, err)
	}
	admin.ok("/amministrazione").want("senza il codice richiesto")
	s.half(testOffice)
}
