package store

import (
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
)

// seen returns the kinds of lines the register has of an actor, oldest first.
func seen(t testing.TB, s *Store, login string) (kinds []string) {
	t.Helper()
	page, err := s.Accesses(auditor(), AccessFilter{Login: login, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range slices.Backward(page.Lines) {
		kinds = append(kinds, l.What)
	}
	return kinds
}

// TestSubmit_doesNotTellOfOtherPeoplesApplications: who types a child's codice
// fiscale learns nothing from the answer; a guardian of the child does.
func TestSubmit_doesNotTellOfOtherPeoplesApplications(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	child := newChild(t, 1)
	family, stranger := town.family(town.elder), town.family(town.coeliac)
	if _, err := s.SubmitApplication(family, apply(t, s, family, child)); err != nil {
		t.Fatal(err)
	}
	a, err := s.SubmitApplication(stranger, apply(t, s, stranger, child))
	if err != nil || a.Receipt.IsZero() {
		t.Errorf("the stranger got %v %v, want a receipt like anybody's", a.Receipt, err)
	}
	again := apply(t, s, family, child)
	_, err = s.SubmitApplication(family, again)
	wantKind(t, err, canteen.KindConflict, "error.application.duplicate")
}

// TestApplication_debtDecisionsStayWithTheOffice: what an official noted on a
// debt may be about the other guardian. Neither guardian reads it.
func TestApplication_debtDecisionsStayWithTheOffice(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, nil)
	if err := s.DecideDebt(office(), a.Handle, DebtDecision{Reserve: true, Reason: "il padre deve 300 euro"}); err != nil {
		t.Fatal(err)
	}
	applicant := Act{Actor: canteen.Actor{Login: "alba", Role: canteen.RoleGuardian, Guardian: a.Applicant}}
	counter := desk(a.Applicant)
	for name, act := range map[string]Act{"the applicant": applicant, "the counter": counter} {
		v, err := s.Application(act, a.Handle)
		if err != nil || slices.ContainsFunc(v.History, func(h canteen.StepTaken) bool { return strings.HasPrefix(h.What, debtStep) }) {
			t.Errorf("%s reads %+v %v", name, v.History, err)
		}
	}
	x, err := s.FamilyData(applicant)
	if err != nil || len(x.Applications) != 1 || slices.ContainsFunc(x.Applications[0].History, func(h ExportStep) bool { return h.Reason != "" }) {
		t.Errorf("the export has %+v %v", x.Applications, err)
	}
	v, err := s.Application(office(), a.Handle)
	if err != nil || !slices.ContainsFunc(v.History, func(h canteen.StepTaken) bool { return h.What == debtStep+"reserve" }) {
		t.Errorf("the office reads %+v %v, want its own decision", v.History, err)
	}
}

// TestDesk_ofAPersonIsNotOfAnother: an operator who acts for one family does not
// reach the requests of another through it.
func TestDesk_ofAPersonIsNotOfAnother(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Diet = canteen.DietHealth })
	other := desk(town.parent[town.elder])
	if _, err := s.FamilyDiet(other, a.DietAsked); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the diet asked with another's application: %v", err)
	}
	if _, err := s.ApplicationStop(other, a.Handle); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the debts of another's application: %v", err)
	}
	if _, err := s.FamilyDiet(desk(a.Applicant), a.DietAsked); err != nil {
		t.Errorf("for the applicant itself: %v", err)
	}
}

// TestDesk_readsNoDietOnceItIsSent: neither words nor reasons nor the document
// (rules R5.2, design §12).
func TestDesk_readsNoDietOnceItIsSent(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	act := desk(town.parent[town.elder])
	handle, err := s.OpenDiet(act, town.elder, healthAsk())
	if err != nil {
		t.Fatal(err)
	}
	if f, err := s.FamilyDiet(act, handle); err != nil || f.Asked == "" {
		t.Errorf("what is being written at the counter: %q %v", f.Asked, err)
	}
	if _, err := s.SendDiet(act, handle); err != nil {
		t.Fatal(err)
	}
	if f, err := s.FamilyDiet(act, handle); err != nil || f.Asked != "" || len(f.Decisions) != 0 {
		t.Errorf("the counter reads %q %v %v", f.Asked, f.Decisions, err)
	}
	if _, err := s.Certificate(act, handle, ""); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the counter opens the certificate: %v", err)
	}
	if _, err := s.Certificate(town.family(town.elder), handle, ""); err != nil {
		t.Errorf("its family: %v", err)
	}
}

// TestDesk_ownLoginIsNotRenamed: a desk user whose login is the old e-mail of the
// person it acts for keeps it.
func TestDesk_ownLoginIsNotRenamed(t *testing.T) {
	s, _ := open(t)
	done, err := s.RegisterAtDesk(desk(0), DeskRegistration{CodiceFiscale: "RSSMRA80A01H501U", Surname: "Rossi", Name: "Mario", Address: "via Po 1",
		PostCode: "71100", City: "Borgoluce", Email: "mario@example.org", DocumentSeen: true, Privacy: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddUser(Console(), User{Login: "mario@example.org", Name: "M.", Role: canteen.RoleDesk}, ""); err != nil {
		t.Fatal(err)
	}
	act := desk(personOf(t, s, done.Handle))
	act.Actor.Login = "mario@example.org"
	if _, err := s.StartContact(act, canteen.ChannelEmail, "nuovo@example.org", true); err != nil {
		t.Fatal(err)
	}
	login, err := s.ProveContact(act, canteen.ChannelEmail, codeTo(t, s, "nuovo@example.org"))
	if err != nil || login != "mario@example.org" {
		t.Errorf("the operator's login is %q %v", login, err)
	}
	if u, err := s.User("mario@example.org"); err != nil || u.Role != canteen.RoleDesk {
		t.Errorf("the operator is %+v %v", u, err)
	}
}

// personOf is the number of the person behind a handle.
func personOf(t testing.TB, s *Store, handle string) (id canteen.GuardianID) {
	t.Helper()
	err := s.view(Console(), func(tx *tx) error {
		g, _ := tx.personByHandle(handle)
		id = g.ID
		return nil
	})
	if err != nil || id == 0 {
		t.Fatalf("nobody is %s: %v", handle, err)
	}
	return id
}

// TestMerge_whatWaitsReachesThePersonThatStays: a letter queued for a record that
// is merged meanwhile goes to the verified contact of the one that stays, and the
// counter that opens the old record acts for the new one.
func TestMerge_whatWaitsReachesThePersonThatStays(t *testing.T) {
	s, _ := open(t)
	from, into := newPerson(t, s, "Doppia", "Anna").ID, newPerson(t, s, "Doppia", "Annamaria").ID
	err := s.updateAlone(Console(), func(tx *tx) error {
		g, _ := tx.guardian(into)
		g.Email = "anna@example.org"
		tx.putGuardian(g)
		tx.putProfile(into, Profile{Email: ContactMark{Value: g.Email, Source: "self", At: tx.now}})
		tx.tell(from, kindWelcome)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	old := handleOf(t, s, from)
	if err := s.MergePersons(office(), Merge{From: old, Into: handleOf(t, s, into), Reason: "doppia"}); err != nil {
		t.Fatal(err)
	}
	due, err := s.DueMessages(Job(), 10, []canteen.Channel{canteen.ChannelEmail})
	if err != nil || len(due) != 1 || len(due[0].To) != 1 || due[0].To[0].Address != "anna@example.org" {
		t.Errorf("due are %+v %v, want the letter at the verified address", due, err)
	}
	if g, err := s.DeskPerson(desk(0), old, true); err != nil || g.ID != into {
		t.Errorf("the counter opens %d %v, want %d", g.ID, err, into)
	}
}

// TestAccessRegister_readsOfStaff: reads of lists and searches leave a line too.
func TestAccessRegister_readsOfStaff(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	a := town.candidate(t, 1, nil)
	school := secretary(t, s, codePrimaria)
	if _, err := s.SchoolApplications(school); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SchoolApplication(school, a.Handle); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ClassRoll(school, town.class["primaria 1A"]); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, s, school.Actor.Login); !slices.Equal(got, []string{SawApplications, "application", "roll"}) {
		t.Errorf("of the school the register has %q", got)
	}
	if _, err := s.FindPersons(office(), "Neri01", 5); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PersonFile(office(), handleOf(t, s, a.Applicant)); err != nil {
		t.Fatal(err)
	}
	if got := seen(t, s, office().Actor.Login); !slices.Equal(got, []string{SawSearch, "person"}) {
		t.Errorf("of the office the register has %q", got)
	}
}

// TestSignIn_closesARegistrationUnderSomebodyElsesCode: a stranger registers with
// the codice fiscale of a mother who has not come yet, and waits. When she comes
// by SPID the stranger's password, sessions and contacts are worth nothing.
func TestSignIn_closesARegistrationUnderSomebodyElsesCode(t *testing.T) {
	for _, tt := range []struct {
		what, email, phone string
		stays              bool
	}{
		{"the provider knows neither contact", "ada@example.net", "", false},
		{"the provider gives no contact", "", "", false},
		{"the provider knows the e-mail", "ada.marrone@example.org", "", true},
		{"the provider knows the number", "", "+393331112223", true},
	} {
		t.Run(tt.what, func(t *testing.T) {
			s, c := open(t)
			r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
			r.begin("ada.marrone@example.org", "333 111 2223")
			r.prove()
			r.describe(ada)
			before, _ := r.finish()
			vouched := Vouched{Provider: "spid", CodiceFiscale: ada.CodiceFiscale, Surname: ada.Surname, Name: ada.Name, Email: tt.email, Phone: tt.phone}
			u, err := s.SignIn(Act{}, vouched)
			if err != nil || u.Guardian != before.Guardian {
				t.Fatalf("sign in: %+v %v", u, err)
			}
			now, err := s.User(before.Login)
			if err != nil || (now.Hash != "") != tt.stays || (now.Epoch == before.Epoch) != tt.stays || now.Epoch != u.Epoch {
				t.Errorf("the login is %+v, the session's %+v: %v", now, u, err)
			}
			me, err := s.Myself(Act{Actor: u.Actor()})
			if err != nil || me.Verified(canteen.ChannelEmail) != tt.stays || me.Verified(canteen.ChannelSMS) != tt.stays {
				t.Errorf("verified contacts: %+v %v", me.Profile, err)
			}
			again, err := s.SignIn(Act{}, vouched)
			if err != nil || again.Epoch != u.Epoch {
				t.Errorf("the second time: %+v %v, want nothing to end", again, err)
			}
		})
	}
}

// TestRetention_officersWordsGoWithTheFamilys: what was decided about a diet and
// why is health data like the certificate (rules R5.7).
func TestRetention_officersWordsGoWithTheFamilys(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	handle := sentDiet(t, town, town.pupils[0])
	if err := s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietRefuse, Reason: "manca la diagnosi"}); err != nil {
		t.Fatal(err)
	}
	c.at(monday.AddDays(2*366), "04:10")
	retainAll(t, s)
	err := s.view(Console(), func(tx *tx) error {
		r, ok := tx.dietRequest(handle)
		if !ok || len(r.Sealed)+len(r.Notes) != 0 || r.Certificate != "" || tx.has(certificates, keyHandle(handle)) {
			t.Errorf("of the diet is left %+v, want that there was one", r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRetention_appointments: a visit to the counter is forgotten ninety days
// after its day.
func TestRetention_appointments(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	days, err := s.FreeTimes(Act{})
	if err != nil {
		t.Fatal(err)
	}
	day := days[len(days)-1]
	a, err := s.BookAppointment(town.family(town.elder), AppointmentRequest{Day: day.Day, At: day.Times[0], About: "other"})
	if err != nil {
		t.Fatal(err)
	}
	left := func() (there bool) {
		t.Helper()
		if err := s.view(Console(), func(tx *tx) error { there = tx.has(appointments, keyAppointment(&a)); return nil }); err != nil {
			t.Fatal(err)
		}
		return there
	}
	c.at(day.Day.AddDays(90), "04:10")
	if retainAll(t, s); !left() {
		t.Error("it is gone on the last of its days")
	}
	c.at(day.Day.AddDays(91), "04:10")
	if retainAll(t, s); left() {
		t.Error("it is there after its last day")
	}
}
