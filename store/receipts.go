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
	Kind     string                `json:"kind"` // "communication", "revocation", "diet"
	Pupil    canteen.PAN           `json:"pupil"`
	Received time.Time             `json:"received"` // when the request reached the server
	Written  time.Time             `json:"written"`
	Actor    string                `json:"actor"`
	OnBehalf string                `json:"on_behalf,omitempty"`
	Channel  canteen.Channel       `json:"channel"`
	What     string                `json:"what,omitempty"` // "absence" or "white"
	Days     []canteen.Date        `json:"days"`
	Diet     string                `json:"diet,omitempty"` // handle of the diet request it answers
}

// The kinds of receipt.
const (
	ReceiptCommunication = "communication"
	ReceiptRevocation    = "revocation"
	ReceiptDiet          = "diet"
)

// issue numbers and writes a receipt. It is the one place where an act and its
// proof meet the record: what design §7 asks of a proof is added here.
func (tx *tx) issue(r Receipt) canteen.ReceiptNumber {
	r.Number = tx.nextReceipt(uint16(canteen.DateOf(tx.now).Year()))
	r.Received, r.Written = tx.act.received(tx.now), tx.now
	r.Actor, r.Channel, r.OnBehalf = tx.act.Actor.Login, tx.act.Channel, tx.act.OnBehalf
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
		if _, err := tx.ownPupil(r.Pupil); err != nil {
			return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
		}
		return nil
	})
	return r, err
}
