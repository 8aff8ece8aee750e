package store

import (
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"refettorio/canteen"
)

// codeRecord is a short-lived record: a registration under way, a contact to be
// proved, a password to be set anew, or when codes went to a contact. Its key is
// the hash of a word only the person's browser knows, or of the contact.
type codeRecord struct {
	Purpose      string         `json:"purpose"`
	Expires      time.Time      `json:"expires"`
	Registration *Registration  `json:"registration,omitempty"`
	Contact      *contactChange `json:"contact,omitempty"`
	Reset        *passwordReset `json:"reset,omitempty"`
	Sent         []time.Time    `json:"sent,omitempty"`
}

// The purposes of code records.
const (
	purposeRegistration = "registration"
	purposeContact      = "contact"
	purposeReset        = "reset"
	purposeSent         = "sent"
)

// The kinds of the messages that carry a code.
const (
	kindCodeEmail = "code-email"
	kindCodePhone = "code-phone"
	kindCodeReset = "code-reset"
)

func codeKey(purpose, word string) []byte {
	sum := sha256.Sum256([]byte(purpose + "\x00" + word))
	return sum[:16]
}

// codeRecordOf returns a record that has not expired.
func (tx *tx) codeRecordOf(key []byte) (rec codeRecord, ok bool) {
	ok = tx.getJSON(codes, key, &rec) && tx.now.Before(rec.Expires)
	return rec, ok
}

func (tx *tx) putCode(key []byte, rec codeRecord) { tx.putJSON(codes, key, rec) }

func (tx *tx) sweepCodes() int {
	return tx.sweep(codes, func(k, v []byte) bool {
		var rec codeRecord
		return tx.decode(codes, k, v, &rec) && !tx.now.Before(rec.Expires)
	})
}

// sendCode draws a code, queues the message that carries it and returns what is
// kept of it.
func (tx *tx) sendCode(salt []byte, m Message) canteen.Code {
	digits := tx.drawCode()
	m.Facts = []Fact{{Text: digits}}
	tx.queue(m)
	return canteen.NewCode(string(salt), digits, tx.now)
}

func (tx *tx) drawCode() string {
	for {
		var random [4]byte
		if _, err := io.ReadFull(tx.s.entropy, random[:]); err != nil {
			tx.fail(fmt.Errorf("draw a code: %w", err))
			return ""
		}
		if digits, ok := canteen.CodeText(be.Uint32(random[:])); ok {
			return digits
		}
	}
}

// mayWrite refuses another code to somewhere that had one a moment ago. It is
// asked whether or not the contact is known, so that it tells nobody which are.
func (tx *tx) mayWrite(field string, to ...string) error {
	for _, address := range to {
		rec, _ := tx.codeRecordOf(codeKey(purposeSent, address))
		if next, ok := canteen.MayIssue(rec.Sent, tx.now); !ok {
			return canteen.Invalid(field, "error.code.wait", next)
		}
	}
	return nil
}

// written notes that a code went to an address.
func (tx *tx) written(address string) {
	key := codeKey(purposeSent, address)
	rec, _ := tx.codeRecordOf(key)
	sent := append(rec.Sent, tx.now)
	if len(sent) > canteen.CodesHourly {
		sent = sent[len(sent)-canteen.CodesHourly:]
	}
	tx.putCode(key, codeRecord{Purpose: purposeSent, Expires: tx.now.Add(time.Hour), Sent: sent})
}

// codeRefusal words the answer to a try; nil for the right code.
func codeRefusal(field string, outcome canteen.CodeOutcome, c *canteen.Code) error {
	switch outcome {
	case canteen.CodeRight:
		return nil
	case canteen.CodeExpired:
		return canteen.Invalid(field, "error.code.expired")
	case canteen.CodeSpent:
		return canteen.Invalid(field, "error.code.spent")
	}
	return canteen.Invalid(field, "error.code.wrong", c.Left())
}
