package store

import (
	"cmp"
	"slices"
	"time"

	"refettorio/canteen"
)

// SchoolApplication is an application as a school sees it: no money, no debt, no
// diet and no reason of one (design §12, rules R5.4).
type SchoolApplication struct {
	Handle    string
	State     canteen.EnrolmentState
	Year      string
	School    canteen.School
	Class     *canteen.Class // nil when the family named none, or it is gone
	Grade     string         // asked, where no class is named
	Child     canteen.Child
	Applicant canteen.Guardian // name only is shown
	Weekdays  canteen.Weekdays // asked; 0: those of the class
	OffDays   bool             // the days asked are none of the class's
	From      canteen.Date
	Submitted time.Time
	Late      bool // it has waited longer than LateAfter
	Renewal   bool
	Change    canteen.PlaceChange
	LastClass string // of the year before, with its school when that is another
	LastDays  canteen.Weekdays
	Placed    bool // the child has a place that year already
	Stranger  bool // the child is in the service and the applicant is none of its guardians
	Twins     bool // its codice fiscale belongs to two pupils
	Waits     bool // for the municipality: the school cannot go on alone
	Reason    string
	Pupil     string // handle of the pupil, once validated
}

// LateAfter is how long an application may wait before it is shown as late.
const LateAfter = 7 * 24 * time.Hour

// applicationsIn returns the applications of a school for this school year and
// the next, but for drafts.
func (tx *tx) applicationsIn(school canteen.SchoolID) (all []canteen.Application) {
	this := firstYear(canteen.YearOf(canteen.DateOf(tx.now)))
	for _, year := range []uint16{this, this + 1} {
		var handles []string
		prefix := append(key16(uint16(school)), key16(year)...)
		tx.scan(applicationsBySchool, prefix, func(k, _ []byte) bool {
			handles = append(handles, string(k[4:]))
			return true
		})
		for _, handle := range handles {
			if a, ok := tx.application(handle); ok && a.State != canteen.Draft {
				all = append(all, a)
			}
		}
	}
	return all
}

// SchoolApplications returns the applications of the actor's schools that wait
// for the school or are back with the family: the waiting ones first, in order
// of class and name.
func (s *Store) SchoolApplications(act Act) (all []SchoolApplication, err error) {
	err = s.view(act, func(tx *tx) error {
		own, err := tx.validatedBy()
		if err != nil {
			return err
		}
		all = nil
		tx.saw(look{what: SawApplications})
		for i := range tx.townNow().schools {
			if id := tx.townNow().schools[i].ID; own[id] {
				for _, a := range tx.applicationsIn(id) {
					if a.State == canteen.Submitted || a.State == canteen.Returned {
						all = append(all, tx.schoolApplication(&a))
					}
				}
			}
		}
		slices.SortFunc(all, func(a, b SchoolApplication) int {
			return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Year, b.Year), cmp.Compare(a.School.Name, b.School.Name),
				cmp.Compare(a.className(), b.className()),
				cmp.Compare(canteen.FoldKey(a.Child.Surname, a.Child.Name), canteen.FoldKey(b.Child.Surname, b.Child.Name)))
		})
		return nil
	})
	return all, err
}

// className is the name of the class asked; empty without one.
func (a *SchoolApplication) className() string {
	if a.Class == nil {
		return ""
	}
	return a.Class.Name()
}

// SchoolApplication returns one application of the actor's schools; KindNotFound
// for one of another school, or still a draft.
func (s *Store) SchoolApplication(act Act, handle string) (view SchoolApplication, err error) {
	err = s.view(act, func(tx *tx) error {
		own, err := tx.validatedBy()
		if err != nil {
			return err
		}
		a, ok := tx.application(handle)
		if !ok || !own[a.School] || a.State == canteen.Draft {
			return canteen.Refuse(canteen.KindNotFound, "error.candidate.notFound")
		}
		tx.saw(look{what: "application", person: a.Applicant, pupil: a.Pupil})
		view = tx.schoolApplication(&a)
		return nil
	})
	return view, err
}

func (tx *tx) schoolApplication(a *canteen.Application) SchoolApplication {
	town := tx.townNow()
	view := SchoolApplication{Handle: a.Handle, State: a.State, Year: a.Year, Child: a.Child, Weekdays: a.Weekdays, From: a.From,
		Submitted: a.Submitted, Renewal: a.Renewal, Grade: a.Grade, Class: town.byClass[a.Class]}
	if school := town.bySchool[a.School]; school != nil {
		view.School = *school
	}
	if view.Class != nil && view.Class.School != a.School {
		view.Class = nil
	}
	view.Applicant, _ = tx.guardian(a.Applicant)
	view.Late = a.State == canteen.Submitted && tx.now.Sub(a.Submitted) > LateAfter
	view.OffDays = a.Weekdays != 0 && view.Class != nil && a.Weekdays&view.Class.Weekdays == 0
	for _, step := range a.History {
		if step.What == canteen.Returned.String() {
			view.Reason = step.Reason
		}
	}
	tx.compareWithLast(&view, a)
	view.Waits = a.State == canteen.Submitted && (view.Twins || !view.Placed && !view.Stranger && tx.debtGate(a).Stopped)
	return view
}

// compareWithLast says what the record already knows of the child.
func (tx *tx) compareWithLast(view *SchoolApplication, a *canteen.Application) {
	child, known, twins := tx.childOf(a)
	if view.Change, view.Twins = canteen.PlaceNew, twins; !known {
		return
	}
	view.Stranger = !child.HasGuardian(a.Applicant)
	view.Placed = a.State == canteen.Submitted && tx.placeInYear(child.PAN, a.Year) != nil
	if a.State == canteen.Validated {
		view.Pupil = child.Handle
	}
	last := tx.placeInYear(child.PAN, canteen.PreviousYear(a.Year))
	if last == nil {
		return
	}
	town := tx.townNow()
	class := town.byClass[last.Class]
	view.Change, view.LastDays = canteen.CompareClasses(class, view.Class), cmp.Or(last.Weekdays, class.Weekdays)
	view.LastClass = class.Name()
	if class.School != a.School {
		view.Change = canteen.PlaceSchool
		view.LastClass += ", " + town.bySchool[class.School].Name
	}
}

// SchoolOverview is one school of the actor's in one school year.
type SchoolOverview struct {
	School   canteen.School
	Year     string
	Waiting  int
	Late     int
	Returned int
	Classes  []ClassOverview
}

// ClassOverview is a class with how many pupils it has and how many wait.
type ClassOverview struct {
	Class   canteen.Class
	Pupils  int
	Waiting int
}

// SchoolOverviews returns the actor's schools, in this school year and, where it
// has classes or applications, in the next.
func (s *Store) SchoolOverviews(act Act) (all []SchoolOverview, err error) {
	err = s.view(act, func(tx *tx) error {
		own, err := tx.ownSchools()
		if err != nil {
			return err
		}
		all = nil
		today := canteen.DateOf(tx.now)
		lists := tx.classLists()
		for i := range tx.townNow().schools {
			school := &tx.townNow().schools[i]
			if !own[school.ID] {
				continue
			}
			applications := tx.applicationsIn(school.ID)
			for _, year := range []string{canteen.YearOf(today), canteen.YearOf(endOfYear(today).AddDays(1))} {
				one := tx.schoolOverview(school, year, applications, lists)
				if year == canteen.YearOf(today) || len(one.Classes) > 0 || one.Waiting+one.Returned > 0 {
					all = append(all, one)
				}
			}
		}
		return nil
	})
	return all, err
}

func (tx *tx) schoolOverview(school *canteen.School, year string, applications []canteen.Application,
	lists func(canteen.ClassID) []canteen.Enrolment) SchoolOverview {
	one := SchoolOverview{School: *school, Year: year}
	waiting := map[canteen.ClassID]int{}
	for i := range applications {
		switch a := &applications[i]; {
		case a.Year != year:
		case a.State == canteen.Returned:
			one.Returned++
		case a.State == canteen.Submitted:
			one.Waiting++
			waiting[a.Class]++
			if tx.now.Sub(a.Submitted) > LateAfter {
				one.Late++
			}
		}
	}
	today := canteen.DateOf(tx.now)
	for _, class := range tx.townNow().ofSchool[school.ID] {
		if class.Year != year {
			continue
		}
		row := ClassOverview{Class: *class, Waiting: waiting[class.ID]}
		for _, e := range lists(class.ID) {
			if e.State == canteen.Validated && (e.Until == 0 || e.Until >= today) {
				row.Pupils++
			}
		}
		one.Classes = append(one.Classes, row)
	}
	return one
}
