package store

import (
	"testing"

	"refettorio/canteen"
)

// fillApplications puts a record into each table of its area.
func fillApplications(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
	act := town.family(town.elder)
	handle := apply(t, s, act, newChild(t, 1))
	if _, err := s.SubmitApplication(act, handle); err != nil {
		t.Fatalf("submit: %v", err)
	}
	if err := s.Rate(act, canteen.Rating{Service: canteen.RatingEnrolment, Stars: 5, Reason: 1, Text: "Tutto chiaro"}); err != nil {
		t.Fatalf("rate: %v", err)
	}
	if err := s.SetEnrolmentWindow(office(), canteen.EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430}, "Carla Ufficio", 30); err != nil {
		t.Fatalf("window: %v", err)
	}
}

// newChild is a child the service does not know, born in 2020.
func newChild(t testing.TB, n int) canteen.Child {
	t.Helper()
	c := canteen.Child{Surname: "Nuovi", Name: "Luce", Born: canteen.NewDate(2020, 1+n/28, 1+n%28), Sex: "F", Birthplace: "Borgoluce"}
	cf, err := canteen.ComputeCodiceFiscale(c.Surname, c.Name, 'F', c.Born, "D643")
	if err != nil {
		t.Fatal(err)
	}
	c.CodiceFiscale = cf
	return c
}

// answers is a whole application for a child in primaria 1A of the small town.
func answers(child canteen.Child) canteen.Application {
	return canteen.Application{Privacy: canteen.PrivacyNotice, Child: child, School: primaria, Grade: "1", Class: 3}
}

// apply starts an application of this year and fills in every step.
func apply(t testing.TB, s *Store, act Act, child canteen.Child) string {
	t.Helper()
	handle, err := s.StartApplication(act, "2026/27", 0)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	fillIn(t, s, act, handle, answers(child))
	return handle
}

// fillIn answers every step of an application.
func fillIn(t testing.TB, s *Store, act Act, handle string, a canteen.Application) {
	t.Helper()
	for step := canteen.StepPrivacy; step <= canteen.LastStep; step++ {
		if _, err := s.SaveApplication(act, handle, step, a); err != nil {
			t.Fatalf("step %s: %v", step, err)
		}
	}
}
