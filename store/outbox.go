package store

import (
	"errors"
	"slices"
	"time"

	"refettorio/canteen"
)

// The states of a message. Queued is the only one that is not final: sent to at
// least one of its people; failed to reach any; unknown when the connection
// broke after the text was handed over, so that nobody can say; nobody when none
// of its people has a verified contact; expired when it was not worth sending
// any more.
const (
	MessageQueued  = "queued"
	MessageSent    = "sent"
	MessageFailed  = "failed"
	MessageUnknown = "unknown"
	MessageNobody  = "nobody"
	MessageExpired = "expired"
)

// Delivery is what became of a message at one of its people. State is one of
// the final states of a message, or queued: to be tried again.
type Delivery struct {
	Person  canteen.GuardianID `json:"person,omitempty"`
	Channel canteen.Channel    `json:"channel"`
	State   string             `json:"state"`
	ID      string             `json:"id,omitempty"` // the provider's
	At      time.Time          `json:"at"`
}

// Recipient is where a message is to go. Lang is the person's own choice and
// may be empty.
type Recipient struct {
	Person  canteen.GuardianID
	Channel canteen.Channel
	Address string
	Lang    string
}

// Outgoing is a message whose time has come, and who has not had it yet.
type Outgoing struct {
	Message
	To []Recipient
}

// Outbox rings after a commit that left a message to be sent.
func (s *Store) Outbox() <-chan struct{} { return s.ring }

func (s *Store) ringOutbox() {
	select {
	case s.ring <- struct{}{}:
	default: // it has not been heard yet, which is enough
	}
}

// due is when the next try of a message is due. A code comes before the letters
// that wait already: somebody sits in front of a page.
func (m *Message) due() time.Time {
	switch {
	case !m.Due.IsZero():
		return m.Due
	case canteen.CarriesCode(m.Kind):
		return m.At.Add(-canteen.CodeLife)
	}
	return m.At
}

func (m *Message) stale(now time.Time) bool { return now.Sub(m.At) > canteen.MessageLife(m.Kind) }

func keyMessageDue(due time.Time, number uint64) []byte {
	return be.AppendUint64(key64(uint64(due.UnixMilli())), number)
}

// putMessage is the one writer of messages and of what is due.
func (tx *tx) putMessage(m *Message) {
	key := key64(m.Number)
	var old Message
	if tx.getJSON(messages, key, &old) && old.State == MessageQueued && (m.State != MessageQueued || !m.due().Equal(old.due())) {
		tx.del(messagesDue, keyMessageDue(old.due(), old.Number))
	}
	tx.putJSON(messages, key, m)
	if m.State == MessageQueued {
		tx.putIndex(messagesDue, keyMessageDue(m.due(), m.Number))
		tx.queued = true
	}
}

// addDue gives the messages of an older file their place among what is due.
func (tx *tx) addDue() {
	type message struct {
		Number uint64    `json:"number"`
		At     time.Time `json:"at"`
		State  string    `json:"state"`
	}
	for _, m := range loadAll[message](tx, messages) {
		if m.State == "queued" {
			tx.putIndex(messagesDue, keyMessageDue(m.At, m.Number))
		}
	}
}

func mayDeliver(act Act) error {
	if act.Actor.Login == canteen.JobActor.Login {
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// DueMessages returns messages whose time has come, the most urgent first, at
// most limit, each with those of its people who have not had it yet and can be
// reached by one of the channels. Only the scheduler may ask.
func (s *Store) DueMessages(act Act, limit int, channels []canteen.Channel) (all []Outgoing, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayDeliver(act); err != nil {
			return err
		}
		tx.eachDue(func(m *Message) bool {
			if !m.stale(tx.now) {
				all = append(all, Outgoing{*m, tx.recipients(m, channels)})
			}
			return len(all) < limit
		})
		return nil
	})
	return all, err
}

// eachDue visits the messages whose time has come.
func (tx *tx) eachDue(visit func(*Message) bool) {
	tx.scan(messagesDue, nil, func(k, _ []byte) bool {
		if be.Uint64(k) > uint64(tx.now.UnixMilli()) {
			return false
		}
		var m Message
		if !tx.getJSON(messages, k[8:], &m) {
			tx.fail(errors.New("a message that is due is not there"))
			return false
		}
		return visit(&m)
	})
}

// recipients resolves who a message is for, leaving out who has had it.
func (tx *tx) recipients(m *Message, channels []canteen.Channel) []Recipient {
	var all []Recipient
	switch {
	case m.To != "":
		if slices.Contains(channels, m.Channel) {
			all = append(all, Recipient{Channel: m.Channel, Address: m.To, Lang: m.Lang})
		}
	case m.Person != 0:
		all = tx.reach(m.Person, m.Kind, channels)
	default:
		if p, ok := tx.pupil(m.Pupil); ok {
			for _, id := range p.Guardians {
				all = append(all, tx.reach(id, m.Kind, channels)...)
			}
		}
	}
	return slices.DeleteFunc(all, func(r Recipient) bool {
		return slices.ContainsFunc(m.Deliveries, func(d Delivery) bool { return d.Person == r.Person && d.Channel == r.Channel })
	})
}

// reach lists the ways to a person for a kind of message: those it chose, as far
// as they are verified; else e-mail, else a text message. A contact that was not
// proved, or that sends letters back, gets nothing (rules R3.1).
func (tx *tx) reach(id canteen.GuardianID, kind string, channels []canteen.Channel) (ways []Recipient) {
	id = tx.living(id) // a letter may wait while two records become one person
	g, ok := tx.guardian(id)
	if !ok {
		return nil
	}
	p := tx.profile(id)
	add := func(c canteen.Channel) {
		if address := verifiedContact(&g, &p, c); address != "" && slices.Contains(channels, c) {
			ways = append(ways, Recipient{id, c, address, p.Lang})
		}
	}
	for _, c := range p.Wants[canteen.TopicOf(kind)] {
		add(c)
	}
	for _, c := range []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS} {
		if len(ways) == 0 {
			add(c)
		}
	}
	return ways
}

// verifiedContact is a person's address on a channel, if it was proved and still
// is the one that was.
func verifiedContact(g *canteen.Guardian, p *Profile, c canteen.Channel) string {
	value, mark := g.Email, p.Email
	if c == canteen.ChannelSMS {
		value, mark = g.Phone, p.Phone
	}
	if mark.Value != value || mark.Bounced {
		return ""
	}
	return value
}

// RecordDeliveries writes what became of a message at those of its people who
// were tried, and what follows: it is finished, or due again after a pause. A
// message that is finished already is left as it is.
func (s *Store) RecordDeliveries(act Act, number uint64, tried []Delivery) error {
	return s.update(act, func(tx *tx) error {
		if err := mayDeliver(act); err != nil {
			return err
		}
		var m Message
		if !tx.getJSON(messages, key64(number), &m) || m.State != MessageQueued {
			return nil
		}
		again := false
		for _, d := range tried {
			if d.State == MessageQueued {
				again = true
				continue
			}
			d.At = tx.now
			m.Deliveries = append(m.Deliveries, d)
		}
		if again {
			m.Tries++
			if pause, ok := canteen.RetryAfter(m.Tries); ok {
				m.Due = tx.now.Add(pause)
				tx.putMessage(&m)
				return nil
			}
		}
		m.finish(m.fate(again))
		tx.putMessage(&m)
		return nil
	})
}

// fate is the state of a message nobody will try again.
func (m *Message) fate(gaveUp bool) string {
	reached := func(state string) bool {
		return slices.ContainsFunc(m.Deliveries, func(d Delivery) bool { return d.State == state })
	}
	switch {
	case reached(MessageSent):
		return MessageSent
	case reached(MessageUnknown):
		return MessageUnknown
	case gaveUp || reached(MessageFailed):
		return MessageFailed
	}
	return MessageNobody
}

// finish ends a message; a code does not stay in the file.
func (m *Message) finish(state string) {
	m.State, m.Due = state, time.Time{}
	if canteen.CarriesCode(m.Kind) {
		m.Facts = nil
	}
}

// expireBound is how many messages expire in one transaction.
const expireBound = 500

// ExpireMessages ends the messages that are not worth sending any more, a
// bounded number at a time, and returns how many those were.
func (s *Store) ExpireMessages(act Act) (n int, err error) {
	err = s.update(act, func(tx *tx) error {
		if err := mayDeliver(act); err != nil {
			return err
		}
		var stale []Message
		tx.eachDue(func(m *Message) bool {
			if m.stale(tx.now) {
				stale = append(stale, *m)
			}
			return len(stale) < expireBound
		})
		for i := range stale {
			m := &stale[i]
			if m.finish(MessageExpired); len(m.Deliveries) > 0 {
				m.State = m.fate(true)
			}
			tx.putMessage(m)
		}
		n = len(stale)
		return nil
	})
	return n, err
}

// Value is the one value of the fact, for the catalogue.
func (f Fact) Value() any {
	switch {
	case !f.Day.IsZero():
		return f.Day
	case !f.At.IsZero():
		return f.At
	case f.Cents != 0:
		return f.Cents
	}
	return f.Text
}
