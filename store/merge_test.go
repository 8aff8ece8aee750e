package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"refettorio/canteen"
)

// TestMerge_provisionalBecomesFinal: pupils, delegations, applications and the
// login go to the person with the final code; the account stays as it is and the
// old record leads to the new one.
func TestMerge_provisionalBecomesFinal(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	add := func(cf canteen.CodiceFiscale, email string) canteen.Guardian {
		handle, err := s.AddPerson(office(), canteen.Guardian{Name: "Amina", Surname: "Diallo", CodiceFiscale: cf, Email: email})
		if err != nil {
			t.Fatal(err)
		}
		f, _ := s.PersonFile(office(), handle)
		return f.Person
	}
	old, final := add("12345678903", "amina@example.org"), add("RSSMRA80A01H501U", "")
	if err := s.AddUser(Console(), User{Login: "amina", Role: canteen.RoleGuardian}, old.CodiceFiscale); err != nil {
		t.Fatal(err)
	}
	if err := s.LinkGuardian(office(), LinkChange{Person: old.Handle, Pupil: town.elder, Reason: "stato civile"}); err != nil {
		t.Fatal(err)
	}
	delegate(t, s, town, town.coeliac, old, canteen.RightCancel)
	handle := ""
	err := s.update(office(), func(tx *tx) error {
		handle = tx.newHandle()
		tx.putApplication(&canteen.Application{Handle: handle, State: canteen.Draft, Applicant: old.ID, Year: "2026/27", Started: tx.now,
			History: []canteen.StepTaken{tx.step(canteen.Draft.String(), "")}, Child: canteen.Child{Surname: "Diallo", Name: "Moussa", Born: 20200101}})
		tx.putDietRequest(&canteen.DietRequest{Handle: handle, State: canteen.DietIncomplete, Kind: canteen.DietEthical, Application: handle, AskedBy: old.ID})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	balance, lines := town.balance(t, town.elder)
	m := Merge{From: old.Handle, Into: final.Handle, Reason: "codice definitivo"}
	preview, err := s.PreviewMerge(office(), m)
	if err != nil || len(preview.Pupils) != 1 || preview.Delegations != 1 || preview.Applications != 1 || len(preview.Logins) != 1 {
		t.Errorf("preview: %+v, %v", preview, err)
	}
	if err := s.MergePersons(office(), m); err != nil {
		t.Fatal(err)
	}
	f, err := s.PersonFile(office(), old.Handle)
	if err != nil || f.Person.ID != final.ID || f.Person.Email != "amina@example.org" || len(f.Pupils) != 1 || len(f.Delegations) != 1 ||
		len(f.Applications) != 1 || len(f.Logins) != 1 {
		t.Errorf("the file behind the old handle: %+v, %v", f, err)
	}
	if found, err := s.FindPersons(office(), "12345678903", 5); err != nil || len(found) != 1 || found[0].ID != final.ID {
		t.Errorf("the provisional code finds %+v, %v", found, err)
	}
	if after, n := town.balance(t, town.elder); after != balance || n != lines {
		t.Errorf("the account: %s in %d lines, was %s in %d", after, n, balance, lines)
	}
	wantRefusal(t, "merged again", s.MergePersons(office(), m), canteen.KindInvalid)
	wantRefusal(t, "a family merges", s.MergePersons(town.family(town.elder), m), canteen.KindForbidden)
}

// TestMerge_bothLinkedToTheSamePupil leaves the pupil with one of them.
func TestMerge_bothLinkedToTheSamePupil(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	parent := personByID(t, s, town.parent[town.elder])
	double := newPerson(t, s, parent.Name, parent.Surname)
	if err := s.LinkGuardian(office(), LinkChange{Person: double.Handle, Pupil: town.elder, Reason: "errore"}); err != nil {
		t.Fatal(err)
	}
	aunt := newPerson(t, s, "Zia", "Rosa")
	code := invite(t, s, as(double), InvitationRequest{Pupils: []string{pupilHandle(t, s, town.elder)}, Rights: []canteen.Right{canteen.RightSee}})
	if err := s.AcceptInvitation(as(aunt), code, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.MergePersons(office(), Merge{From: double.Handle, Into: parent.Handle, Reason: "doppione"}); err != nil {
		t.Fatal(err)
	}
	if p, _ := s.Pupil(office(), town.elder); !slices.Equal(p.Guardians, []canteen.GuardianID{parent.ID}) {
		t.Errorf("guardians %v, want %d alone", p.Guardians, parent.ID)
	}
	if _, err := s.Pupil(as(aunt), town.elder); err != nil {
		t.Errorf("the delegate of the merged guardian lost its rights: %v", err)
	}
}

// personByID returns a person by its number.
func personByID(t testing.TB, s *Store, id canteen.GuardianID) (g canteen.Guardian) {
	t.Helper()
	if err := s.view(Console(), func(tx *tx) error { g, _ = tx.guardian(id); return nil }); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestHouseholds_anySequenceKeepsTheRecordWhole does random acts on households,
// refused ones among them. The check is clean after each round and every pupil
// still has a guardian, which is a person that stands for itself.
func TestHouseholds_anySequenceKeepsTheRecordWhole(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for seed := range uint64(rounds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { randomHouseholds(t, seed) })
	}
}

func randomHouseholds(t *testing.T, seed uint64) {
	s, c := open(t)
	town := fill(t, s)
	luck := rand.New(rand.NewPCG(seed, 3))
	people := []canteen.Guardian{}
	for i := range 8 {
		people = append(people, newPerson(t, s, "Persona", fmt.Sprint("Numero ", string(rune('A'+i)))))
	}
	pans := town.pupils[:6]
	for _, pan := range pans {
		people = append(people, personByID(t, s, town.parent[pan]))
	}
	codes := []string{"AAAA-AAAA"}
	done := 0
	for range 150 {
		someone, other := people[luck.IntN(len(people))], people[luck.IntN(len(people))]
		pan := pans[luck.IntN(len(pans))]
		handle := pupilHandle(t, s, pan)
		var err error
		switch luck.IntN(8) {
		case 0:
			err = s.LinkGuardian(office(), LinkChange{Person: someone.Handle, Pupil: pan, Reason: "prova"})
		case 1:
			err = s.UnlinkGuardian(office(), LinkChange{Person: someone.Handle, Pupil: pan, Reason: "prova"})
		case 2:
			err = s.LeavePupil(as(someone), handle)
		case 3:
			req := InvitationRequest{Pupils: []string{handle}, Guardian: luck.IntN(2) == 0}
			if !req.Guardian {
				req.Rights = canteen.Rights[luck.IntN(3):]
			}
			if err = s.Invite(as(someone), req); err == nil {
				h, _ := s.Household(as(someone))
				for _, open := range h.Invitations {
					codes = append(codes, open.Code)
				}
			}
		case 4:
			err = s.AcceptInvitation(as(someone), codes[luck.IntN(len(codes))], "")
		case 5:
			err = s.ChangeDelegation(as(someone), DelegationChange{Pupil: handle, Person: other.Handle, Rights: canteen.Rights[luck.IntN(4):]})
		case 6:
			p, _ := s.Pupil(Console(), pan)
			err = s.PairPupil(as(someone), Pairing{PAN: pan, CodiceFiscale: p.CodiceFiscale}, "")
		case 7:
			if luck.IntN(6) == 0 {
				err = s.MergePersons(office(), Merge{From: someone.Handle, Into: other.Handle, Reason: "prova"})
			}
		}
		if err == nil {
			done++
		} else if canteen.KindOf(err) == canteen.KindInternal {
			t.Fatalf("seed %d: %v", seed, err)
		}
		c.advance(3600e9)
	}
	if done < 20 {
		t.Errorf("only %d acts were not refused", done)
	}
	for _, pan := range town.pupils {
		p, err := s.Pupil(Console(), pan)
		if err != nil || len(p.Guardians) == 0 {
			t.Errorf("pupil %s has no guardian, %v", pan, err)
		}
		for _, id := range p.Guardians {
			if g := personByID(t, s, id); g.Merged != 0 {
				t.Errorf("pupil %s has the merged guardian %d", pan, id)
			}
		}
	}
}
