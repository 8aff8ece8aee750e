package store

import (
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// What can be wrong with profiles, codes and the outbox, and what the check says.
func TestCheck_outboxDamage(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*tx)
		says string
	}{
		"a profile of nobody": {func(tx *tx) { tx.putProfile(999, Profile{}) }, "the profile is of nobody"},
		"proved nobody knows when": {func(tx *tx) {
			edit(tx, profiles, tx.first(profiles), func(p *Profile) { p.Email = ContactMark{Value: "x@example.org"} })
		}, "nobody knows how and when"},
		"a privacy notice of no version": {func(tx *tx) {
			edit(tx, profiles, tx.first(profiles), func(p *Profile) { p.Privacy[0].Version = 0 })
		}, "a privacy notice of version 0"},
		"a record of no purpose": {func(tx *tx) {
			tx.putCode(make([]byte, 16), codeRecord{Purpose: "reset", Expires: tx.now})
		}, `not what its purpose "reset" says`},
		"six tries": {func(tx *tx) {
			tx.putCode(make([]byte, 16), codeRecord{Purpose: "reset", Expires: tx.now, Reset: &passwordReset{Code: canteen.Code{Tries: 6}}})
		}, "a code with 6 tries"},
		"digits in place of a hash": {func(tx *tx) {
			tx.putCode(make([]byte, 16), codeRecord{Purpose: "reset", Expires: tx.now, Reset: &passwordReset{Code: canteen.Code{Hash: []byte("042137")}}})
		}, "a hash of 6 bytes"},
		"a message nobody will send": {func(tx *tx) {
			tx.del(messagesDue, tx.first(messagesDue))
		}, "the message is not in this index"},
		"a finished message that is due": {func(tx *tx) {
			edit(tx, messages, tx.first(messages), func(m *Message) { m.finish(MessageSent) })
		}, "messages.due: the index holds"},
		"a code that stayed": {func(tx *tx) {
			edit(tx, messages, tx.first(messages), func(m *Message) { m.State = MessageSent })
		}, "the code of a finished message is still in it"},
		"a state nobody knows": {func(tx *tx) {
			edit(tx, messages, tx.first(messages), func(m *Message) { m.State = "lost" })
		}, `in the unknown state "lost"`},
		"a message to nobody we know": {func(tx *tx) { tx.tell(999, "event") }, "to the unknown person 999"},
		"a login not found under its person": {func(tx *tx) {
			tx.del(usersByGuardian, tx.first(usersByGuardian))
		}, "the login is not in this index"},
	} {
		t.Run(name, func(t *testing.T) {
			s, clock := openUnproved(t)
			fillOutbox(t, s, clock, nil)
			if err := s.updateAlone(Console(), func(tx *tx) error { c.do(tx); return tx.err }); err != nil {
				t.Fatal(err)
			}
			report, err := s.Check(Console(), nil)
			if err != nil || report.OK || !strings.Contains(strings.Join(report.Problems, "\n"), c.says) {
				t.Errorf("want a problem with %q, got %q, %v", c.says, report.Problems, err)
			}
		})
	}
}

// The codes are not in the file: neither where they are proved nor, once they
// are out, in their message.
func TestCodes_leaveNoDigits(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	code := codeTo(t, s, "ada@example.org")
	for _, m := range due(t, s) {
		if err := s.RecordDeliveries(Job(), m.Number, []Delivery{{Channel: m.Channel, State: MessageSent}}); err != nil {
			t.Fatal(err)
		}
	}
	err := s.view(Job(), func(tx *tx) error {
		for _, table := range []table{codes, messages} {
			tx.scan(table, nil, func(k, v []byte) bool {
				if strings.Contains(string(v), `"`+code+`"`) {
					t.Errorf("the code is in %s/%x: %s", table.name, k, v)
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	if err := s.ProveRegistration(Act{}, r.word, code, ""); err != nil {
		t.Errorf("the code that was sent: %v", err)
	}
}
