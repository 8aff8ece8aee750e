package demo

import (
	"fmt"
	"slices"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// scene is something somebody does with the service beside the meals, at its
// moment: a diet is asked for, a family comes to the counter.
type scene struct {
	at   time.Time
	what string
	do   func() error
}

// plan puts a scene into the diary. One that would have been before the town had
// Refettorio is played as soon as it has; one that is yet to come, never.
func (b *builder) plan(at time.Time, what string, do func() error) {
	if now := b.clock.now(); at.Before(now) {
		at = now
	}
	if !at.After(b.opt.Now) {
		b.diary = append(b.diary, scene{at, what, do})
	}
}

// play plays the scenes that are due until an instant, in order of time; those of
// one moment in the order in which they were planned.
func (b *builder) play(until time.Time) error {
	slices.SortStableFunc(b.diary, func(x, y scene) int { return x.at.Compare(y.at) })
	for len(b.diary) > 0 && !b.diary[0].at.After(until) {
		next := b.diary[0]
		b.diary = b.diary[1:]
		if next.at.After(b.clock.now()) {
			b.clock.set(next.at)
		}
		if err := next.do(); err != nil {
			return fmt.Errorf("%s on %s: %w", next.what, canteen.DateOf(next.at), err)
		}
	}
	return nil
}

// workday is the n-th working day before today, at a time of the clock.
func (b *builder) workday(n int, at canteen.ClockTime) time.Time {
	day := b.today
	for ; n > 0; n-- {
		day = lastWorkday(day.AddDays(-1))
	}
	return day.At(at)
}

// atWork tells whether the offices are open at the instant at which the demo
// begins, and have been for a while.
func (b *builder) atWork() bool {
	return canteen.MonToFri.Has(b.today.Weekday()) && !b.opt.Now.Before(b.today.At(8*60+40)) &&
		b.opt.Now.Before(b.today.At(19*60))
}

// planScenes fills the diary of the present school year, whose families are in
// the record. What builds on something else is planned after it.
func (b *builder) planScenes() error {
	view, err := b.store.Town(store.Console())
	if err != nil {
		return err
	}
	c := newCast(b, view)
	b.planSettings()
	b.planPortal(c)
	if b.opt.Vault != nil {
		b.planDiets()
		b.planSecrets()
	}
	b.planApplications(c)
	b.planCounter(c)
	b.planRetention()
	return nil
}

// The staff, as the authors of acts.
var (
	admin     = staffAct("admin", canteen.RoleAdmin)
	officer   = staffAct("dietista", canteen.RoleDiets)
	secretary = staffAct("scuola", canteen.RoleSchool)
	auditor   = staffAct("revisore", canteen.RoleAuditor)
)

func staffAct(login string, role canteen.Role) store.Act {
	return store.Act{Actor: canteen.Actor{Login: login, Role: role}, Channel: canteen.ChannelWeb}
}

// act is an act of a guardian on the portal.
func (g *guardian) act() store.Act {
	return store.Act{Actor: canteen.Actor{Login: g.login, Role: canteen.RoleGuardian, Guardian: g.id}, Channel: canteen.ChannelWeb}
}

// atDesk is an act of the counter for a person, 0 for nobody in particular.
func atDesk(who canteen.GuardianID, name string) store.Act {
	return store.Act{Actor: canteen.Actor{Login: "sportello", Role: canteen.RoleDesk, Guardian: who},
		Channel: canteen.ChannelDesk, OnBehalf: name}
}
