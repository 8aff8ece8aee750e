package store

import (
	"slices"
	"sync"
	"testing"

	"refettorio/canteen"
)

// TestInvitation_isUsedOnce: twice by the same person, by another, by two at once.
func TestInvitation_isUsedOnce(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	family := town.family(town.elder)
	req := InvitationRequest{Pupils: []string{pupilHandle(t, s, town.elder)}, Guardian: true}
	code := invite(t, s, family, req)
	people := make([]canteen.Guardian, 8)
	for i := range people {
		people[i] = newPerson(t, s, "Invitato", "Numero")
	}
	errs := make([]error, len(people))
	var wait sync.WaitGroup
	for i := range people {
		wait.Go(func() { errs[i] = s.AcceptInvitation(as(people[i]), code, "192.0.2.1") })
	}
	wait.Wait()
	winner := slices.Index(errs, nil)
	for i, err := range errs {
		if i != winner {
			wantRefusal(t, "the same code at once", err, canteen.KindConflict)
		}
	}
	if winner < 0 {
		t.Fatalf("nobody could use the code: %v", errs)
	}
	err := s.AcceptInvitation(as(people[winner]), code, "192.0.2.1")
	if refusal, ok := err.(*canteen.Error); !ok || refusal.Key != "error.invitation.yours" {
		t.Errorf("the same person again: %v", err)
	}
	if p, _ := s.Pupil(Console(), town.elder); len(p.Guardians) != 2 {
		t.Errorf("%d guardians, want 2", len(p.Guardians))
	}
	wantRefusal(t, "its own invitation", s.AcceptInvitation(family, invite(t, s, family, req), ""), canteen.KindConflict)
}

func TestInvitation_expiresAndIsRevoked(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	family, guest := town.family(town.elder), newPerson(t, s, "Invitata", "Tardi")
	req := InvitationRequest{Pupils: []string{pupilHandle(t, s, town.elder)}, Guardian: true}
	code := invite(t, s, family, req)
	c.advance(canteen.InvitationLife)
	wantRefusal(t, "after seven days", s.AcceptInvitation(as(guest), code, ""), canteen.KindTooLate)
	code = invite(t, s, family, req)
	h, err := s.Household(family)
	if err != nil || len(h.Invitations) != 1 {
		t.Fatalf("open invitations: %+v, %v", h.Invitations, err)
	}
	wantRefusal(t, "revoked by a stranger", s.RevokeInvitation(as(guest), h.Invitations[0].Handle), canteen.KindNotFound)
	if err := s.RevokeInvitation(family, h.Invitations[0].Handle); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "after it was revoked", s.AcceptInvitation(as(guest), code, ""), canteen.KindInvalid)
	c.advance(keepInvitation + canteen.InvitationLife)
	if n, err := s.Sweep(Job()); err != nil || n == 0 {
		t.Errorf("sweep: %d, %v", n, err)
	}
}

// TestStory34_aPANAloneOpensNothing: an unknown PAN, a wrong codice fiscale and
// both get one answer, and soon none at all.
func TestStory34_aPANAloneOpensNothing(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	p, err := s.Pupil(Console(), town.elder)
	if err != nil {
		t.Fatal(err)
	}
	thief := as(newPerson(t, s, "Ladro", "Di Numeri"))
	unknown := canteen.NewPAN(999_999)
	answers := map[string]bool{}
	for _, guess := range []Pairing{{PAN: p.PAN}, {PAN: p.PAN, CodiceFiscale: "ALN0000000000999"}, {PAN: unknown, CodiceFiscale: p.CodiceFiscale}, {PAN: unknown}, {}} {
		err := s.PairPupil(thief, guess, "192.0.2.66")
		wantRefusal(t, "a guess", err, canteen.KindInvalid)
		answers[err.Error()] = true
	}
	if len(answers) != 1 {
		t.Errorf("the refusals differ: %v", answers)
	}
	right := Pairing{PAN: p.PAN, CodiceFiscale: p.CodiceFiscale}
	wantRefusal(t, "the right answer after too many wrong ones", s.PairPupil(thief, right, "192.0.2.66"), canteen.KindConflict)

	for range 7 { // other persons behind the same address, until it has no try left
		other := as(newPerson(t, s, "Ladro", "Di Numeri"))
		for range canteen.PersonTries.Most {
			wantRefusal(t, "a guess from the same address", s.PairPupil(other, Pairing{PAN: p.PAN}, "192.0.2.66"), canteen.KindInvalid)
		}
	}
	parent := as(newPerson(t, s, "Vero", "Genitore"))
	wantRefusal(t, "an address that guessed too often", s.PairPupil(parent, right, "192.0.2.66"), canteen.KindConflict)
	if err := s.PairPupil(parent, right, "198.51.100.7"); err != nil {
		t.Fatalf("the right pair from another address: %v", err)
	}
	if message := lastMessage(t, s); message.Kind != "household.joined" || message.Person != town.parent[p.PAN] {
		t.Errorf("the other guardian was not told: %+v", message)
	}
	if changes, err := s.HouseholdChanges(office(), 1); err != nil || changes[0].What != "household.link.pairing" {
		t.Errorf("the office was not told: %+v, %v", changes, err)
	}
	c.advance(canteen.PersonTries.In)
	if err := s.PairPupil(thief, right, "192.0.2.66"); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// TestPairing_theSameFormTwice: a wrong form sent again is refused again, and a
// right one is done once.
func TestPairing_theSameFormTwice(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	p, err := s.Pupil(Console(), town.elder)
	if err != nil {
		t.Fatal(err)
	}
	act := as(newPerson(t, s, "Vero", "Genitore"))
	act.Once = "un modulo"
	for range 2 {
		wantRefusal(t, "a wrong form", s.PairPupil(act, Pairing{PAN: p.PAN}, ""), canteen.KindInvalid)
	}
	for range 2 {
		if err := s.PairPupil(act, Pairing{PAN: p.PAN, CodiceFiscale: p.CodiceFiscale}, ""); err != nil {
			t.Errorf("the right form: %v", err)
		}
	}
}

// TestKeyDelegation_ordersByPupilThenPerson holds the two keys of a delegation:
// their parts come back, and their bytes sort as the numbers do.
func TestKeyDelegation_ordersByPupilThenPerson(t *testing.T) {
	pans, people := []canteen.PAN{1, 255, 256, 1 << 40}, []canteen.GuardianID{1, 2, 256, 1 << 33}
	var before []byte
	for _, pan := range pans {
		for _, person := range people {
			key, index := keyDelegation(pan, person), keyDelegationByPerson(person, pan)
			if canteen.PAN(be.Uint64(key)) != pan || canteen.GuardianID(be.Uint64(key[8:])) != person || panAtEnd(index) != pan || len(index) != 16 {
				t.Errorf("pupil %d, person %d: key %x, index %x", pan, person, key, index)
			}
			if slices.Compare(before, key) >= 0 {
				t.Errorf("key %x does not come after %x", key, before)
			}
			before = key
		}
	}
}
