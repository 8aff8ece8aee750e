package store

import (
	"testing"
	"time"

	"refettorio/canteen"
)

// fillAccesses puts a record into each table of its area: a read of the office,
// a legal hold, and a code that has served its time for the retention job.
func fillAccesses(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
	p, err := s.Pupil(office(), town.coeliac)
	if err != nil {
		t.Fatalf("pupil: %v", err)
	}
	if err := s.PutHold(admin(), canteen.Hold{Subject: canteen.PupilSubject(p.Handle), Reason: "Ricorso al TAR 12/2026"}); err != nil {
		t.Fatalf("hold: %v", err)
	}
	plantCode(t, s, "una prova di età", c.now().Add(-72*time.Hour))
	if n, err := s.Retain(Job()); n != 1 || err != nil {
		t.Fatalf("retention removed %d records, %v; want the old code", n, err)
	}
}

// plantCode puts a code made at an instant.
func plantCode(t testing.TB, s *Store, key string, at time.Time) {
	t.Helper()
	err := s.update(Job(), func(tx *tx) error {
		tx.putJSON(codes, keyHandle(key), struct {
			At time.Time `json:"at"`
		}{at})
		return nil
	})
	if err != nil {
		t.Fatalf("code: %v", err)
	}
}

// admin is an act of an administrator, auditor one of an auditor.
func admin() Act {
	return Act{Actor: canteen.Actor{Login: "admin", Role: canteen.RoleAdmin}, Channel: canteen.ChannelWeb}
}

func auditor() Act {
	return Act{Actor: canteen.Actor{Login: "revisore", Role: canteen.RoleAuditor}, Channel: canteen.ChannelWeb}
}
