package store

import (
	"slices"
	"testing"
	"time"

	"refettorio/canteen"
)

// bothChannels is what a service with everything can send by.
var bothChannels = []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}

// queued puts a message to a person into the outbox.
func queued(t *testing.T, s *Store, m Message) {
	t.Helper()
	if err := s.update(Job(), func(tx *tx) error { tx.queue(m); return nil }); err != nil {
		t.Fatal(err)
	}
}

// due are the messages whose time has come.
func due(t *testing.T, s *Store) []Outgoing {
	t.Helper()
	all, err := s.DueMessages(Job(), 100, bothChannels)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// profiled is a person with proved contacts.
func profiled(t *testing.T, s *Store, change func(*canteen.Guardian, *Profile)) canteen.GuardianID {
	t.Helper()
	var id canteen.GuardianID
	err := s.update(Console(), func(tx *tx) error {
		id = canteen.GuardianID(tx.next(guardians))
		g := canteen.Guardian{ID: id, Surname: "Marrone", Name: "Ada", Email: "ada@example.org", Phone: "+393331112223"}
		p := Profile{Lang: "en", Email: ContactMark{g.Email, "self", tx.now, false}, Phone: ContactMark{g.Phone, "self", tx.now, false}}
		if change != nil {
			change(&g, &p)
		}
		tx.putGuardian(g)
		tx.putProfile(id, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Who gets a message, and how: only what was proved, as the person chose.
func TestOutbox_reach(t *testing.T) {
	for name, c := range map[string]struct {
		change   func(*canteen.Guardian, *Profile)
		channels []canteen.Channel
		want     []canteen.Channel
	}{
		"by e-mail, unless it chose otherwise": {nil, bothChannels, []canteen.Channel{canteen.ChannelEmail}},
		"both, as it chose": {func(_ *canteen.Guardian, p *Profile) {
			p.Wants = map[string][]canteen.Channel{canteen.TopicCredit: {canteen.ChannelEmail, canteen.ChannelSMS}}
		}, bothChannels, bothChannels},
		"a text message, where none can be sent": {func(_ *canteen.Guardian, p *Profile) {
			p.Wants = map[string][]canteen.Channel{canteen.TopicCredit: {canteen.ChannelSMS}}
		}, bothChannels[:1], bothChannels[:1]},
		"chosen for something else": {func(_ *canteen.Guardian, p *Profile) {
			p.Wants = map[string][]canteen.Channel{canteen.TopicService: {canteen.ChannelSMS}}
		}, bothChannels, bothChannels[:1]},
		"an e-mail that changed since":  {func(g *canteen.Guardian, _ *Profile) { g.Email = "new@example.org" }, bothChannels, bothChannels[1:]},
		"an e-mail that sends it back":  {func(_ *canteen.Guardian, p *Profile) { p.Email.Bounced = true }, bothChannels, bothChannels[1:]},
		"nothing was proved":            {func(_ *canteen.Guardian, p *Profile) { *p = Profile{} }, bothChannels, nil},
		"an address nobody typed":       {func(g *canteen.Guardian, p *Profile) { g.Email, p.Email, p.Phone = "", ContactMark{}, ContactMark{} }, bothChannels, nil},
		"only text messages, none sent": {func(g *canteen.Guardian, p *Profile) { g.Email, p.Email = "", ContactMark{} }, bothChannels[:1], nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			id := profiled(t, s, c.change)
			err := s.view(Job(), func(tx *tx) error {
				var got []canteen.Channel
				for _, r := range tx.reach(id, MessageLowCredit, c.channels) {
					got = append(got, r.Channel)
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// A message goes to every guardian once, whatever happens to one of them.
func TestOutbox_everyGuardianOnce(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	one, two := profiled(t, s, nil), profiled(t, s, func(g *canteen.Guardian, p *Profile) { g.Email, p.Email.Value = "ugo@example.org", "ugo@example.org" })
	pan := town.pupils[3]
	if err := s.update(Console(), func(tx *tx) error {
		p, _ := tx.pupil(pan)
		p.Guardians = []canteen.GuardianID{one, two}
		tx.putPupil(p)
		tx.queue(Message{Kind: "event", Pupil: pan})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all := due(t, s)
	if len(all) != 1 || len(all[0].To) != 2 {
		t.Fatalf("due: %+v, want one message to two people", all)
	}
	number := all[0].Number
	tell := func(d ...Delivery) {
		t.Helper()
		if err := s.RecordDeliveries(Job(), number, d); err != nil {
			t.Fatal(err)
		}
	}
	tell(Delivery{Person: one, Channel: canteen.ChannelEmail, State: MessageSent, ID: "4711"}, Delivery{Person: two, Channel: canteen.ChannelEmail, State: MessageQueued})
	if len(due(t, s)) != 0 {
		t.Error("due again without a pause")
	}
	c.advance(15 * time.Second)
	if all = due(t, s); len(all) != 1 || len(all[0].To) != 1 || all[0].To[0].Person != two {
		t.Fatalf("after the pause: %+v, want the second person only", all)
	}
	tell(Delivery{Person: two, Channel: canteen.ChannelEmail, State: MessageUnknown})
	tell(Delivery{Person: two, Channel: canteen.ChannelEmail, State: MessageSent})
	m := messageOf(t, s, number)
	if m.State != MessageSent || len(m.Deliveries) != 2 || m.Deliveries[1].State != MessageUnknown || len(due(t, s)) != 0 {
		t.Errorf("in the end: %+v", m)
	}
}

func messageOf(t *testing.T, s *Store, number uint64) (m Message) {
	t.Helper()
	if err := s.view(Job(), func(tx *tx) error { tx.getJSON(messages, key64(number), &m); return nil }); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOutbox_fates(t *testing.T) {
	for name, c := range map[string]struct {
		tried []string
		want  string
	}{
		"nobody to write to":   {nil, MessageNobody},
		"refused":              {[]string{MessageFailed}, MessageFailed},
		"refused, then sent":   {[]string{MessageFailed, MessageSent}, MessageSent},
		"nobody can know":      {[]string{MessageUnknown}, MessageUnknown},
		"unknown and refused":  {[]string{MessageFailed, MessageUnknown}, MessageUnknown},
		"one of them is later": {[]string{MessageSent, MessageQueued}, MessageQueued},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t)
			queued(t, s, Message{Kind: "code-email", To: "ada@example.org", Channel: canteen.ChannelEmail, Facts: []Fact{{Text: "042137"}}})
			var tried []Delivery
			for i, state := range c.tried {
				tried = append(tried, Delivery{Person: 0, Channel: canteen.Channel(rune('a' + i)), State: state})
			}
			if err := s.RecordDeliveries(Job(), 1, tried); err != nil {
				t.Fatal(err)
			}
			m := messageOf(t, s, 1)
			if m.State != c.want || (len(m.Facts) == 0) != (m.State != MessageQueued) {
				t.Errorf("got %s with %d facts, want %s and no code left once it is finished", m.State, len(m.Facts), c.want)
			}
		})
	}
}

// A server that is never well: the pauses grow, and then it is given up.
func TestOutbox_givesUp(t *testing.T) {
	s, c := open(t)
	id := profiled(t, s, nil)
	queued(t, s, Message{Kind: "event", Person: id})
	tries := 0
	for range 10_000 {
		for range due(t, s) {
			tries++
			if err := s.RecordDeliveries(Job(), 1, []Delivery{{Person: id, Channel: canteen.ChannelEmail, State: MessageQueued}}); err != nil {
				t.Fatal(err)
			}
		}
		if messageOf(t, s, 1).State != MessageQueued {
			break
		}
		c.advance(10 * time.Minute)
	}
	if m := messageOf(t, s, 1); m.State != MessageFailed || tries < 8 || tries > 20 {
		t.Errorf("after %d tries: %s, want failed after some", tries, m.State)
	}
}

// What is old is not sent any more, and its code does not stay.
func TestOutbox_expires(t *testing.T) {
	s, c := open(t)
	id := profiled(t, s, nil)
	queued(t, s, Message{Kind: "code-email", To: "ada@example.org", Channel: canteen.ChannelEmail, Facts: []Fact{{Text: "042137"}}})
	queued(t, s, Message{Kind: "event", Person: id})
	c.advance(canteen.CodeLife + time.Second)
	if all := due(t, s); len(all) != 1 || all[0].Kind != "event" {
		t.Errorf("due after ten minutes: %+v, want the letter only", all)
	}
	if n, err := s.ExpireMessages(Job()); err != nil || n != 1 {
		t.Errorf("expired: %d, %v; want the code", n, err)
	}
	if m := messageOf(t, s, 1); m.State != MessageExpired || len(m.Facts) != 0 {
		t.Errorf("the code: %+v", m)
	}
	c.advance(canteen.MessageLife("event"))
	if n, err := s.ExpireMessages(Job()); err != nil || n != 1 {
		t.Errorf("expired a week later: %d, %v; want the letter", n, err)
	}
	if n, since, err := s.WaitingMessages(office()); err != nil || n != 0 || !since.IsZero() {
		t.Errorf("waiting: %d since %v, %v; want none", n, since, err)
	}
}

// A code comes before the letters that wait, and the record rings for it.
func TestOutbox_codesFirst(t *testing.T) {
	s, _ := open(t)
	id := profiled(t, s, nil)
	for range 30 {
		queued(t, s, Message{Kind: "event", Person: id})
	}
	<-s.Outbox()
	queued(t, s, Message{Kind: "code-email", To: "ada@example.org", Channel: canteen.ChannelEmail})
	select {
	case <-s.Outbox():
	default:
		t.Error("the record did not ring")
	}
	all, err := s.DueMessages(Job(), 5, bothChannels)
	if err != nil || len(all) != 5 || all[0].Kind != "code-email" {
		t.Errorf("the first due: %+v, %v; want the code", all, err)
	}
	if _, err := s.DueMessages(office(), 5, bothChannels); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("the office asks for the letters: %v, want forbidden", err)
	}
}

// The outbox of a file from before has its place among what is due.
func TestOutbox_ofAnOlderFile(t *testing.T) {
	s, _ := open(t)
	id := profiled(t, s, nil)
	queued(t, s, Message{Kind: "event", Person: id})
	err := s.update(Job(), func(tx *tx) error {
		var m Message
		tx.getJSON(messages, key64(1), &m)
		tx.del(messagesDue, keyMessageDue(m.due(), 1))
		return nil
	})
	if err != nil || len(due(t, s)) != 0 {
		t.Fatalf("made old: %v", err)
	}
	if err := s.update(Job(), func(tx *tx) error { tx.addDue(); return tx.err }); err != nil || len(due(t, s)) != 1 {
		t.Errorf("after the migration: %v, %d due, want 1", err, len(due(t, s)))
	}
}
