package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// entries are the lines of the register of accesses about who came in, oldest
// first: login, way and result.
func (s *testServer) entries() (all []string) {
	s.t.Helper()
	auditor := store.Act{Actor: canteen.Actor{Login: "prova", Role: canteen.RoleAuditor}}
	page, err := s.store.Accesses(auditor, store.AccessFilter{What: store.AccessLogin, Limit: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range slices.Backward(page.Lines) {
		all = append(all, l.Login+" "+l.Provider+" "+l.Result)
	}
	return all
}

// TestAccessRegister_everyWayIn: whoever comes in leaves one line, with a
// password, with a second factor or by a provider of identities; a password that
// still needs its factor is not yet an entry (rules R1.13).
func TestAccessRegister_everyWayIn(t *testing.T) {
	s := newTestServer(t)
	secret, _ := s.browser(testOffice).setFactor("/profilo/accesso")
	s.later(2 * factorEvery)
	half := s.half(testOffice)
	half.sendCode("000000").wantStatus(http.StatusUnprocessableEntity)
	half.sendCode(s.factorCode(secret)).wantStatus(http.StatusSeeOther)
	f := newFakeProvider(t)
	s.withProvider(f.Settings("spid", ""))
	b := s.stranger()
	b.signin("").wantStatus(http.StatusSeeOther)
	s.stranger().get("/accedi/spid/ritorno?error=access_denied&state=x").wantStatus(http.StatusUnauthorized)
	got := s.entries()
	if len(got) != 4 || got[0] != "ufficio local done" || got[1] != "ufficio totp refused" || got[2] != "ufficio totp done" {
		t.Fatalf("the register has %q", got)
	}
	u := identityOf(t, s)
	if got[3] != u+" spid done" {
		t.Errorf("of the provider's the register has %q, want %s", got[3], u)
	}
}

// TestEnrol_sendsNothingThatWasTakenBack: the tab of a summary that is still open
// after the application was withdrawn in another one.
func TestEnrol_sendsNothingThatWasTakenBack(t *testing.T) {
	s := newTestServer(t)
	b := s.browser(testInes)
	folder := startNew(t, b)
	walkSteps(t, b, folder, "none")
	b.post(folder+"/ritira", url.Values{}).wantStatus(http.StatusSeeOther)
	b.post(folder+"/riepilogo", url.Values{}).wantStatus(http.StatusConflict)
}

// TestDesk_managesTheDelegatesOfTheFamilyItActsFor and of no other.
func TestDesk_managesTheDelegatesOfTheFamilyItActsFor(t *testing.T) {
	_, visitors, x, y := newMatrix(t)
	desk := visitors[slices.IndexFunc(visitors, func(v visitor) bool { return v.role == canteen.RoleDesk })]
	inside := "/sportello/per/" + x.vars["persona"] + "/famiglia/nucleo/"
	desk.ok(inside + x.vars["pupil"] + "/delegati/" + x.vars["delegato"]).want("Ines Solitario")
	desk.get(inside + y.vars["pupil"] + "/delegati/" + y.vars["delegato"]).wantStatus(http.StatusNotFound)
}

// identityOf is the login of Nadia, who came in by a provider.
func identityOf(t testing.TB, s *testServer) string {
	t.Helper()
	all, err := s.store.Users(store.Console())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all {
		if len(u.Login) > 5 && u.Login[:5] == "spid:" {
			return u.Login
		}
	}
	t.Fatal("nobody has come in by a provider")
	return ""
}
