package store

import (
	"testing"

	"refettorio/canteen"
)

// officer is an act of the diets officer.
func officer() Act {
	return Act{Actor: canteen.Actor{Login: "diete", Role: canteen.RoleDiets}, Channel: canteen.ChannelWeb}
}

// fillDiets puts a record into each table of its area.
func fillDiets(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
	pan := town.of["primaria 1A"][2]
	handle := sentDiet(t, town, pan)
	if err := s.DecideDiet(officer(), handle, DietDecision{Step: canteen.DietApprove, Code: "SG", Category: canteen.DietCoeliac}); err != nil {
		t.Fatalf("approve: %v", err)
	}
}

// healthAsk is a health diet with its certificate.
func healthAsk() DietAsk {
	return DietAsk{Kind: canteen.DietHealth, Asked: "È celiaca, niente glutine.",
		Document: Document{Media: "image/jpeg", Bytes: []byte("la fotografia del certificato della dottoressa Bianchi")}}
}

// sentDiet opens a health request for a pupil and sends it.
func sentDiet(t testing.TB, town *smallTown, pan canteen.PAN) (handle string) {
	t.Helper()
	handle, err := town.s.OpenDiet(town.family(pan), pan, healthAsk())
	if err != nil {
		t.Fatalf("open a diet request: %v", err)
	}
	if _, err := town.s.SendDiet(town.family(pan), handle); err != nil {
		t.Fatalf("send a diet request: %v", err)
	}
	return handle
}
