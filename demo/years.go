package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// office is the act of the Ufficio Pubblica Istruzione.
var office = store.Act{Actor: canteen.Actor{Login: "ufficio", Role: canteen.RoleOffice}, Channel: canteen.ChannelWeb}

// chunk is how many rows an import takes at once: enough to be quick, few
// enough to stay small in memory.
const chunk = 10_000

// openYear makes the record ready for a school year: in the first one the town
// is brought in whole, in the following the children move on and the new ones
// come.
func (b *builder) openYear(ctx context.Context, back int) error {
	first := back == b.years
	if !first {
		at := b.notAfterNow(enrolmentDay(b.present - back))
		if err := b.play(at); err != nil {
			return err
		}
		b.clock.set(at)
	}
	steps := []func() error{
		func() error { return b.importPlaces(back, first) },
		func() error { return b.importCalendar(back) },
		func() error { return b.welcomeFamilies(back) },
		func() error { return b.importPeople(ctx, back) },
		func() error { return b.openPurses(ctx, back, first) },
		func() error { return b.importMenus(back) },
		b.addFamilies,
	}
	if first {
		steps = append(steps, b.addStaff)
	}
	if back == 0 {
		steps = append(steps, b.planScenes)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// enrolmentDay is when the office has the enrolments of a school year in.
func enrolmentDay(first int) time.Time {
	return firstWorkday(canteen.NewDate(first, 9, 9)).At(10 * 60)
}

func (b *builder) importPlaces(back int, first bool) error {
	if first {
		for _, d := range diets {
			if err := b.store.PutDiet(office, d); err != nil {
				return fmt.Errorf("diet %s: %w", d.Code, err)
			}
		}
		var rows []canteen.SchoolRow
		for i, s := range b.places.schools {
			rows = append(rows, canteen.SchoolRow{Line: i + 2, Code: s.code, Name: s.name, Stage: s.stage,
				Institute: b.places.institutes[s.institute], Kitchen: s.kitchen})
		}
		if err := taken(b.store.ImportSchools(office, rows, store.ImportOptions{})); err != nil {
			return err
		}
	}
	return taken(b.store.ImportClasses(office, b.classRows(back), store.ImportOptions{}))
}

// classRows are the classes with pupils in a school year.
func (b *builder) classRows(back int) (rows []canteen.ClassRow) {
	used := map[*class]bool{}
	for _, one := range b.census.children {
		if one.enrolled(back) {
			used[one.path[back]] = true
		}
	}
	for _, c := range b.places.classes {
		if used[c] {
			rows = append(rows, canteen.ClassRow{Line: len(rows) + 2, School: c.school.code, Year: schoolYear(b.present - back).Name,
				Grade: strconv.Itoa(c.grade), Section: c.section, Weekdays: c.weekdays, Staff: c.staff})
		}
	}
	return rows
}

func (b *builder) importCalendar(back int) error {
	year := schoolYear(b.present - back)
	rows := []canteen.CalendarRow{{Line: 2, Year: &year}}
	for i, r := range closures(b.present - back) {
		rows = append(rows, canteen.CalendarRow{Line: i + 3, Rule: r})
	}
	if err := taken(b.store.ImportCalendar(office, rows, store.ImportOptions{})); err != nil {
		return err
	}
	return b.store.AddTariff(office, tariffOf(b.present-back, b.present))
}

// importPeople brings in the children of a school year, with their guardians
// when they are new.
func (b *builder) importPeople(ctx context.Context, back int) error {
	var guardians []canteen.GuardianRow
	var pupils []canteen.PupilRow
	var fresh []*child
	asked := map[*guardian]bool{}
	for _, one := range b.census.children {
		if !one.enrolled(back) {
			continue
		}
		row := b.pupilRow(one, back)
		if one.isNew(back, b.years) {
			fresh = append(fresh, one)
			for _, g := range one.guardians {
				if g.id == 0 && !asked[g] {
					asked[g] = true
					guardians = append(guardians, guardianRow(g, len(guardians)+2))
				}
			}
		}
		row.Line = len(pupils) + 2
		pupils = append(pupils, row)
	}
	total := len(guardians) + len(pupils)
	err := inChunks(ctx, guardians, func(rows []canteen.GuardianRow, done int) error {
		err := taken(b.store.ImportGuardians(office, rows, store.ImportOptions{}))
		b.opt.Progress(StagePeople, done, total)
		return err
	})
	if err != nil {
		return err
	}
	err = inChunks(ctx, pupils, func(rows []canteen.PupilRow, done int) error {
		err := taken(b.store.ImportPupils(office, rows, store.ImportOptions{}))
		b.opt.Progress(StagePeople, len(guardians)+done, total)
		return err
	})
	if err != nil {
		return err
	}
	return b.recognise(fresh)
}

// isNew tells whether a child comes into the service in a school year; years is
// how far back the history goes.
func (c *child) isNew(back, years int) bool {
	for earlier := back + 1; earlier <= years; earlier++ {
		if c.enrolled(earlier) {
			return false
		}
	}
	return c.enrolled(back)
}

func guardianRow(g *guardian, line int) canteen.GuardianRow {
	return canteen.GuardianRow{Line: line, Guardian: canteen.Guardian{CodiceFiscale: g.cf, Surname: g.surname, Name: g.name,
		Phone: g.phone, Email: g.email, Address: g.address, PostCode: g.code, City: g.city}}
}

func (b *builder) pupilRow(one *child, back int) canteen.PupilRow {
	class := one.path[back]
	row := canteen.PupilRow{School: class.school.code, Year: schoolYear(b.present - back).Name,
		Grade: strconv.Itoa(class.grade), Section: class.section, Band: one.family.band, Outside: one.family.outside,
		Pupil: canteen.Pupil{PAN: one.pan, CodiceFiscale: one.cf, Surname: one.surname, Name: one.name, Born: one.born,
			Sex: string(one.sex), Birthplace: one.birthplace.name, NonResident: one.family.outside}}
	for _, g := range one.guardians {
		row.Guardians = append(row.Guardians, g.cf)
	}
	for _, d := range diets {
		if d.Code == one.diet {
			row.Diet = d
		}
	}
	return row
}

// recognise learns which numbers the record gave the guardians of new children.
func (b *builder) recognise(fresh []*child) error {
	for _, one := range fresh {
		p, err := b.store.Pupil(store.Console(), one.pan)
		if err != nil {
			return err
		}
		if len(p.Guardians) != len(one.guardians) {
			return fmt.Errorf("pupil %s has %d guardians instead of %d", one.pan, len(p.Guardians), len(one.guardians))
		}
		for i, id := range p.Guardians {
			one.guardians[i].id = id
		}
	}
	return nil
}

// openPurses says what the meals of a year cost and gives new children their
// first balance: what the old system had, or a first payment.
func (b *builder) openPurses(ctx context.Context, back int, first bool) error {
	tariff := tariffOf(b.present-back, b.present)
	var balances []canteen.BalanceRow
	var payments []store.OutsidePayment
	for _, one := range b.census.children {
		if !one.enrolled(back) {
			continue
		}
		one.purse.price = one.price(&tariff, back)
		if !one.isNew(back, b.years) || one.purse.price == 0 {
			continue
		}
		one.purse.settle(b.life.money)
		switch opening := one.purse.opening(b.life.money); {
		case first:
			one.purse.balance = opening
			balances = append(balances, canteen.BalanceRow{Line: len(balances) + 2, PAN: one.pan, Balance: opening})
		case opening > 0:
			one.purse.balance = opening
			payments = append(payments, b.life.payment(one, opening))
		}
	}
	if err := b.life.record(payments); err != nil {
		return err
	}
	return inChunks(ctx, balances, func(rows []canteen.BalanceRow, _ int) error {
		return taken(b.store.ImportBalances(office, rows, store.ImportOptions{}))
	})
}

// taken turns an import with refused rows into an error: the town's own files
// have no bad rows.
func taken(report canteen.ImportReport, err error) error {
	if err != nil {
		return err
	}
	for _, r := range report.Rows {
		if r.Outcome == canteen.RowRefused {
			return fmt.Errorf("line %d, %s: %w", r.Line, r.Key, r.Reason)
		}
	}
	return nil
}

// inChunks hands rows out a bounded number at a time; done counts those handed
// out so far.
func inChunks[T any](ctx context.Context, rows []T, do func(rows []T, done int) error) error {
	for done := 0; done < len(rows) && ctx.Err() == nil; {
		next := min(done+chunk, len(rows))
		if err := do(rows[done:next], next); err != nil {
			return err
		}
		done = next
	}
	return ctx.Err()
}
