package store

import (
	"testing"

	"refettorio/canteen"
)

// fillHouseholds puts a record into each table of its area.
func fillHouseholds(t *testing.T, s *Store, _ *clock, town *smallTown) {
	t.Helper()
	aunt := newPerson(t, s, "Zia", "Filler")
	delegate(t, s, town, town.elder, aunt, canteen.RightCancel)
	invite(t, s, town.family(town.elder), InvitationRequest{Pupils: []string{pupilHandle(t, s, town.elder)}, Guardian: true})
	if _, err := s.AddPerson(office(), canteen.Guardian{Name: "Nonno", Surname: "Filler", CodiceFiscale: "RSSMRA80A01H501U"}); err != nil {
		t.Fatal(err)
	}
	if err := s.AddUser(Console(), User{Login: "nonno", Role: canteen.RoleDelegate}, "RSSMRA80A01H501U"); err != nil {
		t.Fatal(err)
	}
	nobody := Act{Actor: canteen.Actor{Login: "zia", Role: canteen.RoleGuardian, Guardian: aunt.ID}, Channel: canteen.ChannelWeb}
	if err := s.PairPupil(nobody, Pairing{PAN: town.elder}, "192.0.2.1"); canteen.KindOf(err) != canteen.KindInvalid {
		t.Fatalf("a pairing without a codice fiscale: %v", err)
	}
}
