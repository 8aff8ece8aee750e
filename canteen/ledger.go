package canteen

import "time"

// EntryKind says why money moved.
type EntryKind string

// The kinds of entry. A charge is written by the close of a day and lies in
// the register of that day; every other entry is a record of its own.
const (
	EntryCharge     EntryKind = "charge"
	EntryOpening    EntryKind = "opening"    // the balance carried over from the old system
	EntryOutside    EntryKind = "outside"    // a payment made outside the portal, entered by the office
	EntryReversal   EntryKind = "reversal"   // answers another entry in full or in part
	EntryAdjustment EntryKind = "adjustment" // a price put right by a re-pricing run
)

// Ledger names an account of the double entry: one for each pupil and a few
// of the town's own.
type Ledger string

// The town's own ledgers (design §5).
const (
	LedgerIncome  Ledger = "income"
	LedgerOpening Ledger = "opening"
	LedgerTakings Ledger = "takings"
)

// LedgerOf names the ledger of a pupil.
func LedgerOf(p PAN) Ledger { return Ledger("pan/" + p.String()) }

// Pupil returns the pupil a ledger belongs to, if it is a pupil's.
func (l Ledger) Pupil() (PAN, bool) {
	if len(l) < 5 || l[:4] != "pan/" {
		return 0, false
	}
	p, err := ParsePAN(string(l[4:]))
	return p, err == nil
}

// Posting moves an amount into a ledger (or out of it, when negative).
type Posting struct {
	Ledger Ledger `json:"ledger"`
	Amount Cents  `json:"amount"`
}

// Entry is one immutable movement of money. Its ID is its idempotency key: the
// same fact can reach us twice and is written once. Postings sum to zero.
type Entry struct {
	ID       string    `json:"id"`
	Kind     EntryKind `json:"kind"`
	Day      Date      `json:"day"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Source   string    `json:"source,omitempty"` // the document or entry it answers
	Reason   string    `json:"reason,omitempty"` // in the words of whoever wrote it
	Postings []Posting `json:"postings"`
}

// Validate panics on an entry no code of ours may write: money out of nothing.
func (e *Entry) Validate() {
	var sum Cents
	for _, p := range e.Postings {
		if p.Amount == 0 {
			panic("canteen: a posting of nothing in " + e.ID)
		}
		sum += p.Amount
	}
	if sum != 0 || len(e.Postings) < 2 || e.ID == "" {
		panic("canteen: unbalanced entry " + e.ID)
	}
}

// Transfer is the common entry: an amount from one ledger into another.
func Transfer(from, to Ledger, amount Cents) []Posting {
	return []Posting{{Ledger: to, Amount: amount}, {Ledger: from, Amount: -amount}}
}

// ChargeID names the charge of a pupil on a day: the idempotency key of
// design §5.
func ChargeID(day Date, school string, p PAN) string {
	return "close/" + day.String() + "/" + school + "/" + p.String()
}
