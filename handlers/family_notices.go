package handlers

import (
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// FamilyNotice is something a family must know before anything else.
type FamilyNotice struct {
	What   render.Message
	Reason string // in the words of whoever closed
	Names  string // of the children it is about, when it is not about all
	Then   render.Message
}

// noticeDays is how far ahead a closure is told.
const noticeDays = 14

// notices tell that today's cut-off was moved (mission 17) and that the canteen
// will be closed (mission 16).
func (c children) notices() []FamilyNotice {
	all := c.movedCutoff()
	var found []closureRun
	for i := range c {
		for _, run := range c.closuresOf(i) {
			found = joinRun(found, run)
		}
	}
	for _, f := range found {
		n := FamilyNotice{What: f.what(c[0].Days[0].Day), Reason: f.reason, Then: render.Msg("family.notice.nothingToDo")}
		if len(f.names) < c.eating() {
			n.Names = strings.Join(f.names, ", ")
		}
		all = append(all, n)
	}
	return all
}

// movedCutoff says that today's cut-off is later than planned: the latest of the
// children's, as each card has its own hour.
func (c children) movedCutoff() []FamilyNotice {
	var latest canteen.Cutoff
	for i := range c {
		if d := &c[i].Days[0]; d.State != canteen.DayVoid && d.Cutoff.Extended() && d.Cutoff.At.After(latest.At) {
			latest = d.Cutoff
		}
	}
	if latest.At.IsZero() {
		return nil
	}
	return []FamilyNotice{{What: render.Msg("family.notice.moved", latest.At, latest.Planned), Then: render.Msg("family.notice.movedWhy")}}
}

// closureRun is a run of days on which some children have no canteen for one
// reason. It is open when the run goes on beyond the days that were read.
type closureRun struct {
	from, to canteen.Date
	open     bool
	reason   string
	names    []string
}

// what says when the canteen is closed.
func (f *closureRun) what(today canteen.Date) render.Message {
	switch {
	case f.open:
		return render.Msg("family.notice.closedFrom", f.from)
	case f.from != f.to:
		return render.Msg("family.notice.closedFromTo", f.from, f.to)
	case f.from == today.AddDays(1):
		return render.Msg("family.notice.closedTomorrow", f.from)
	}
	return render.Msg("family.notice.closed", f.from)
}

// eating counts the children who have a place.
func (c children) eating() (n int) {
	for i := range c {
		if enrolled(&c[i]) {
			n++
		}
	}
	return n
}

// closuresOf lists the runs of exceptional closures of a child that begin soon on
// a day of school; today's is on its card.
func (c children) closuresOf(i int) (runs []closureRun) {
	days := c[i].Days
	for n := 1; n < len(days); n++ {
		why := days[n].Closure
		if days[n].State != canteen.DayVoid || !exceptional(why) {
			continue
		}
		last := len(runs) - 1
		switch {
		case last >= 0 && runs[last].to.AddDays(1) == days[n].Day && runs[last].reason == why.Reason:
			runs[last].to = days[n].Day
		case n <= noticeDays && !weekend(days[n].Day):
			runs = append(runs, closureRun{from: days[n].Day, to: days[n].Day, reason: why.Reason, names: []string{c.name(&c[i])}})
		}
	}
	if n := len(runs); n > 0 {
		runs[n-1].open = runs[n-1].to == days[len(days)-1].Day
	}
	return runs
}

func weekend(d canteen.Date) bool { return d.Weekday()%6 == 0 }

// joinRun adds a run to the list, or its child to the same run of a sibling.
func joinRun(list []closureRun, run closureRun) []closureRun {
	for i := range list {
		if have := &list[i]; have.from == run.from && have.to == run.to && have.reason == run.reason {
			have.names = append(have.names, run.names...)
			return list
		}
	}
	return append(list, run)
}
