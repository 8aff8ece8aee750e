package store

import (
	"testing"

	"refettorio/canteen"
)

// fillCounter puts a record into each table of its area.
func fillCounter(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
	hours := canteen.DefaultDeskHours
	hours.Places = 2
	if err := s.SetDeskHours(office(), hours); err != nil {
		t.Fatalf("hours: %v", err)
	}
	day := canteen.DateOf(c.now()).AddDays(1)
	for len(hours.Times(day)) == 0 {
		day = day.AddDays(1)
	}
	for _, act := range []Act{{}, town.family(town.coeliac)} {
		if _, err := s.BookAppointment(act, AppointmentRequest{Day: day, At: 9 * 60, About: "diet"}); err != nil {
			t.Fatalf("appointment: %v", err)
		}
	}
	n := DeskRegistration{CodiceFiscale: "CNTGUO80C03D643X", Surname: "Conti", Name: "Ugo", Address: "Via Roma 1", PostCode: "71121",
		City: "Borgoluce", DocumentSeen: true, Privacy: 1}
	if _, err := s.RegisterAtDesk(desk(0), n); err != nil {
		t.Fatalf("registration: %v", err)
	}
}

// desk is an act of a desk user for a person; 0 for none.
func desk(person canteen.GuardianID) Act {
	act := Act{Actor: canteen.Actor{Login: "sportello", Role: canteen.RoleDesk, Guardian: person}, Channel: canteen.ChannelDesk}
	if person != 0 {
		act.OnBehalf = "Persona di prova"
	}
	return act
}
