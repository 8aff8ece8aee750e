package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"refettorio/canteen"
)

// AccountLine is one movement of a pupil's account as people see it.
type AccountLine struct {
	ID      string
	Line    uint32 // 1 is the first; lines have no gap
	Day     canteen.Date
	At      time.Time
	Kind    canteen.EntryKind
	Amount  canteen.Cents // negative when money leaves
	Balance canteen.Cents // after it
	Reason  string
	Source  string
	Meal    canteen.Meal // of a charge
	Diet    string
	Price   PriceSource // of a charge
}

// PriceSource says where the price of a meal comes from (story 24: a price
// that explains itself).
type PriceSource struct {
	Act  string
	From canteen.Date
	Rate canteen.Rate
}

// AccountView is a pupil's account.
type AccountView struct {
	Pupil     canteen.Pupil
	Balance   canteen.Cents
	Price     canteen.Cents // of a meal today; 0 when exempt or without a place
	Exempt    bool
	UpdatedAt time.Time // the instant the balance is good for
	Lines     []AccountLine
}

// Meals is how many meals the balance still pays; ok is false when no meal is
// paid for.
func (a *AccountView) Meals() (n int, ok bool) {
	if a.Price <= 0 {
		return 0, false
	}
	return int(max(a.Balance, 0) / a.Price), true
}

// Account returns a pupil's account with its movements from a day to a day,
// newest first; a zero from means balance only.
func (s *Store) Account(act Act, pan canteen.PAN, from, to canteen.Date) (view AccountView, err error) {
	err = s.view(act, func(tx *tx) error {
		p, err := tx.pupilFor(pan, canteen.RightPay)
		if err != nil {
			return err
		}
		tx.sawPupil(SawAccount, pan)
		view = tx.accountView(p)
		if from.IsZero() {
			return nil
		}
		view.Lines = append(tx.charges(p, from, to), tx.otherLines(pan, from, to)...)
		slices.SortFunc(view.Lines, func(a, b AccountLine) int { return cmp.Compare(b.Line, a.Line) })
		return nil
	})
	return view, err
}

func (tx *tx) accountView(p canteen.Pupil) AccountView {
	a, _ := tx.account(p.Class, p.PAN)
	view := AccountView{Pupil: p, Balance: a.balance, Price: tx.priceNow(&p), UpdatedAt: tx.now}
	view.Exempt = view.Price == 0 && enrolmentOn(tx.enrolmentsOf(p.PAN), canteen.DateOf(tx.now)) != nil
	return view
}

// charges reads a pupil's charges out of the registers: a point read for each
// day of its enrolments.
func (tx *tx) charges(p canteen.Pupil, from, to canteen.Date) (lines []AccountLine) {
	town := tx.townNow()
	for _, e := range tx.enrolmentsOf(p.PAN) {
		last := endOfYear(e.From)
		if e.Until != 0 {
			last = e.Until
		}
		school := town.bySchool[town.byClass[e.Class].School]
		for day := max(from, e.From); day <= min(to, last); day = day.AddDays(1) {
			if o, reg, ok := tx.order(day, e.Class, p.PAN); ok && o.Charged() {
				lines = append(lines, AccountLine{ID: canteen.ChargeID(day, school.Code, p.PAN), Line: o.Line, Day: day,
					At: reg.closed(), Kind: canteen.EntryCharge, Amount: -o.Price, Balance: o.Balance,
					Meal: o.Meal, Diet: o.Diet, Price: town.priceSource(reg.tariff(), int(o.Rate))})
			}
		}
	}
	return lines
}

// order reads the order of a pupil in the register of a class and day.
func (tx *tx) order(day canteen.Date, class canteen.ClassID, pan canteen.PAN) (canteen.Order, registerView, bool) {
	key := keyRegister(day, class)
	v := tx.get(registers, key)
	if v == nil {
		return canteen.Order{}, registerView{}, false
	}
	reg, err := viewRegister(v)
	if err != nil {
		tx.fail(fmt.Errorf("register %x: %w", key, err))
		return canteen.Order{}, registerView{}, false
	}
	o, ok := reg.find(pan)
	return o, reg, ok
}

func (t *town) priceSource(id uint16, rate int) PriceSource {
	for i := range t.tariffs {
		if tariff := &t.tariffs[i]; tariff.ID == id && rate < len(tariff.Rates) {
			return PriceSource{Act: tariff.Act, From: tariff.From, Rate: tariff.Rates[rate]}
		}
	}
	return PriceSource{}
}

// otherLines reads the entries of a pupil that are records of their own.
func (tx *tx) otherLines(pan canteen.PAN, from, to canteen.Date) (lines []AccountLine) {
	tx.scan(entriesByPAN, keyPAN(pan), func(k, _ []byte) bool {
		var e entry
		if !tx.getJSON(entries, k[8:], &e) || e.Day < from || e.Day > to {
			return tx.err == nil
		}
		for _, p := range e.Postings {
			if p.Ledger != canteen.LedgerOf(pan) {
				continue
			}
			for _, l := range e.Lines {
				if l.Pupil == pan {
					lines = append(lines, AccountLine{ID: e.ID, Line: l.Line, Day: e.Day, At: e.At, Kind: e.Kind,
						Amount: p.Amount, Balance: l.Balance, Reason: e.Reason, Source: e.Source})
				}
			}
		}
		return true
	})
	return lines
}

// OutsidePayment is a payment made outside the portal (mission 20), entered by
// the office with the reference of its receipt, which is its idempotency key.
type OutsidePayment struct {
	Pupil     canteen.PAN
	Amount    canteen.Cents
	Day       canteen.Date // when it was paid
	Reference string       // the receipt's own number
	Means     string       // "bank", "post", "cash"…
}

// maxReference is the longest reference of a payment, in bytes: it is a key.
const maxReference = 100

// RecordOutsidePayment credits a payment made outside the portal, once for each
// reference: KindConflict when the reference is there with another amount.
func (s *Store) RecordOutsidePayment(act Act, p OutsidePayment) error {
	return s.update(act, func(tx *tx) error {
		if err := mayDecideDays(act); err != nil {
			return err
		}
		switch {
		case p.Amount <= 0 || p.Amount > 10_000_00:
			return canteen.Invalid("amount", "error.payment.amount")
		case p.Reference == "":
			return canteen.Invalid("reference", "error.required")
		case len(p.Reference) > maxReference:
			return canteen.Invalid("reference", "error.tooLong", maxReference)
		case p.Day.IsZero() || p.Day > canteen.DateOf(tx.now):
			return canteen.Invalid("day", "error.payment.day")
		}
		if _, ok := tx.pupil(p.Pupil); !ok {
			return canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
		}
		e := canteen.Entry{ID: "outside/" + p.Reference, Kind: canteen.EntryOutside, Day: p.Day, At: tx.now,
			Actor: act.Actor.Login, Source: p.Reference, Reason: p.Means,
			Postings: canteen.Transfer(canteen.LedgerTakings, canteen.LedgerOf(p.Pupil), p.Amount)}
		if v := tx.get(entriesByID, []byte(e.ID)); v != nil {
			var have entry
			tx.getJSON(entries, v, &have)
			if have.Postings[0] != e.Postings[0] {
				return canteen.Refuse(canteen.KindConflict, "error.payment.reference", p.Reference)
			}
			return nil
		}
		tx.post(e)
		return nil
	})
}

// PupilDayView is one day of a pupil's meal calendar (calendario pasti).
type PupilDayView struct {
	canteen.PupilDay
	State  canteen.DayState
	Meal   canteen.Meal // ordered at the close, or what would be ordered now; 0 without service
	Diet   string
	Price  canteen.Cents // charged at the close; 0 before it
	Class  string
	School canteen.School
	Change bool // the family may still change it
	Dishes []canteen.Dish
}

// PupilCalendar returns the days of a pupil from a day to a day, both included
// and at most 400, as of an instant: what is ordered, what can be changed until
// when, what was charged.
func (s *Store) PupilCalendar(act Act, pan canteen.PAN, from, to canteen.Date) (all []PupilDayView, err error) {
	err = s.view(act, func(tx *tx) error {
		p, err := tx.pupilFor(pan, canteen.RightSee)
		if err != nil {
			return err
		}
		tx.sawPupil(SawCalendar, pan)
		all = tx.calendarOf(p, from, min(to, from.AddDays(400)))
		if !tx.may(&p, canteen.RightPay) {
			hidePrices(all)
		}
		return nil
	})
	return all, err
}

func (tx *tx) calendarOf(p canteen.Pupil, from, to canteen.Date) []PupilDayView {
	plan := tx.pupilDays(p)
	menus := tx.menus()
	all := make([]PupilDayView, 0, from.DaysUntil(to)+1)
	for day := from; day <= to; day = day.AddDays(1) {
		one := PupilDayView{PupilDay: plan.on(day)}
		e, class, school := plan.place(day)
		served := one.Enrolled && one.Service
		if e != nil {
			one.Class, one.School = class.Name(), *school
			one.State = canteen.StateOf(day, served, one.Closed && served, one.Cutoff, tx.now)
		} else {
			one.State = canteen.DayVoid
		}
		if served {
			tx.fillMeal(&one, e)
			one.Change = !one.Closed && !one.Cutoff.Passed(tx.act.received(tx.now)) && one.State != canteen.DayUnattended
			one.Dishes = canteen.MenuOn(menus, day, school.Stage)
		}
		all = append(all, one)
	}
	return all
}

// fillMeal says what was ordered, or would be.
func (tx *tx) fillMeal(one *PupilDayView, e *canteen.Enrolment) {
	if o, _, ok := tx.order(one.Day, e.Class, e.Pupil); ok {
		one.Meal, one.Diet, one.Price = o.Meal, o.Diet, o.Price
		return
	}
	var said canteen.CommunicationKind
	if one.Current != nil {
		said = one.Current.Kind
	}
	seat := canteen.Seat{Pupil: e.Pupil, Diet: canteen.InForce(e.Diets, one.Day)}
	one.Meal, one.Diet = canteen.MealOf(seat, said), seat.Diet
}

// FamilyPupil is what a family's home page shows of one child. Account holds no
// figure for a delegate who may not pay.
type FamilyPupil struct {
	Pupil   canteen.Pupil
	Class   string
	School  canteen.School
	Account AccountView
	Days    []PupilDayView // from today on
	Rights  []canteen.Right
}

// May tells whether whoever asked has a right on the child.
func (f *FamilyPupil) May(right canteen.Right) bool { return slices.Contains(f.Rights, right) }

// Family returns the children a person acts for with their next days, in one
// read: its own, eldest first, then those it is a delegate for.
func (s *Store) Family(act Act, days int) (all []FamilyPupil, err error) {
	err = s.view(act, func(tx *tx) error {
		if act.Actor.Guardian == 0 {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		all = nil
		today := canteen.DateOf(tx.now)
		for _, held := range tx.actsFor(act.Actor.Guardian) {
			p := held.pupil
			one := FamilyPupil{Pupil: p, Days: tx.calendarOf(p, today, today.AddDays(days-1)), Rights: held.rights}
			if one.May(canteen.RightPay) {
				one.Account = tx.accountView(p)
			} else {
				hidePrices(one.Days)
			}
			if class := tx.townNow().byClass[p.Class]; class != nil {
				one.Class, one.School = class.Name(), *tx.townNow().bySchool[class.School]
			}
			all = append(all, one)
		}
		return nil
	})
	return all, err
}
