package store

import (
	"time"

	"refettorio/canteen"
)

// OfficeTasks counts what waits for the office about families, schools and
// diets. It names nobody, so it is no look at anybody's file.
type OfficeTasks struct {
	Stopped   int    // applications that an old debt stops
	Overdue   int    // applications still unanswered after their term, none of them stopped
	Year      string // school year of the overdue ones, the earlier of two
	Proposals int    // renewals that wait for the family to confirm
	Bands     int    // bands and exemptions asked and not decided
	Paper     int    // requests noted at the counter without an answer
	Nameless  int    // pupils and persons without a final codice fiscale
	Expired   int    // health diets past their last day, which are cooked all the same
}

// OfficeTasks counts what waits for the office, in this school year and the next.
func (s *Store) OfficeTasks(act Act) (t OfficeTasks, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		t = OfficeTasks{}
		this := canteen.YearOf(canteen.DateOf(tx.now))
		for _, year := range []string{this, canteen.NextYear(this)} {
			for i := range tx.townNow().schools {
				t.countApplications(tx, &tx.townNow().schools[i], year)
			}
		}
		for _, one := range tx.paperRequests() {
			if one.Answer == nil {
				t.Paper++
			}
		}
		t.Nameless = len(tx.withoutFinalCode(pupils, pupilsByCF)) + tx.namelessPersons()
		t.Expired = tx.expiredDiets()
		return nil
	})
	return t, err
}

func (t *OfficeTasks) countApplications(tx *tx, school *canteen.School, year string) {
	for _, a := range tx.applicationsTo(school.ID, year) {
		switch {
		case a.State == canteen.Draft && a.Renewal:
			t.Proposals++
		case a.State == canteen.Submitted && tx.debtGate(&a).Stopped:
			t.Stopped++
		case tx.applicationLine(&a, school).Overdue:
			if t.Overdue++; t.Year == "" {
				t.Year = year
			}
		}
		if a.Band != "" && (a.State == canteen.Submitted || a.State == canteen.Validated) && !bandDecided(&a) {
			t.Bands++
		}
	}
}

// namelessPersons counts the persons without a final codice fiscale who were not
// merged into somebody else.
func (tx *tx) namelessPersons() (n int) {
	for _, id := range tx.withoutFinalCode(guardians, guardiansByCF) {
		if g, ok := tx.guardian(canteen.GuardianID(id)); ok && g.Merged == 0 {
			n++
		}
	}
	return n
}

// expiredDiets counts what DietDesk lists as expired.
func (tx *tx) expiredDiets() (n int) {
	today := canteen.DateOf(tx.now)
	for _, r := range loadAll[canteen.DietRequest](tx, dietRequests) {
		if r.Kind == canteen.DietHealth && r.Standing(today) == canteen.DietExpired {
			n++
		}
	}
	return n
}

// messageLook is how far back the office looks at messages: what is older was
// given up long ago.
const messageLook = 31 * 24 * time.Hour

// recentMessages visits the messages of the last month, newest first, until
// visit says no.
func (tx *tx) recentMessages(visit func(*Message) bool) {
	c := tx.bucket(messages).Cursor()
	for k, stored := c.Last(); k != nil; k, stored = c.Prev() {
		var m Message
		if v := tx.open(messages, k, stored); v == nil || !tx.decode(messages, k, v, &m) || tx.now.Sub(m.At) > messageLook || !visit(&m) {
			return
		}
	}
}

// WaitingMessages counts the messages of the last month that nobody has
// delivered yet, and tells since when the oldest of them waits.
func (s *Store) WaitingMessages(act Act) (n int, since time.Time, err error) {
	err = s.view(act, func(tx *tx) error {
		n, since = 0, time.Time{}
		tx.recentMessages(func(m *Message) bool {
			if m.State == MessageQueued {
				n, since = n+1, m.At
			}
			return true
		})
		return nil
	})
	return n, since, err
}

// LostMessage is a message that reached nobody, or of which nobody can say
// whether it did. Persons are those it was for.
type LostMessage struct {
	Kind    string
	At      time.Time
	State   string // MessageFailed or MessageUnknown
	Persons []canteen.Guardian
}

// lost tells whether the office should reach somebody in another way. A code is
// asked again by who did not get it.
func (m *Message) lost() bool {
	return (m.State == MessageFailed || m.State == MessageUnknown) && !canteen.CarriesCode(m.Kind)
}

// LostMessages lists the last month's lost messages for the office, newest first
// and at most limit, and counts them all.
func (s *Store) LostMessages(act Act, limit int) (list []LostMessage, n int, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		list, n = nil, 0
		tx.recentMessages(func(m *Message) bool {
			if !m.lost() {
				return true
			}
			if n++; len(list) < limit {
				list = append(list, tx.lostMessage(m))
			}
			return true
		})
		tx.saw(look{what: "messages"})
		return nil
	})
	return list, n, err
}

func (tx *tx) lostMessage(m *Message) LostMessage {
	l := LostMessage{Kind: m.Kind, At: m.At, State: m.State}
	ids := []canteen.GuardianID{m.Person}
	if p, ok := tx.pupil(m.Pupil); m.Person == 0 && ok {
		ids = p.Guardians
	}
	for _, id := range ids {
		if g, ok := tx.guardian(id); ok {
			l.Persons = append(l.Persons, g)
		}
	}
	return l
}
