package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"refettorio/canteen"
)

type modelSent struct {
	act Act
	req CommunicationRequest
	out []PupilOutcome
	at  time.Time
}

// jump moves the clock forward: a little, to the edge of a cut-off, or to
// another morning.
func (run *modelRun) jump() {
	today := canteen.DateOf(run.m.now)
	edge := today.At(modelSchools[canteen.SchoolID(1+run.r.IntN(3))].cutoff).Add(time.Duration(run.r.IntN(3)-1) * time.Millisecond)
	switch n := run.r.IntN(10); {
	case n < 3:
		run.tick(time.Duration(run.r.Int64N(int64(20 * time.Minute))))
	case n < 7 && edge.After(run.m.now):
		run.tick(edge.Sub(run.m.now))
	case n < 9:
		if close := today.At(9*60 + 30).Add(time.Millisecond); close.After(run.m.now) && run.r.IntN(3) > 0 {
			run.tick(close.Sub(run.m.now)) // most days are closed in time
			run.closeDue()
		}
		run.tick(today.AddDays(1).At(canteen.ClockTime(7*60 + run.r.IntN(180))).Sub(run.m.now))
	default:
		run.tick(today.AddDays(1 + run.r.IntN(3)).At(canteen.ClockTime(run.r.IntN(24 * 60))).Sub(run.m.now))
	}
}

func (run *modelRun) pupil() canteen.PAN { return run.town.pupils[run.r.IntN(len(run.town.pupils))] }

func (run *modelRun) communicate() {
	pan := run.pupil()
	act, today := run.town.family(pan), canteen.DateOf(run.m.now)
	from := today.AddDays(run.r.IntN(12) - 3)
	req := CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.CommunicationKind(run.r.IntN(3)),
		From: from, To: from.AddDays(run.r.IntN(5))}
	if pan == run.town.elder {
		req.Pupils = append(req.Pupils, run.town.younger)
	}
	if run.r.IntN(3) == 0 { // it waited in a queue
		act.Received = run.m.now.Add(-time.Duration(run.r.IntN(3*60*60*1000)) * time.Millisecond)
	}
	if run.r.IntN(2) == 0 {
		act.Once = fmt.Sprint("once ", run.r.Uint64())
	}
	if stranger := run.pupil(); run.r.IntN(15) == 0 && run.m.parent[stranger] != run.m.parent[pan] {
		req.Pupils = append(req.Pupils, stranger)
		if _, err := run.s.Communicate(act, req); canteen.KindOf(err) != canteen.KindNotFound {
			run.Errorf("%v: %+v with another family's child: got %v, want not found", run.m.now, req, err)
		}
		run.done["foreign"]++
		return
	}
	out, err := run.s.Communicate(act, req)
	if err != nil {
		run.Errorf("%v: %+v: %v", run.m.now, req, err)
		return
	}
	received := act.Received
	if received.IsZero() {
		received = run.m.now
	}
	wrote := false
	for i, one := range req.Pupils {
		want, number := run.m.communicate(one, req.Kind, req.From, req.To, received)
		run.sameAnswer(req, received, out[i], want, number)
		wrote = wrote || number > 0
	}
	if act.Once != "" && wrote {
		run.sent = append(run.sent, modelSent{act, req, out, run.m.now})
	}
}

func (run *modelRun) sameAnswer(req CommunicationRequest, received time.Time, out PupilOutcome, want []canteen.Outcome, number uint32) {
	for i, day := range out.Days {
		run.done[string(want[i])]++
		if day.Outcome != want[i] || day.Outcome == canteen.Accepted && day.Receipt.N != number {
			run.Errorf("%v, received %v: %+v on %s: got %s with receipt %s, want %s with %d",
				run.m.now, received, req, day.Day, day.Outcome, day.Receipt, want[i], number)
		}
	}
	if n := out.Next; n != 0 {
		p := run.m.placeOn(out.Pupil, n)
		if school := run.m.class[p.class].school; !run.m.eats(out.Pupil, n) || late(school, n, received) || run.m.closed[schoolDay{school, n}] {
			run.Errorf("%v: %+v: the next possible day is said to be %s", run.m.now, req, n)
		}
	}
}

// again sends an earlier act a second time: the same answer, and nothing is done.
// Its id with another wish is refused.
func (run *modelRun) again() {
	if len(run.sent) == 0 {
		return
	}
	old := run.sent[run.r.IntN(len(run.sent))]
	run.done["again"]++
	if run.r.IntN(4) == 0 {
		other := old.req
		other.To = other.To.AddDays(1)
		if _, err := run.s.Communicate(old.act, other); canteen.KindOf(err) != canteen.KindConflict {
			run.Errorf("%v: the id of %+v for %+v: got %v, want conflict", run.m.now, old.req, other, err)
		}
		return
	}
	out, err := run.s.Communicate(old.act, old.req)
	if err != nil || hashText(out) != hashText(old.out) {
		run.Errorf("%v: %+v again: got %+v, %v; want %+v", run.m.now, old.req, out, err, old.out)
	}
}

func hashText(v any) string { return string(hashOf(v)) }

func (run *modelRun) closeDue() {
	today := canteen.DateOf(run.m.now)
	n, err := run.s.CloseDue(context.Background(), Job())
	issued := len(run.m.versions)
	want := run.m.close(today)
	if want == 0 && len(run.m.versions) > issued {
		run.done["late sheet"]++
	}
	if err != nil || n != want {
		run.Errorf("%v: close: got %d schools, %v; want %d", run.m.now, n, err, want)
	}
	run.done["closed"] += n
	run.sameSheets(today)
	if open := run.m.open(today); n > 0 && len(open) > 0 && run.r.IntN(3) == 0 { // snow: the others go home
		slices.Sort(open)
		run.addThisRule(canteen.DayRule{Layer: canteen.SchoolLayer, Scope: modelSchools[open[len(open)-1]].code, From: today, To: today, Reason: "neve"})
	}
}

// decidePast closes or voids a day nobody closed.
func (run *modelRun) decidePast() {
	days := run.unattended()
	if len(days) == 0 {
		return
	}
	day := days[run.r.IntN(len(days))]
	if run.r.IntN(2) == 0 {
		run.done["unattended"]++
		n, err := run.s.CloseDay(context.Background(), office(), day)
		if want := run.m.close(day); err != nil || n != want {
			run.Errorf("%v: close of %s: got %d, %v; want %d", run.m.now, day, n, err, want)
		}
		run.sameSheets(day)
		return
	}
	run.done["void"]++
	if err := run.s.VoidDay(office(), day, "neve"); err != nil {
		run.Errorf("%v: void %s: %v", run.m.now, day, err)
	}
	run.m.void(day)
	run.sameSheets(day)
}

func (run *modelRun) unattended() (days []canteen.Date) {
	for day := monday; day < canteen.DateOf(run.m.now); day = day.AddDays(1) {
		if len(run.m.open(day)) > 0 {
			days = append(days, day)
		}
	}
	return days
}

func (run *modelRun) pay() {
	run.refs++
	p := OutsidePayment{Pupil: run.pupil(), Amount: canteen.Cents(run.r.IntN(40_00)), Reference: fmt.Sprint("rif ", run.refs),
		Day: canteen.DateOf(run.m.now), Means: "bank"}
	switch run.r.IntN(10) {
	case 0:
		p.Day = p.Day.AddDays(1)
	case 1, 2, 3: // a reference that was there before, mostly with the same payment
		p.Reference = fmt.Sprint("rif ", 1+run.r.IntN(run.refs))
		if before, ok := run.m.paid[p.Reference]; ok && run.r.IntN(3) > 0 {
			p.Pupil, p.Amount = before.pan, before.amount
		}
	}
	run.done["paid"]++
	want := run.m.pay(p)
	if err := run.s.RecordOutsidePayment(office(), p); err == nil && want != 0 || err != nil && canteen.KindOf(err) != want {
		run.Errorf("%v: %+v: got %v, want kind %d", run.m.now, p, err, want)
	}
}

// moveClass gives a pupil who waits for no other change another class, with the
// list of the office.
func (run *modelRun) moveClass() {
	pan, today := run.pupil(), canteen.DateOf(run.m.now)
	last := run.m.places[pan][len(run.m.places[pan])-1]
	id := canteen.ClassID(1 + run.r.IntN(len(run.m.class)))
	if last.from > today || last.class == id {
		return
	}
	c := run.m.class[id]
	band := []string{"", "", "F1", canteen.BandExempt}[run.r.IntN(4)]
	diet := []string{"", "", "SG", "NM"}[run.r.IntN(4)]
	row := canteen.PupilRow{Line: 2, Pupil: canteen.Pupil{PAN: pan}, School: modelSchools[c.school].code, Grade: c.name[:1], Section: c.name[1:],
		Band: band, Diet: canteen.Diet{Code: diet}, Outside: run.r.IntN(6) == 0}
	report, err := run.s.ImportPupils(office(), []canteen.PupilRow{row}, ImportOptions{})
	if err != nil || !report.Written || report.Count(canteen.RowUpdated) != 1 {
		run.Errorf("%v: %+v: got %+v, %v", run.m.now, row, report, err)
		return
	}
	run.done["moved"]++
	run.m.moveClass(pan, modelPlace{class: id, bands: []canteen.Since{{Code: band}}, diets: []canteen.Since{{Code: diet}}, outside: row.Outside})
}

func (run *modelRun) addRule() {
	c := run.m.class[canteen.ClassID(1+run.r.IntN(len(run.m.class)))]
	from := canteen.DateOf(run.m.now).AddDays(run.r.IntN(17) - 2)
	r := canteen.DayRule{Layer: canteen.Town, From: from, To: from.AddDays(run.r.IntN(3)), Open: run.r.IntN(2) == 0, Reason: "sciopero"}
	what := run.r.IntN(3)
	if run.r.IntN(2) == 0 { // in the middle of the day, when one school of a kitchen may be closed
		what, r.From, r.To = run.r.IntN(2), canteen.DateOf(run.m.now), canteen.DateOf(run.m.now)
	}
	switch what {
	case 0:
		r.Layer, r.Scope = canteen.SchoolLayer, modelSchools[c.school].code
	case 1:
		r.Layer, r.Scope = canteen.ClassLayer, modelSchools[c.school].code+" "+c.name
	}
	run.addThisRule(r)
}

func (run *modelRun) addThisRule(r canteen.DayRule) {
	want := run.m.rule(r)
	if err := run.s.AddDayRule(office(), r); err == nil && want != 0 || err != nil && canteen.KindOf(err) != want {
		run.Errorf("%v: %+v: got %v, want kind %d", run.m.now, r, err, want)
	}
	run.done[map[bool]string{true: "rule", false: "rule refused"}[want == 0]]++
}
