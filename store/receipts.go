package store

import (
	"time"

	"refettorio/canteen"
)

// Receipt is the numbered answer to an act of a family (mission 11). It is
// written with the act, never changed, and its numbers have no gap within a
// calendar year.
type Receipt struct {
	Number   canteen.ReceiptNumber `json:"number"`
	Kind     string                `json:"kind"`     // see the kinds
	Pupil    canteen.PAN           `json:"pupil"`    // 0 where the act is about no pupil
	Received time.Time             `json:"received"` // when the request reached the server
	Written  time.Time             `json:"written"`
	Actor    string                `json:"actor"`
	OnBehalf string                `json:"on_behalf,omitempty"`
	Channel  canteen.Channel       `json:"channel"`
	What     string                `json:"what,omitempty"` // "absence" or "white"
	Days     []canteen.Date        `json:"days"`
	Person   canteen.GuardianID    `json:"person,omitempty"` // whom the counter acted for
	Heard    time.Time             `json:"heard,omitzero"`   // of a note on paper: when the family told it
	Why      string                `json:"why,omitempty"`    // of a note on paper or its answer
	Answers  canteen.ReceiptNumber `json:"answers,omitzero"` // of an answer: the request
	Diet     string                `json:"diet,omitempty"`   // handle of the diet request it answers

	Application string       `json:"application,omitempty"` // handle of the application it is for
	Officer     string       `json:"officer,omitempty"`     // the person in charge (L. 241/1990 art. 5)
	Due         canteen.Date `json:"due,omitempty"`         // the last day for an answer
}

// The kinds of receipt.
const (
	ReceiptCommunication = "communication"
	ReceiptRevocation    = "revocation"
	ReceiptApplication   = "application"
	ReceiptDiet          = "diet"
)

// issue numbers and writes a receipt. It is the one place where an act and its
// proof meet the record: what design §7 asks of a proof is added here.
func (tx *tx) issue(r Receipt) canteen.ReceiptNumber {
	r.Number = tx.nextReceipt(uint16(canteen.DateOf(tx.now).Year()))
	r.Received, r.Written = tx.act.received(tx.now), tx.now
	r.Actor, r.Channel, r.OnBehalf = tx.act.Actor.Login, tx.act.Channel, tx.act.OnBehalf
	r.Heard, r.Why = tx.act.heard, tx.act.why
	if r.Person == 0 && r.Channel == canteen.ChannelDesk {
		r.Person = tx.act.Actor.Guardian
	}
	tx.putSealed(receipts, keyReceipt(r.Number), marshal(receipts, r), nil) // the number is new, so there is no old one
	return r.Number
}

// nextReceipt is the number after the year's last. Acts that share a transaction
// count on from each other; a transaction that is taken apart starts again from
// the record.
func (tx *tx) nextReceipt(year uint16) canteen.ReceiptNumber {
	if tx.receipt.Year != year {
		tx.receipt = canteen.ReceiptNumber{Year: year}
		if k, _ := tx.last(receipts, key16(year)); k != nil {
			tx.receipt.N = be.Uint32(k[2:])
		}
	}
	tx.receipt.N++
	return tx.receipt
}

// received is the instant an act counts from: the gate's stamp, or the
// transaction's own for acts that did not come through the gate.
func (a Act) received(now time.Time) time.Time {
	if a.Received.IsZero() {
		return now
	}
	return a.Received
}

// Receipt returns a receipt of a pupil the actor may act for.
func (s *Store) Receipt(act Act, n canteen.ReceiptNumber) (r Receipt, err error) {
	err = s.view(act, func(tx *tx) error {
		if !tx.getJSON(receipts, keyReceipt(n), &r) {
			return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
		}
		if _, err := tx.pupilFor(r.Pupil, canteen.RightSee); err != nil {
			return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
		}
		tx.sawPupil(SawReceipt, r.Pupil)
		return nil
	})
	return r, err
}
