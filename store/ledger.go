package store

import (
	"fmt"
	"time"

	"refettorio/canteen"
)

// entry is a canteen.Entry with what the record adds: for each posting to a
// pupil, which line of the account it became and the balance behind it.
type entry struct {
	canteen.Entry
	Lines []accountLine `json:"lines,omitempty"`
}

type accountLine struct {
	Pupil   canteen.PAN   `json:"pupil"`
	Line    uint32        `json:"line"`
	Balance canteen.Cents `json:"balance"`
}

func (tx *tx) account(class canteen.ClassID, pan canteen.PAN) (account, bool) {
	key := keyAccount(class, pan)
	v := tx.get(accounts, key)
	if v == nil {
		return account{}, false
	}
	a, err := decodeAccount(v)
	if err != nil {
		tx.fail(fmt.Errorf("account %x: %w", key, err))
	}
	return a, err == nil
}

func (tx *tx) putAccount(class canteen.ClassID, pan canteen.PAN, a account) {
	tx.put(accounts, keyAccount(class, pan), a.appendTo(make([]byte, 0, accountSize)))
}

func (tx *tx) moveAccount(pan canteen.PAN, from, to canteen.ClassID) {
	a, ok := tx.account(from, pan)
	if !ok {
		tx.fail(fmt.Errorf("pupil %s has no account in class %d", pan, from))
		return
	}
	tx.del(accounts, keyAccount(from, pan))
	tx.putAccount(to, pan, a)
}

// post writes an entry: the one way money moves outside the close of a day. An
// entry whose ID is already there is not written again; post then says so. The
// low-credit notices the entry causes are queued with it (mission 22).
func (tx *tx) post(e canteen.Entry) (written bool) {
	e.Validate()
	if tx.has(entriesByID, []byte(e.ID)) {
		return false
	}
	rec := entry{Entry: e}
	number := tx.next(entries)
	for _, p := range e.Postings {
		pan, isPupil := p.Ledger.Pupil()
		if !isPupil {
			tx.addToLedger(p.Ledger, p.Amount)
			continue
		}
		pupil, ok := tx.pupil(pan)
		if !ok {
			tx.fail(fmt.Errorf("entry %s posts to pupil %s, who is unknown", e.ID, pan))
			return false
		}
		a, _ := tx.account(pupil.Class, pan)
		a.balance += p.Amount
		a.lines++
		tx.alert(&a, pan, tx.priceNow(&pupil), p.Amount < 0 && e.Kind != canteen.EntryOpening, e.Day)
		tx.putAccount(pupil.Class, pan, a)
		rec.Lines = append(rec.Lines, accountLine{pan, a.lines, a.balance})
		tx.putIndex(entriesByPAN, append(keyPAN(pan), key64(number)...))
	}
	tx.putJSON(entries, key64(number), rec)
	tx.put(entriesByID, []byte(e.ID), key64(number))
	return true
}

// addToLedger moves the balance of one of the town's own ledgers.
func (tx *tx) addToLedger(l canteen.Ledger, amount canteen.Cents) {
	var balance canteen.Cents
	if v := tx.get(ledgers, []byte(l)); len(v) == 8 {
		balance = canteen.Cents(be.Uint64(v))
	}
	tx.put(ledgers, []byte(l), key64(uint64(balance+amount)))
}

// priceNow is the price of a meal for a pupil today; 0 when it has no place.
func (tx *tx) priceNow(p *canteen.Pupil) canteen.Cents {
	return tx.priceOn(p, canteen.DateOf(tx.now))
}

func (tx *tx) priceOn(p *canteen.Pupil, day canteen.Date) canteen.Cents {
	town := tx.townNow()
	e := enrolmentOn(tx.enrolmentsOf(p.PAN), day)
	tariff, ok := canteen.TariffOn(town.tariffs, day)
	if e == nil || !ok {
		return 0
	}
	class := town.byClass[e.Class]
	seat := canteen.Seat{Pupil: p.PAN, Band: canteen.InForce(e.Bands, day), Rank: e.Rank, Outside: e.Outside}
	price, _ := tariff.Price(town.bySchool[class.School].Stage, seat)
	return price
}

// Message is one item of the outbox: what is to be said to whom or about whom.
// Kind names its texts in the catalogues, message.<kind>.subject and
// message.<kind>.text, and Facts fill them in order.
type Message struct {
	Number  uint64             `json:"number"`
	Kind    string             `json:"kind"`
	Person  canteen.GuardianID `json:"person,omitempty"` // to whom; 0: to every guardian of Pupil, or to To
	To      string             `json:"to,omitempty"`     // an address of somebody not yet in the record
	Facts   []Fact             `json:"facts,omitempty"`
	Pupil   canteen.PAN        `json:"pupil,omitempty"`
	Day     canteen.Date       `json:"day,omitempty"`
	Alert   string             `json:"alert,omitempty"`
	Balance canteen.Cents      `json:"balance"`
	At      time.Time          `json:"at"`
	State   string             `json:"state"`

	Channel    canteen.Channel `json:"channel,omitempty"` // of To
	Lang       string          `json:"lang,omitempty"`    // of To; a person has its own
	Due        time.Time       `json:"due,omitzero"`      // of the next try, when not the first
	Tries      int             `json:"tries,omitempty"`   // that failed for now
	Deliveries []Delivery      `json:"deliveries,omitempty"`
}

// MessageLowCredit is the kind of a low-credit notice.
const MessageLowCredit = "low-credit"

// alert steps the account's alerts to its new balance and queues the notice of
// a crossing, in the same transaction as what caused it.
func (tx *tx) alert(a *account, pan canteen.PAN, price canteen.Cents, lowers bool, day canteen.Date) {
	levels := &tx.townNow().levels
	fired, spoken := levels.Step(a.spoken, a.balance, price, lowers)
	a.spoken = spoken
	if fired != 0 {
		tx.queue(Message{Kind: MessageLowCredit, Pupil: pan, Day: day, Alert: fired.String(), Balance: a.balance})
	}
}

// queue puts a message into the outbox.
func (tx *tx) queue(m Message) {
	m.Number, m.At, m.State = tx.next(messages), tx.now, MessageQueued
	tx.putMessage(&m)
}

// Fact is one value in a message: exactly one of its fields is set. The
// catalogue writes days, instants and money in the reader's language.
type Fact struct {
	Text  string        `json:"text,omitempty"`
	Day   canteen.Date  `json:"day,omitempty"`
	At    time.Time     `json:"at,omitzero"`
	Cents canteen.Cents `json:"cents,omitempty"`
}

// tell queues a message to a person. The texts carry no debt, no diet and no
// child's surname (rules R2.4, R3.3).
func (tx *tx) tell(to canteen.GuardianID, kind string, facts ...Fact) {
	tx.queue(Message{Kind: kind, Person: to, Facts: facts})
}
