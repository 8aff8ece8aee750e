package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"refettorio/canteen"
)

// closeBound is how many pupils one transaction of a close holds at most, in
// whole schools (design §4).
const closeBound = 2000

// DrainPatience is how long a close waits for requests that came in time; the
// web answers or fails them sooner.
const DrainPatience = 20 * time.Second

// CloseDue closes what is due now: the schools whose cut-off of today has
// passed. Running it twice, or again after a crash anywhere, finishes what is
// left and does nothing else. It returns how many schools it closed.
func (s *Store) CloseDue(ctx context.Context, act Act) (int, error) {
	today := canteen.DateOf(s.now())
	return s.closeSchools(ctx, act, today)
}

// CloseDay closes a day by hand: today when its cut-offs have passed, or an
// earlier service day that nobody closed, which only a person decides (design
// §4). KindConflict when nothing of the day can be closed yet.
func (s *Store) CloseDay(ctx context.Context, act Act, day canteen.Date) (int, error) {
	var waiting, served int
	var first canteen.Cutoff
	err := s.view(act, func(tx *tx) error {
		if err := mayDecideDays(act); err != nil {
			return err
		}
		gaps, view := tx.outagesOn(day), tx.townNow().calendar.Day(day)
		for i := range tx.townNow().schools {
			school := &tx.townNow().schools[i]
			if len(tx.serving(&view, school, day)) == 0 {
				continue
			}
			served++
			if c := tx.cutoff(day, school, gaps); !c.Passed(tx.now) {
				waiting++
				first = c
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if served > 0 && waiting == served {
		return 0, canteen.Refuse(canteen.KindConflict, "error.close.early", first.At)
	}
	return s.closeSchools(ctx, act, day)
}

func mayDecideDays(act Act) error {
	switch {
	case act.Actor.Role == canteen.RoleOffice, act.Actor.Login == canteen.ConsoleActor.Login,
		act.Actor.Login == canteen.JobActor.Login:
		return nil
	}
	return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
}

// closeSchools closes the schools of a day whose cut-off has passed, a bounded
// transaction at a time, until a fresh look finds none left: a cut-off may pass
// while others close.
func (s *Store) closeSchools(ctx context.Context, act Act, day canteen.Date) (closed int, err error) {
	for ctx.Err() == nil {
		plan, err := s.dueToClose(act, day)
		if err != nil {
			return closed, err
		}
		if len(plan) == 0 {
			return closed, s.issueLateSheets(act, day)
		}
		for _, batch := range plan {
			if ctx.Err() != nil {
				break
			}
			s.gate.Drain(ctx, batch.latest, DrainPatience)
			done, err := s.closeBatch(act, day, batch.schools)
			if err != nil {
				return closed, err
			}
			closed += done
			s.feed.tell(day)
		}
	}
	return closed, ctx.Err()
}

// closeBatch closes schools in one transaction and returns how many it found
// still open and due.
func (s *Store) closeBatch(act Act, day canteen.Date, schools []canteen.SchoolID) (done int, err error) {
	err = s.updateAlone(act, func(tx *tx) error {
		done = 0
		c := newCloser(tx, day)
		for _, id := range schools {
			ok, err := c.school(id)
			if err != nil {
				return fmt.Errorf("close %s: %w", day, err)
			}
			if ok {
				done++
			}
		}
		return c.issueSheets()
	})
	return done, err
}

// issueLateSheets issues the sheets that no close of a school brings along; see
// withoutSheet.
func (s *Store) issueLateSheets(act Act, day canteen.Date) error {
	late := 0
	issue := func(tx *tx) error {
		view := tx.townNow().calendar.Day(day)
		kitchens := tx.withoutSheet(&view, day)
		if late = len(kitchens); tx.b.Writable() {
			for _, id := range kitchens {
				tx.issueSheet(&view, id, day)
			}
		}
		return tx.err
	}
	if err := s.view(act, issue); err != nil || late == 0 {
		return err
	}
	defer s.feed.tell(day)
	return s.updateAlone(act, issue)
}

// batch is what one transaction of a close takes: whole schools and the latest
// of their cut-offs.
type batch struct {
	schools []canteen.SchoolID
	latest  time.Time
}

// dueToClose lays the schools of a day that are due and open into transactions.
func (s *Store) dueToClose(act Act, day canteen.Date) (plan []batch, err error) {
	err = s.view(act, func(tx *tx) error {
		town := tx.townNow()
		gaps, view, seats := tx.outagesOn(day), town.calendar.Day(day), 0
		for _, id := range town.closingOrder() {
			school := town.bySchool[id]
			cutoff := tx.cutoff(day, school, gaps)
			if !cutoff.Passed(tx.now) || tx.has(closings, keyDaySchool(day, id)) {
				continue
			}
			serving := tx.serving(&view, school, day)
			if len(serving) == 0 {
				continue
			}
			size := tx.seats(serving)
			if len(plan) == 0 || seats+size > closeBound {
				plan, seats = append(plan, batch{}), 0
			}
			last := &plan[len(plan)-1]
			last.schools, seats = append(last.schools, id), seats+size
			if cutoff.At.After(last.latest) {
				last.latest = cutoff.At
			}
		}
		return nil
	})
	return plan, err
}

// closingOrder is the order in which schools close: a kitchen's together, so
// that its sheet is out as early as can be, and by number, which is the order
// of the registers' keys.
func (t *town) closingOrder() []canteen.SchoolID {
	ids := make([]canteen.SchoolID, 0, len(t.schools))
	for i := range t.schools {
		ids = append(ids, t.schools[i].ID)
	}
	slices.SortFunc(ids, func(a, b canteen.SchoolID) int {
		if ka, kb := t.bySchool[a].Kitchen, t.bySchool[b].Kitchen; ka != kb {
			return int(ka) - int(kb)
		}
		return int(a) - int(b)
	})
	return ids
}

// serving returns the classes of a school that have a canteen day, by number.
func (tx *tx) serving(view *canteen.DayView, school *canteen.School, day canteen.Date) []*canteen.Class {
	town := tx.townNow()
	var open []*canteen.Class
	for _, c := range town.classesOn(school.ID, day) {
		if ok, _ := view.Service(school.Code, town.scope(c), c.Weekdays); ok {
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(a, b *canteen.Class) int { return int(a.ID) - int(b.ID) })
	return open
}

// seats counts the enrolments of classes, as an estimate of a transaction's size.
func (tx *tx) seats(of []*canteen.Class) (n int) {
	c := tx.bucket(enrolments).Cursor()
	for _, class := range of {
		prefix := key32(uint32(class.ID))
		for k, _ := c.Seek(prefix); k != nil && be.Uint32(k) == uint32(class.ID); k, _ = c.Next() {
			n++
		}
	}
	return n
}
