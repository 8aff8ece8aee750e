package store

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"refettorio/canteen"
)

// closer closes schools of one day inside one transaction: decide, price,
// charge, write the registers, queue the notices, chain, mark (design §4).
type closer struct {
	tx       *tx
	town     *town
	day      canteen.Date
	view     canteen.DayView
	gaps     []canteen.Outage
	tariff   *canteen.Tariff
	chain    dayRecord
	income   canteen.Cents
	kitchens map[canteen.KitchenID]bool // whose schools this transaction closed

	intern interner
	seated canteen.Enrolment
	seats  []seated
	said   map[canteen.PAN]canteen.CommunicationKind
	arena  []byte
}

// seated is one pupil of the class at hand with its account as stored.
type seated struct {
	seat    canteen.Seat
	account account
	key     []byte // of the account
	old     []byte // the account as stored
}

func newCloser(tx *tx, day canteen.Date) *closer {
	c := &closer{tx: tx, town: tx.townNow(), day: day, gaps: tx.outagesOn(day),
		kitchens: map[canteen.KitchenID]bool{}, said: map[canteen.PAN]canteen.CommunicationKind{}}
	c.view = c.town.calendar.Day(day)
	c.tariff, _ = canteen.TariffOn(c.town.tariffs, day)
	tx.getJSON(days, keyDay(day), &c.chain)
	return c
}

// school closes one school. It reports false, and writes nothing, when the
// school is closed already or not due: the marker and the rule are looked at
// again here, where nobody else can write.
func (c *closer) school(id canteen.SchoolID) (bool, error) {
	tx, school := c.tx, c.town.bySchool[id]
	cutoff := tx.cutoff(c.day, school, c.gaps)
	serving := tx.serving(&c.view, school, c.day)
	if len(serving) == 0 || !cutoff.Passed(tx.now) || tx.has(closings, keyDaySchool(c.day, id)) {
		return false, nil
	}
	if c.tariff == nil {
		return false, canteen.Refuse(canteen.KindConflict, "error.close.tariff", c.day)
	}
	c.listen(id)
	mark := closing{At: tx.now, Cutoff: cutoff.At, Seq: c.chain.Schools + 1, Prev: c.chain.Root, Actor: tx.act.Actor.Login,
		Generation: c.town.generation}
	hash := sha256.New()
	hash.Write(mark.Prev)
	for _, class := range serving {
		reg, err := c.register(school, class)
		if err != nil {
			return false, fmt.Errorf("%s %s: %w", school.Code, class.Name(), err)
		}
		mark.Counts.Add(reg.Count())
		for i := range reg.Orders {
			if reg.Orders[i].Charged() {
				mark.Charges++
				mark.Charged += reg.Orders[i].Price
			}
		}
		key := keyRegister(c.day, class.ID)
		value, err := encodeRegister(make([]byte, 0, 64+len(reg.Orders)*orderSize), &reg)
		if err != nil {
			return false, fmt.Errorf("%s %s: %w", school.Code, class.Name(), err)
		}
		hash.Write(key)
		hash.Write(value)
		tx.putSealed(registers, key, value, nil)
	}
	mark.Root = hash.Sum(nil)
	c.chain = dayRecord{Schools: mark.Seq, Root: mark.Root}
	c.income += mark.Charged
	c.kitchens[school.Kitchen] = true
	tx.putJSON(closings, keyDaySchool(c.day, id), mark)
	return true, tx.err
}

// listen reads what the families of a school said for the day.
func (c *closer) listen(id canteen.SchoolID) {
	clear(c.said)
	c.tx.scan(communications, keyDaySchool(c.day, id), func(k, v []byte) bool {
		said, err := decodeCommunication(v)
		if err != nil {
			c.tx.fail(err)
			return false
		}
		c.said[panAtEnd(k)] = said.Kind
		return true
	})
}

// register decides, prices and charges the pupils of a class.
func (c *closer) register(school *canteen.School, class *canteen.Class) (canteen.Register, error) {
	if err := c.sit(class); err != nil {
		return canteen.Register{}, err
	}
	reg := canteen.Register{Day: c.day, School: school.ID, Class: class.ID, Tariff: c.tariff.ID,
		Staff: class.Staff, Closed: c.tx.now, Orders: make([]canteen.Order, len(c.seats))}
	for i := range c.seats {
		s, o := &c.seats[i], &reg.Orders[i]
		o.Pupil, o.Diet = s.seat.Pupil, s.seat.Diet
		o.Meal = canteen.MealOf(s.seat, c.said[o.Pupil])
		if !o.Meal.Ordered() {
			o.Diet = ""
			continue
		}
		price, rate := c.tariff.Price(school.Stage, s.seat)
		o.Price, o.Rate = price, uint8(rate)
		if price > 0 {
			c.charge(s, o)
		}
	}
	return reg, c.tx.err
}

// charge takes the price from the pupil's account; the order is the charge.
func (c *closer) charge(s *seated, o *canteen.Order) {
	a := &s.account
	a.balance -= o.Price
	a.lines++
	o.Line, o.Balance = a.lines, a.balance
	c.tx.alert(a, o.Pupil, o.Price, true, c.day)
	c.tx.putSealed(accounts, s.key, a.appendTo(c.room(accountSize)), s.old)
}

// room cuts a value's space, seal included, from an arena that lives as long
// as the transaction.
func (c *closer) room(size int) []byte {
	size += sealSize
	if cap(c.arena)-len(c.arena) < size {
		c.arena = make([]byte, 0, 64<<10)
	}
	start := len(c.arena)
	c.arena = c.arena[:start+size]
	return c.arena[start : start : start+size]
}

// sit reads the pupils of a class on the day with their accounts, walking both
// tables side by side: they have the same order.
func (c *closer) sit(class *canteen.Class) error {
	c.seats = c.seats[:0]
	tx, prefix := c.tx, key32(uint32(class.ID))
	ac := tx.bucket(accounts).Cursor()
	ak, av := ac.Seek(prefix)
	var failed error
	tx.scan(enrolments, prefix, func(k, v []byte) bool {
		if failed = decodeEnrolment(k, v, &c.seated, &c.intern); failed != nil {
			return false
		}
		seat, ok := c.seated.On(c.day, class.Weekdays)
		if !ok {
			return true
		}
		s := seated{seat: seat}
		want := k[:12] // class and pupil
		for ak != nil && string(ak) < string(want) {
			ak, av = ac.Next()
		}
		if ak != nil && string(ak) == string(want) {
			s.key, s.old = ak, av
		} else {
			s.key, s.old, failed = c.elsewhere(seat.Pupil)
		}
		if failed == nil {
			failed = s.read(tx)
		}
		c.seats = append(c.seats, s)
		return failed == nil
	})
	return failed
}

// elsewhere finds the account of a pupil that has moved to another class since.
func (c *closer) elsewhere(pan canteen.PAN) (key, old []byte, err error) {
	p, ok := c.tx.pupil(pan)
	if !ok {
		return nil, nil, fmt.Errorf("pupil %s is enrolled and unknown", pan)
	}
	key = keyAccount(p.Class, pan)
	if old = c.tx.bucket(accounts).Get(key); old == nil {
		return nil, nil, fmt.Errorf("pupil %s has no account", pan)
	}
	return key, old, nil
}

func (s *seated) read(tx *tx) error {
	v := tx.open(accounts, s.key, s.old)
	if tx.err != nil {
		return tx.err
	}
	var err error
	s.account, err = decodeAccount(v)
	return err
}

// issueSheets ends the transaction of a close: the day's chain, the income and
// the sheet of every kitchen whose last school this was.
func (c *closer) issueSheets() error {
	if len(c.kitchens) == 0 {
		return nil
	}
	c.tx.putJSON(days, keyDay(c.day), c.chain)
	if c.income != 0 {
		c.tx.addToLedger(canteen.LedgerIncome, c.income)
	}
	for id := range c.kitchens {
		if c.tx.kitchenClosed(&c.view, id, c.day) {
			c.tx.issueSheet(&c.view, id, c.day)
		}
	}
	return c.tx.err
}

// issueSheet issues the next version of a kitchen's sheet: the first, or another
// when a school got its service back after the first was out.
func (tx *tx) issueSheet(view *canteen.DayView, id canteen.KitchenID, day canteen.Date) {
	before, _ := tx.sheet(day, id, 0)
	sheet := tx.sheetOf(view, id, day)
	sheet.Version, sheet.IssuedAt = before.Version+1, tx.now
	tx.putJSON(sheets, keySheet(day, id, sheet.Version), sheet)
}

// withoutSheet lists the kitchens whose schools are all closed on a day and that
// have no sheet: their last open school lost its service after the others had
// closed, so no close has issued it.
func (tx *tx) withoutSheet(view *canteen.DayView, day canteen.Date) (late []canteen.KitchenID) {
	for i := range tx.townNow().schools {
		school := &tx.townNow().schools[i]
		if !tx.has(closings, keyDaySchool(day, school.ID)) || slices.Contains(late, school.Kitchen) {
			continue
		}
		if !tx.has(sheets, keySheet(day, school.Kitchen, 1)) && tx.kitchenClosed(view, school.Kitchen, day) {
			late = append(late, school.Kitchen)
		}
	}
	return late
}

// kitchenClosed tells whether every school of a kitchen that has service on a
// day is closed.
func (tx *tx) kitchenClosed(view *canteen.DayView, id canteen.KitchenID, day canteen.Date) bool {
	for i := range tx.townNow().schools {
		school := &tx.townNow().schools[i]
		if school.Kitchen == id && !tx.has(closings, keyDaySchool(day, school.ID)) && len(tx.serving(view, school, day)) > 0 {
			return false
		}
	}
	return true
}
