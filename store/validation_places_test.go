package store

import (
	"fmt"
	"strings"
	"testing"

	"refettorio/canteen"
)

// TestStory43: sisters were denied the siblings’ price because their surnames
// differ. Here siblings are those who share a guardian.
func TestStory43_validationRanksSiblingsByGuardianNotSurname(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	school := secretary(t, s, codePrimaria)
	parent := town.parent[town.of["primaria 1A"][2]] // of a child born in 2018
	a := town.candidate(t, 1, func(a *canteen.Application) { a.Applicant, a.Child.Surname = parent, "Altro Cognome" })
	v := validated(t, s, school, a, canteen.ValidationDone)
	for pan, want := range map[canteen.PAN]uint8{town.of["primaria 1A"][2]: 1, v.Pupil: 2} {
		if list, err := s.Enrolments(office(), pan); err != nil || list[0].Rank != want {
			t.Errorf("pupil %s has rank %d %v, want %d", pan, list[0].Rank, err, want)
		}
	}
}

func TestValidate_movesTheDietRequestToThePAN(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for n, test := range []struct {
		state canteen.DietState
		want  string
	}{{canteen.DietApproved, "SG"}, {canteen.DietSent, ""}} {
		var asked string
		a := town.candidate(t, n, func(a *canteen.Application) { asked, a.DietAsked = "diet000000000000"[:15]+fmt.Sprint(n), "" })
		err := s.updateAlone(Console(), func(tx *tx) error {
			tx.putDietRequest(&canteen.DietRequest{Handle: asked, State: test.state, Kind: canteen.DietHealth, Application: a.Handle,
				AskedBy: a.Applicant, Code: "SG", From: monday, Sent: tx.now, Receipt: tx.issue(Receipt{Kind: ReceiptDiet, Diet: asked})})
			a.DietAsked = asked
			tx.putApplication(&a)
			return tx.err
		})
		if err != nil {
			t.Fatal(err)
		}
		v := validated(t, s, secretary(t, s, codePrimaria), a, canteen.ValidationDone)
		err = s.view(Console(), func(tx *tx) error {
			r, _ := tx.dietRequest(asked)
			if r.Pupil != v.Pupil {
				t.Errorf("the request is for %s, want %s", r.Pupil, v.Pupil)
			}
			if got := canteen.InForce(tx.enrolmentsOf(v.Pupil)[0].Diets, monday); got != test.want {
				t.Errorf("a request %s gives diet %q, want %q", test.state, got, test.want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestValidate_PANsAreNeverReused draws many codes, some colliding with what the
// record holds or has held.
func TestValidate_PANsAreNeverReused(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	var words []byte
	for n := range 63 { // the codes the small town has: all must be passed over
		words = be.AppendUint64(words, uint64(1000+7*n))
	}
	words = be.AppendUint64(words, 77_000_001)
	a := town.candidate(t, 1, nil)
	school := secretary(t, s, codePrimaria)
	kept := s.entropy
	s.entropy = strings.NewReader(string(words) + strings.Repeat("handle", 20))
	defer func() { s.entropy = kept }()
	v := validated(t, s, school, a, canteen.ValidationDone)
	if want := canteen.NewPAN(77_000_001); v.Pupil != want {
		t.Errorf("got %s, want %s, the first free one", v.Pupil, want)
	}
	err := s.updateAlone(Console(), func(tx *tx) error { // a code with an account's past and no pupil any more
		past := canteen.NewPAN(88_000_001)
		tx.putIndex(entriesByPAN, append(keyPAN(past), key64(1)...))
		s.entropy = strings.NewReader(string(be.AppendUint64(be.AppendUint64(nil, 88_000_001), 88_000_009)))
		pan, err := tx.drawPAN(func(canteen.PAN) bool { return false })
		if pan != canteen.NewPAN(88_000_009) {
			t.Errorf("drew %s %v, a code that was somebody's", pan, err)
		}
		tx.del(entriesByPAN, append(keyPAN(past), key64(1)...))
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
}
