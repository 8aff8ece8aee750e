package demo

import (
	"context"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// life is what happens in the town from day to day.
type life struct {
	b        *builder
	calendar canteen.Calendar // as the record has it, the strike to come included
	strike   canteen.DayRule  // the zero rule when the history is too short for one
	talk     stream
	money    stream
	payments int // recorded so far

	seated   []*child                                              // who has a meal planned on the day at hand
	standing map[canteen.Date]map[*child]canteen.CommunicationKind // what families have said
}

func newLife(b *builder) *life {
	l := &life{b: b, talk: streamOf(b.opt.Seed, "communications"), money: streamOf(b.opt.Seed, "money"),
		standing: map[canteen.Date]map[*child]canteen.CommunicationKind{}}
	for back := b.years; back >= 0; back-- {
		year := calendarOf(b.present - back)
		l.calendar.Years = append(l.calendar.Years, year.Years...)
		l.calendar.Rules = append(l.calendar.Rules, year.Rules...)
	}
	l.planStrike()
	for _, day := range b.days {
		l.sit(day, b.present-firstYearOf(day))
		for _, one := range l.seated {
			one.purse.left++
		}
	}
	return l
}

// planStrike picks a school for a strike about two weeks before today.
func (l *life) planStrike() {
	const ago = 9
	if len(l.b.days) <= ago {
		return
	}
	day := l.b.days[len(l.b.days)-ago]
	for _, s := range l.b.places.schools {
		if s.stage == canteen.StagePrimaria {
			l.strike = canteen.DayRule{Layer: canteen.SchoolLayer, Scope: s.code, From: day, To: day, Reason: "Sciopero del personale della scuola"}
		}
	}
	l.calendar.Rules = append(l.calendar.Rules, l.strike)
}

// sit finds who has a meal planned on a day.
func (l *life) sit(day canteen.Date, back int) {
	view := l.calendar.Day(day)
	open := map[*class]bool{}
	for _, c := range l.b.places.classes {
		open[c], _ = view.Service(c.school.code, c.scope(), c.weekdays)
	}
	l.seated = l.seated[:0]
	for _, one := range l.b.census.children {
		if one.enrolled(back) && open[one.path[back]] {
			l.seated = append(l.seated, one)
			one.sitsOn = day
		}
	}
}

// day lives through a service day: what families say until the cut-off, the
// close, the payments of the day.
func (l *life) day(ctx context.Context, day canteen.Date, back int) error {
	if err := l.b.play(day.At(6*60 + 55)); err != nil {
		return err
	}
	if l.strike.From == day {
		l.b.clock.set(day.At(7 * 60))
		if err := l.b.store.AddDayRule(office, l.strike); err != nil {
			return fmt.Errorf("strike: %w", err)
		}
	}
	l.sit(day, back)
	cutoff := day.At(canteen.DefaultCutoff)
	if err := l.say(l.messages(day, back, cutoff), cutoff); err != nil {
		return err
	}
	l.b.clock.set(cutoff.Add(time.Second))
	if _, err := l.b.store.CloseDue(ctx, store.Job()); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	l.charge(day)
	l.b.clock.set(day.At(canteen.ClockTime(l.money.between(10*60+30, 13*60+30))))
	if err := l.payIn(day); err != nil {
		return err
	}
	return l.b.post()
}

// charge takes the price of the day's meals from the purses, as the close did
// in the record.
func (l *life) charge(day canteen.Date) {
	for _, one := range l.seated {
		one.purse.left--
		if l.standing[day][one] != canteen.Absence {
			one.purse.balance -= one.purse.price
		}
	}
	delete(l.standing, day)
}

// thisMorning is what families have said until now, for today and the days to
// come, and a class that will be away.
func (l *life) thisMorning() error {
	today, now := l.b.today, l.b.opt.Now
	l.sit(today, 0)
	early := l.b.notAfterNow(today.At(7 * 60))
	if err := l.b.play(early); err != nil {
		return err
	}
	l.b.clock.set(early)
	if err := l.planTrip(); err != nil {
		return err
	}
	if err := l.b.play(now); err != nil {
		return err
	}
	if err := l.b.post(); err != nil {
		return err
	}
	until := now
	if cutoff := today.At(canteen.DefaultCutoff); until.After(cutoff) {
		until = cutoff
	}
	return l.say(append(l.messages(today, 0, until), l.showcaseMessages(until)...), now)
}

// planTrip announces an outing of a class some days ahead.
func (l *life) planTrip() error {
	var away *class
	for _, c := range l.b.places.classes {
		if c.school.stage == canteen.StagePrimaria && c.grade == stages[canteen.StagePrimaria].grades && c.seats > 0 {
			away = c // the last of the eldest
		}
	}
	day, ok := l.calendar.NextService(l.b.today.AddDays(3), away.school.code, away.scope(), away.weekdays)
	if !ok {
		return nil // the school year is over
	}
	return l.b.store.AddDayRule(office, canteen.DayRule{Layer: canteen.ClassLayer, Scope: away.scope(), From: day, To: day,
		Reason: "Uscita didattica al planetario"})
}
