package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"refettorio/canteen"
)

// checkedLine is one line of a pupil's account.
type checkedLine struct {
	pupil   int32
	n       uint32
	day     canteen.Date
	amount  canteen.Cents
	balance canteen.Cents
	price   canteen.Cents // of a meal at that time, when priced
	priced  bool
	lowers  bool // it may make an alert speak
}

// checkedNotice is a low-credit message.
type checkedNotice struct {
	pupil   int32
	alert   string
	day     canteen.Date
	balance canteen.Cents
}

// entries holds every entry against itself and its indexes, and gathers its
// lines.
func (c *checker) entries() {
	ofPupils := 0
	c.each(entries, nil, func(k, v []byte) {
		e, ok := asJSON[entry](c, entries, k, v)
		if !ok {
			return
		}
		c.rep.Entries++
		if at := c.value(entriesByID, []byte(e.ID)); !bytes.Equal(at, k) {
			c.wrong(entries, k, "entry %s is found under number %x", e.ID, at)
		}
		sum, places := c.postings(k, &e, &ofPupils)
		if sum != 0 || len(e.Postings) < 2 {
			c.wrong(entries, k, "entry %s has %d postings that sum to %s", e.ID, len(e.Postings), sum)
		}
		if places != len(e.Lines) {
			c.wrong(entries, k, "entry %s posts to %d pupils and has %d lines", e.ID, places, len(e.Lines))
		}
	})
	c.countIndex(entriesByID, c.rep.Entries)
	c.countIndex(entriesByPAN, ofPupils)
	slices.SortFunc(c.lines, func(a, b checkedLine) int {
		return cmp.Or(cmp.Compare(a.pupil, b.pupil), cmp.Compare(a.n, b.n))
	})
	for i := range c.lines {
		extend(&c.pupils[c.lines[i].pupil].lines, i)
	}
}

// extend lengthens a span that begins where it was first touched.
func extend(s *span, i int) {
	if s.end == 0 {
		s.next = int32(i)
	}
	s.end = int32(i) + 1
}

// postings adds up the postings of an entry and gathers the lines they became:
// the nth posting to a pupil is the nth line.
func (c *checker) postings(k []byte, e *entry, indexKeys *int) (sum canteen.Cents, places int) {
	var met []canteen.PAN
	for _, p := range e.Postings {
		sum += p.Amount
		pan, isPupil := p.Ledger.Pupil()
		if !isPupil {
			c.ledgers[p.Ledger] += p.Amount
			continue
		}
		if !slices.Contains(met, pan) {
			met = append(met, pan)
			c.indexed(entriesByPAN, append(binary.BigEndian.AppendUint64(nil, uint64(pan)), k...), indexKeys, "entry "+e.ID)
		}
		places++
		id, known := c.byPAN[pan]
		switch {
		case !known:
			c.wrong(entries, k, "entry %s posts to the unknown pupil %s", e.ID, pan)
		case places > len(e.Lines): // the caller counts them
		case e.Lines[places-1].Pupil != pan:
			c.wrong(entries, k, "line %d of entry %s is of pupil %s, its posting of %s", places, e.ID, e.Lines[places-1].Pupil, pan)
		default:
			line := e.Lines[places-1]
			c.lines = append(c.lines, checkedLine{pupil: id, n: line.Line, day: e.Day, amount: p.Amount, balance: line.Balance,
				lowers: p.Amount < 0 && e.Kind != canteen.EntryOpening})
		}
	}
	return sum, places
}

// messages reads the outbox; the low-credit notices wait for their lines.
func (c *checker) messages() {
	c.each(messages, nil, func(k, v []byte) {
		m, ok := asJSON[Message](c, messages, k, v)
		if !ok {
			return
		}
		c.rep.Messages++
		c.named(messages, k, m.Number)
		pupil, known := c.byPAN[m.Pupil]
		if !known && m.Pupil != 0 {
			c.wrong(messages, k, "the message is about the unknown pupil %s", m.Pupil)
		} else if m.Kind == MessageLowCredit {
			c.notices = append(c.notices, checkedNotice{pupil, m.Alert, m.Day, m.Balance})
		}
	})
	slices.SortStableFunc(c.notices, func(a, b checkedNotice) int { return cmp.Compare(a.pupil, b.pupil) })
	for i := range c.notices {
		extend(&c.pupils[c.notices[i].pupil].notices, i)
	}
	c.logbook()
}

// take accepts the next charge of a pupil. Lines are numbered without a gap over
// charges and entries together, so what comes before it is an entry or, when a
// day was closed after a later one, a charge still to come: then it waits.
func (c *checker) take(line checkedLine) {
	p := &c.pupils[line.pupil]
	c.catchUp(p)
	if line.n != p.line+1 {
		c.early[line.pupil] = append(c.early[line.pupil], line)
		return
	}
	c.step(p, line)
	if len(c.early) > 0 {
		c.catchUp(p)
	}
}

// catchUp takes the entries, and the charges that waited, which come next.
func (c *checker) catchUp(p *checkedPupil) {
	for {
		if p.lines.next < p.lines.end && c.lines[p.lines.next].n == p.line+1 {
			c.step(p, c.lines[p.lines.next])
			p.lines.next++
			continue
		}
		if len(c.early) == 0 {
			return
		}
		id := c.byPAN[p.pan]
		waiting := c.early[id]
		at := slices.IndexFunc(waiting, func(l checkedLine) bool { return l.n == p.line+1 })
		if at < 0 {
			return
		}
		line := waiting[at]
		if waiting = slices.Delete(waiting, at, at+1); len(waiting) == 0 {
			delete(c.early, id)
		} else {
			c.early[id] = waiting
		}
		c.step(p, line)
	}
}

// step moves a pupil's account by one line.
func (c *checker) step(p *checkedPupil, l checkedLine) {
	p.line++
	p.balance += l.amount
	if p.balance != l.balance {
		c.odd(p, "line %d leaves %s, but the line before and its amount make %s", l.n, l.balance, p.balance)
		p.balance = l.balance
	}
	c.alerts(p, l)
}

// odd reports the account of a pupil, once.
func (c *checker) odd(p *checkedPupil, format string, args ...any) {
	if p.odd {
		return
	}
	p.odd = true
	c.wrong(accounts, binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(nil, uint32(p.class)), uint64(p.pan)), format, args...)
}

// alerts recomputes which notice a line had to cause and holds it against the
// outbox. For a charge everything is on the order. The price that held when
// another entry was written is not kept (the enrolment may have changed since),
// so every price the town has had is thought possible; what follows from all of
// them alike is demanded, and where they differ the outbox decides which was
// true. Only the mildest alert depends on the price, and the next charge settles
// it, so nothing is left open for long. The levels are those of the setting,
// which no act changes.
func (c *checker) alerts(p *checkedPupil, l checkedLine) {
	prices := c.town.prices
	if l.priced {
		prices = []canteen.Cents{l.price}
	}
	var after [canteen.AlertDebt3 + 1]uint32 // by the alert that speaks: the possible states behind it
	for set := p.spoken; set != 0; set &= set - 1 {
		s := canteen.Spoken(bits.TrailingZeros32(set))
		for _, price := range prices {
			fired, spoken := c.town.levels.Step(s, l.balance, price, l.lowers)
			after[fired] |= 1 << spoken
		}
	}
	said := canteen.Alert(0)
	if p.notices.next < p.notices.end {
		note := &c.notices[p.notices.next]
		for a := canteen.AlertLow; a <= canteen.AlertDebt3; a++ {
			if after[a] != 0 && a.String() == note.alert && note.day == l.day && note.balance == l.balance {
				said = a
				p.notices.next++
				break
			}
		}
	}
	if p.spoken = after[said]; p.spoken != 0 {
		return
	}
	for _, states := range after {
		p.spoken |= states
	}
	c.odd(p, "line %d (balance %s on %s) crosses a threshold and no message says so", l.n, l.balance, l.day)
}

// accounts ends every pupil's ledger and the town's.
func (c *checker) accounts() {
	n := 0
	var total canteen.Cents
	c.each(accounts, nil, func(k, v []byte) {
		a, ok := readAccount(v)
		id, known := c.byPAN[canteen.PAN(binary.BigEndian.Uint64(k[4:]))]
		if !ok || !known {
			c.wrong(accounts, k, "the account has not its form, or is of nobody")
			return
		}
		n++
		total += a.balance
		p := &c.pupils[id]
		c.catchUp(p)
		if class := canteen.ClassID(binary.BigEndian.Uint32(k)); class != p.class {
			c.wrong(accounts, k, "the account lies in class %d and its pupil is in %d", class, p.class)
		}
		switch {
		case p.lines.next < p.lines.end || len(c.early[id]) > 0:
			c.odd(p, "the account has no line %d, or has it twice", p.line+1)
		case a.lines != p.line:
			c.odd(p, "the account counts %d lines and has %d", a.lines, p.line)
		case a.balance != p.balance:
			c.odd(p, "the balance is %s and the lines make %s", a.balance, p.balance)
		case p.notices.next < p.notices.end:
			note := c.notices[p.notices.next]
			c.odd(p, "message %q of %s (balance %s) was caused by no line", note.alert, note.day, note.balance)
		case p.spoken>>a.spoken&1 == 0:
			c.odd(p, "the alerts that have spoken are %05b, which does not follow from the lines", a.spoken)
		}
	})
	if n != len(c.pupils) {
		c.problemf("accounts: %d accounts for %d pupils", n, len(c.pupils))
	}
	c.rep.Balance = total
	c.townLedgers(total)
}

// townLedgers holds the town's own ledgers against the postings and everything
// against zero.
func (c *checker) townLedgers(total canteen.Cents) {
	c.ledgers[canteen.LedgerIncome] += c.rep.Charged
	c.each(ledgers, nil, func(k, v []byte) {
		if len(v) != 8 {
			c.wrong(ledgers, k, "the ledger has not its form")
			return
		}
		balance := canteen.Cents(binary.BigEndian.Uint64(v))
		total += balance
		if want := c.ledgers[canteen.Ledger(k)]; balance != want {
			c.wrong(ledgers, k, "ledger %s stands at %s and its postings make %s", k, balance, want)
		}
		delete(c.ledgers, canteen.Ledger(k))
	})
	for l, sum := range c.ledgers {
		if sum != 0 {
			c.problemf("ledgers: %s is missing and its postings make %s", l, sum)
		}
	}
	if total != 0 {
		c.problemf("ledgers: all accounts together make %s instead of zero", total)
	}
}
