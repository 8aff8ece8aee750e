package store

import (
	"sync"
	"testing"

	"refettorio/canteen"
)

// newPerson adds a person without a codice fiscale to a small town.
func newPerson(t testing.TB, s *Store, name, surname string) canteen.Guardian {
	t.Helper()
	handle, err := s.AddPerson(office(), canteen.Guardian{Name: name, Surname: surname})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.PersonFile(office(), handle)
	if err != nil {
		t.Fatal(err)
	}
	return f.Person
}

// as is an act of a person through the web.
func as(g canteen.Guardian) Act {
	return Act{Actor: canteen.Actor{Login: g.Handle, Role: canteen.RoleGuardian, Guardian: g.ID}, Channel: canteen.ChannelWeb}
}

func pupilHandle(t testing.TB, s *Store, pan canteen.PAN) string {
	t.Helper()
	p, err := s.Pupil(Console(), pan)
	if err != nil {
		t.Fatal(err)
	}
	return p.Handle
}

// invite makes an invitation and returns its code.
func invite(t testing.TB, s *Store, by Act, req InvitationRequest) string {
	t.Helper()
	if err := s.Invite(by, req); err != nil {
		t.Fatal(err)
	}
	h, err := s.Household(by)
	if err != nil || len(h.Invitations) == 0 {
		t.Fatalf("invitations: %+v, %v", h.Invitations, err)
	}
	return h.Invitations[len(h.Invitations)-1].Code
}

// delegate makes a person a delegate of a pupil, by an invitation of its parent.
func delegate(t testing.TB, s *Store, town *smallTown, pan canteen.PAN, person canteen.Guardian, rights ...canteen.Right) {
	t.Helper()
	code := invite(t, s, town.family(pan), InvitationRequest{Pupils: []string{pupilHandle(t, s, pan)}, Rights: rights})
	if err := s.AcceptInvitation(as(person), code, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
}

func wantRefusal(t testing.TB, what string, err error, want canteen.Kind) {
	t.Helper()
	if canteen.KindOf(err) != want || want != canteen.KindInternal && err == nil {
		t.Errorf("%s: %v, want kind %d", what, err, want)
	}
}

// cancels sends an absence of one person for a pupil.
func cancels(s *Store, act Act, pan canteen.PAN, day canteen.Date) error {
	_, err := s.Communicate(act, CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.Absence, From: day, To: day})
	return err
}

// TestStory35_twoGuardiansHaveEqualRights: the second parent joins by a code and
// can do what the first can, each under its own name.
func TestStory35_twoGuardiansHaveEqualRights(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan := town.elder
	first, second := town.family(pan), newPerson(t, s, "Secondo", "Genitore")
	wantRefusal(t, "a stranger cancels", cancels(s, as(second), pan, monday.AddDays(2)), canteen.KindNotFound)
	code := invite(t, s, first, InvitationRequest{Pupils: []string{pupilHandle(t, s, pan)}, Guardian: true})
	if err := s.AcceptInvitation(as(second), code, "192.0.2.1"); err != nil {
		t.Fatal(err)
	}
	for name, act := range map[string]Act{"first": first, "second": as(second)} {
		if _, err := s.Account(act, pan, 0, 0); err != nil {
			t.Errorf("%s: account: %v", name, err)
		}
		if err := s.Invite(act, InvitationRequest{Pupils: []string{pupilHandle(t, s, pan)}, Rights: []canteen.Right{canteen.RightSee}}); err != nil {
			t.Errorf("%s: invite: %v", name, err)
		}
	}
	var wait sync.WaitGroup
	for i, act := range []Act{first, as(second)} {
		wait.Go(func() {
			if err := cancels(s, act, pan, monday.AddDays(2+i)); err != nil {
				t.Errorf("guardian %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	days, err := s.PupilCalendar(first, pan, monday.AddDays(2), monday.AddDays(3))
	if err != nil || days[0].Meal != canteen.MealAbsent || days[1].Meal != canteen.MealAbsent {
		t.Errorf("the days both cancelled: %v %v, %v", days[0].Meal, days[1].Meal, err)
	}
	h, err := s.Household(first)
	if err != nil || len(h.Children) == 0 || len(h.Children[1].People) != 2 {
		t.Errorf("the household: %+v, %v", h, err)
	}
	message := lastMessage(t, s)
	if message.Kind != "household.joined" || message.Person != first.Actor.Guardian {
		t.Errorf("the first guardian was not told: %+v", message)
	}
}

func lastMessage(t testing.TB, s *Store) Message {
	t.Helper()
	all, err := s.PendingMessages(office(), 1)
	if err != nil || len(all) != 1 {
		t.Fatalf("messages: %+v, %v", all, err)
	}
	return all[0]
}

// TestStory35_delegateSeesOnlyWhatWasGranted: who may only cancel sees the days
// and no money, and nothing a guardian decides.
func TestStory35_delegateSeesOnlyWhatWasGranted(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	c.at(monday, "10:00")
	closeDue(t, s)
	pan, aunt := town.elder, newPerson(t, s, "Zia", "Rosa")
	delegate(t, s, town, pan, aunt, canteen.RightCancel)
	act := as(aunt)
	kids, err := s.Family(act, 3)
	if err != nil || len(kids) != 1 {
		t.Fatalf("the delegate's pupils: %d, %v", len(kids), err)
	}
	if kids[0].May(canteen.RightPay) || kids[0].Account.Balance != 0 || kids[0].Account.Price != 0 {
		t.Errorf("a delegate who may only cancel sees the account: %+v", kids[0].Account)
	}
	days, err := s.PupilCalendar(act, pan, monday, monday)
	if err != nil || days[0].Price != 0 || days[0].Meal == 0 {
		t.Errorf("the closed day: %+v, %v, want its meal and no price", days[0], err)
	}
	if err := cancels(s, act, pan, monday.AddDays(2)); err != nil {
		t.Errorf("a cancellation: %v", err)
	}
	_, err = s.Account(act, pan, 0, 0)
	wantRefusal(t, "the account", err, canteen.KindForbidden)
	_, _, err = s.MealPrice(act, pan, monday)
	wantRefusal(t, "the price", err, canteen.KindForbidden)
	_, err = s.Enrolments(act, pan)
	wantRefusal(t, "the enrolments", err, canteen.KindForbidden)
	wantRefusal(t, "an invitation", s.Invite(act, InvitationRequest{Pupils: []string{kids[0].Pupil.Handle}, Guardian: true}), canteen.KindForbidden)
	_, err = s.PupilCalendar(act, town.coeliac, monday, monday)
	wantRefusal(t, "another family's pupil", err, canteen.KindNotFound)

	h, err := s.Household(act)
	if err != nil || len(h.Children) != 1 || len(h.Children[0].People) != 1 || !h.Children[0].People[0].Me {
		t.Errorf("the delegate sees of the household: %+v, %v", h, err)
	}
}

// TestDelegation_endsAtMidnightInRome: the last day is included, to its end on
// the clocks of Rome.
func TestDelegation_endsAtMidnightInRome(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan, aunt := town.elder, newPerson(t, s, "Zia", "Rosa")
	code := invite(t, s, town.family(pan), InvitationRequest{Pupils: []string{pupilHandle(t, s, pan)}, Rights: []canteen.Right{canteen.RightCancel}, Until: monday})
	if err := s.AcceptInvitation(as(aunt), code, ""); err != nil {
		t.Fatal(err)
	}
	c.at(monday, "23:59:59.999")
	if err := cancels(s, as(aunt), pan, monday.AddDays(2)); err != nil {
		t.Errorf("a moment before midnight: %v", err)
	}
	c.at(monday.AddDays(1), "00:00")
	wantRefusal(t, "at midnight", cancels(s, as(aunt), pan, monday.AddDays(3)), canteen.KindNotFound)
	if kids, err := s.Family(as(aunt), 1); err != nil || len(kids) != 0 {
		t.Errorf("the pupils of an ended delegation: %d, %v", len(kids), err)
	}
}

// TestDelegation_changesAtOnce: rights taken away are gone with the next act,
// and the other guardian may take them.
func TestDelegation_changesAtOnce(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan, aunt, other := town.elder, newPerson(t, s, "Zia", "Rosa"), newPerson(t, s, "Altro", "Genitore")
	delegate(t, s, town, pan, aunt, canteen.RightCancel, canteen.RightPay)
	if err := s.LinkGuardian(office(), LinkChange{Person: other.Handle, Pupil: pan, Reason: "stato civile"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Account(as(aunt), pan, 0, 0); err != nil {
		t.Errorf("the account of a delegate who may pay: %v", err)
	}
	change := DelegationChange{Pupil: pupilHandle(t, s, pan), Person: aunt.Handle, Rights: []canteen.Right{canteen.RightSee}}
	if err := s.ChangeDelegation(as(other), change); err != nil {
		t.Fatal(err)
	}
	_, err := s.Account(as(aunt), pan, 0, 0)
	wantRefusal(t, "the account after the change", err, canteen.KindForbidden)
	wantRefusal(t, "a cancellation after the change", cancels(s, as(aunt), pan, monday.AddDays(2)), canteen.KindForbidden)
	wantRefusal(t, "a change by the delegate itself", s.ChangeDelegation(as(aunt), change), canteen.KindForbidden)

	if err := s.UnlinkGuardian(office(), LinkChange{Person: other.Handle, Pupil: pan, Reason: "decreto"}); err != nil {
		t.Fatal(err)
	}
	_, err = s.Pupil(as(aunt), pan)
	wantRefusal(t, "the delegate of a guardian who is none any more", err, canteen.KindNotFound)
}

// TestStory43_sistersWithDifferentSurnames are siblings by a common guardian, and
// a shared surname alone makes nobody a sibling.
func TestStory43_sistersWithDifferentSurnames(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s) // elder and younger share a parent and no surname
	all, err := s.Siblings(office(), town.elder)
	if err != nil || len(all) != 1 || all[0].PAN != town.younger {
		t.Errorf("the siblings of the elder: %+v, %v", all, err)
	}
	elder, _ := s.Pupil(office(), town.elder)
	namesake := elder
	namesake.PAN, namesake.Guardians = canteen.NewPAN(77), []canteen.GuardianID{900}
	if canteen.Siblings(&elder, &namesake) {
		t.Error("a shared surname made siblings")
	}
}

// TestPromote_aDelegateWhoBecomesAGuardian gets the role of one, and its old
// sessions end.
func TestPromote_aDelegateWhoBecomesAGuardian(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	handle, err := s.AddPerson(office(), canteen.Guardian{Name: "Nonno", Surname: "Verdi", CodiceFiscale: "RSSMRA80A01H501U"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddUser(Console(), User{Login: "nonno", Role: canteen.RoleDelegate}, "RSSMRA80A01H501U"); err != nil {
		t.Fatal(err)
	}
	if err := s.LinkGuardian(office(), LinkChange{Person: handle, Pupil: town.elder, Reason: "tutore"}); err != nil {
		t.Fatal(err)
	}
	if u, err := s.User("nonno"); err != nil || u.Role != canteen.RoleGuardian || u.Epoch != 1 {
		t.Errorf("the login of the new guardian: %+v, %v", u, err)
	}
}

func TestLeave_theLastGuardianStays(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	pan, handle := town.elder, pupilHandle(t, s, town.elder)
	family := town.family(pan)
	wantRefusal(t, "the only guardian leaves", s.LeavePupil(family, handle), canteen.KindConflict)
	other := newPerson(t, s, "Altro", "Genitore")
	if err := s.LinkGuardian(office(), LinkChange{Person: other.Handle, Pupil: pan, Reason: "stato civile"}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "a stranger leaves", s.LeavePupil(as(newPerson(t, s, "Uno", "Qualunque")), handle), canteen.KindNotFound)
	if err := s.LeavePupil(family, handle); err != nil {
		t.Fatal(err)
	}
	_, err := s.Pupil(family, pan)
	wantRefusal(t, "after leaving", err, canteen.KindNotFound)
	wantRefusal(t, "the office unlinks the last", s.UnlinkGuardian(office(), LinkChange{Person: other.Handle, Pupil: pan, Reason: "decreto"}), canteen.KindConflict)
}
