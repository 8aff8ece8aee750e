package store

import (
	"cmp"

	"refettorio/canteen"
)

// plannedPlace is an enrolment with what is to become of it.
type plannedPlace struct {
	canteen.Enrolment
	change placeChange
}

type placeChange uint8

const (
	placeKept    placeChange = iota // in the record, as it is
	placeChanged                    // in the record, to be written again
	placeDropped                    // in the record, to be taken back
	placeNew
)

func placesOf(list []canteen.Enrolment) []plannedPlace {
	places := make([]plannedPlace, len(list), len(list)+1)
	for i := range list {
		places[i].Enrolment = list[i]
	}
	return places
}

// touch marks an enrolment that is other than the record has it.
func (e *plannedPlace) touch() {
	if e.change == placeKept {
		e.change = placeChanged
	}
}

// live tells whether the enrolment will be a validated one.
func (e *plannedPlace) live() bool {
	return e.State == canteen.Validated && e.change != placeDropped
}

// latestClass is where a pupil's account lies: the class of its latest enrolment.
func (p *plannedPupil) latestClass() canteen.ClassID {
	class, from := p.Class, canteen.Date(0)
	for i := range p.places {
		if e := &p.places[i]; e.live() && e.From >= from {
			class, from = e.Class, e.From
		}
	}
	return class
}

// placer decides what a row makes of a pupil's enrolments. Days that are closed
// are history: no change reaches back to one.
//
//   - A pupil without a place in the row's school year gets one from the row's
//     day, else from the start of the year, or from today when a day of the
//     school has been closed since.
//   - In the same class, a new band or diet holds from the start of the
//     enrolment, or from today when a day has been closed since.
//   - In another class, the old place ends the day before the row's day, else
//     before today, and the new one begins; the pupil's future communications
//     follow it.
//
// "Today" is the first day from today on that neither school has closed.
type placer struct {
	town       *town
	today      canteen.Date
	lastClosed map[canteen.SchoolID]canteen.Date
	starts     map[string]canteen.Date // of the school years
}

func newPlacer(tx *tx) *placer {
	p := &placer{town: tx.townNow(), today: canteen.DateOf(tx.now),
		lastClosed: map[canteen.SchoolID]canteen.Date{}, starts: map[string]canteen.Date{}}
	c := tx.bucket(closings).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		p.lastClosed[canteen.SchoolID(be.Uint16(k[4:]))] = dayOfKey(k) // in order of day: the last stays
	}
	return p
}

func (p *placer) place(one *plannedPupil, row *canteen.PupilRow, class *canteen.Class) (doubt, refusal *canteen.Error) {
	if row.From != 0 && canteen.YearOf(row.From) != class.Year {
		return nil, canteen.Invalid(columnFrom, "error.import.from", row.From, class.Year)
	}
	places := p.ofYear(one, class.Year)
	if len(places) == 0 {
		return nil, p.first(one, row, class)
	}
	day := p.changeDay(places, row, class)
	present := holding(places, day)
	if present != nil && present.Class == class.ID {
		return p.refresh(one, places, present, row), nil
	}
	return nil, p.changeClass(one, places, present, row, class, day)
}

// ofYear returns the validated enrolments of a pupil in a school year, oldest
// first.
func (p *placer) ofYear(one *plannedPupil, year string) []*plannedPlace {
	var places []*plannedPlace
	for i := range one.places {
		e := &one.places[i]
		if class := p.town.byClass[e.Class]; e.live() && class != nil && class.Year == year {
			places = append(places, e)
		}
	}
	return places
}

// holding returns the enrolment that holds on a day, or else begins next.
func holding(places []*plannedPlace, day canteen.Date) *plannedPlace {
	for _, e := range places {
		if e.Until == 0 || day <= e.Until {
			return e
		}
	}
	return nil
}

// schoolOf returns the school of a class.
func (p *placer) schoolOf(class canteen.ClassID) *canteen.School {
	return p.town.bySchool[p.town.byClass[class].School]
}

// yearStart is the first day of a school year: as the calendar has it, or as a
// new file would.
func (p *placer) yearStart(name string) canteen.Date {
	if start, ok := p.starts[name]; ok {
		return start
	}
	var start canteen.Date
	if year, err := canteen.ParseYear(name); err == nil {
		start = canteen.DefaultYear(year.From).From
	}
	for _, y := range p.town.calendar.Years {
		if y.Name == name && canteen.YearOf(y.From) == name {
			start = y.From
		}
	}
	p.starts[name] = start
	return start
}

// changeDay is the day from which a row can change something in a pupil's year.
func (p *placer) changeDay(places []*plannedPlace, row *canteen.PupilRow, class *canteen.Class) canteen.Date {
	day := max(row.From, p.today, p.yearStart(class.Year))
	first := max(day, p.after(class.School))
	if e := holding(places, day); e != nil {
		first = max(first, p.after(p.town.byClass[e.Class].School), e.From)
	}
	return first
}

// after is the day after the last one a school has closed; 0 without one.
func (p *placer) after(school canteen.SchoolID) canteen.Date {
	if last := p.lastClosed[school]; last != 0 {
		return last.AddDays(1)
	}
	return 0
}

// first gives a pupil its first place of a year.
func (p *placer) first(one *plannedPupil, row *canteen.PupilRow, class *canteen.Class) *canteen.Error {
	from := cmp.Or(row.From, p.yearStart(class.Year))
	if p.lastClosed[class.School] >= from {
		if row.From != 0 {
			return p.closed(class.School)
		}
		from = max(p.today, p.after(class.School))
	}
	return p.enrol(one, row, class, from)
}

// closed refuses a change that would reach back to a closed day.
func (p *placer) closed(school canteen.SchoolID) *canteen.Error {
	return &canteen.Error{Kind: canteen.KindConflict, Field: columnFrom, Key: "error.import.closed",
		Args: []any{p.lastClosed[school].String(), p.town.bySchool[school].Name}}
}

// enrol adds a place from a day on, unless the school year is over by then.
func (p *placer) enrol(one *plannedPupil, row *canteen.PupilRow, class *canteen.Class, from canteen.Date) *canteen.Error {
	if canteen.YearOf(from) != class.Year {
		return canteen.Invalid(columnYear, "error.import.yearOver", class.Year)
	}
	one.places = append(one.places, newPlace(row, one.PAN, class.ID, from))
	return nil
}

// newPlace is the validated enrolment a row asks for. One that was never
// validated and has the same class and day gives way to it.
func newPlace(row *canteen.PupilRow, pan canteen.PAN, class canteen.ClassID, from canteen.Date) plannedPlace {
	return plannedPlace{change: placeNew, Enrolment: canteen.Enrolment{
		Pupil: pan, Class: class, State: canteen.Validated, From: from, Outside: row.Outside,
		Bands: canteen.SetFrom(nil, from, row.Band), Diets: canteen.SetFrom(nil, from, row.Diet.Code)}}
}

// refresh brings an enrolment up to what a row of the same class says.
func (p *placer) refresh(one *plannedPupil, places []*plannedPlace, e *plannedPlace, row *canteen.PupilRow) (doubt *canteen.Error) {
	if row.From != 0 && row.From != e.From {
		if p.restart(one, places, e, row) {
			return nil
		}
		doubt = canteen.Invalid(columnFrom, "warning.import.fromKept", e.From)
	}
	day, now := e.From, max(e.From, p.today)
	if school := p.schoolOf(e.Class).ID; p.lastClosed[school] >= e.From {
		day = max(p.today, p.after(school))
		now = day
	}
	if canteen.InForce(e.Bands, now) != row.Band {
		e.Bands = canteen.SetFrom(e.Bands, day, row.Band)
		e.touch()
	}
	if canteen.InForce(e.Diets, now) != row.Diet.Code {
		e.Diets = canteen.SetFrom(e.Diets, day, row.Diet.Code)
		e.touch()
	}
	if e.Outside != row.Outside {
		e.Outside = row.Outside
		e.touch()
	}
	return doubt
}

// restart moves the first day of an enrolment to the row's, which only the first
// one of a year can do while no day is closed; it reports whether it did.
func (p *placer) restart(one *plannedPupil, places []*plannedPlace, e *plannedPlace, row *canteen.PupilRow) bool {
	school := p.schoolOf(e.Class).ID
	if e != places[0] || p.lastClosed[school] >= min(e.From, row.From) || e.Until != 0 && e.Until < row.From {
		return false
	}
	moved := newPlace(row, one.PAN, e.Class, row.From)
	moved.Until, moved.Weekdays, moved.Rank = e.Until, e.Weekdays, e.Rank
	e.change = placeDropped
	one.places = append(one.places, moved)
	return true
}

// changeClass ends what a pupil has from a day on and enrols it in another class.
func (p *placer) changeClass(one *plannedPupil, places []*plannedPlace, present *plannedPlace, row *canteen.PupilRow,
	class *canteen.Class, day canteen.Date) *canteen.Error {
	day = cmp.Or(row.From, day)
	if p.lastClosed[class.School] >= day {
		return p.closed(class.School)
	}
	for _, e := range places {
		if e.Until != 0 && e.Until < day {
			continue
		}
		if school := p.schoolOf(e.Class); p.lastClosed[school.ID] >= day {
			return p.closed(school.ID)
		}
		if e.From >= day {
			e.change = placeDropped
		} else {
			e.Until = day.AddDays(-1)
			e.touch()
		}
	}
	if refusal := p.enrol(one, row, class, day); refusal != nil {
		return refusal
	}
	if present != nil {
		one.places[len(one.places)-1].Weekdays = present.Weekdays // days the family chose are not the class's
	}
	one.moved, one.school = day, class.School
	return nil
}
