package store

import (
	"cmp"
	"slices"

	"refettorio/canteen"
)

// EnrolmentOverview is how the applications for a school year stand.
type EnrolmentOverview struct {
	Year    string
	Window  canteen.EnrolmentWindow
	Officer string
	Term    int // days for an answer
	Schools []EnrolmentCounts
	Look    []ApplicationLine // returned to the family, past their term, or asked while the year runs
}

// EnrolmentCounts counts the applications for one school by state.
type EnrolmentCounts struct {
	School  canteen.School
	States  map[canteen.EnrolmentState]int
	Renewed int // of the drafts: proposals that wait for the family to confirm
}

// ApplicationLine is one application of a list. It names the child and no more.
type ApplicationLine struct {
	Handle    string
	Name      string
	School    string
	State     canteen.EnrolmentState
	Submitted canteen.Date
	Due       canteen.Date
	Overdue   bool   // still unanswered after Due
	Late      bool   // asked while the school year runs
	Reason    string // of a return
}

// EnrolmentOverview returns how a school year's applications stand, for the
// office. Drafts without a school yet are in no school's count.
func (s *Store) EnrolmentOverview(act Act, year string) (o EnrolmentOverview, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		settings := tx.enrolmentSettings()
		o = EnrolmentOverview{Year: year, Window: settings.Window(year), Officer: settings.Officer, Term: settings.Term()}
		for _, school := range tx.townNow().schools {
			counts := EnrolmentCounts{School: school, States: map[canteen.EnrolmentState]int{}}
			for _, a := range tx.applicationsTo(school.ID, year) {
				counts.States[a.State]++
				if a.Renewal && a.State == canteen.Draft {
					counts.Renewed++
				}
				if line := tx.applicationLine(&a, &school); line.State == canteen.Returned || line.Overdue || line.Late {
					o.Look = append(o.Look, line)
					tx.saw(look{what: "application", person: a.Applicant, pupil: a.Pupil})
				}
			}
			o.Schools = append(o.Schools, counts)
		}
		slices.SortStableFunc(o.Look, func(a, b ApplicationLine) int { return cmp.Compare(a.Due, b.Due) })
		return nil
	})
	return o, err
}

// applicationsTo returns the applications for a school and a year.
func (tx *tx) applicationsTo(school canteen.SchoolID, year string) (all []canteen.Application) {
	prefix := append(key16(uint16(school)), key16(firstYear(year))...)
	tx.scan(applicationsBySchool, prefix, func(k, _ []byte) bool {
		if a, ok := tx.application(string(k[len(prefix):])); ok {
			all = append(all, a)
		}
		return true
	})
	return all
}

func (tx *tx) applicationLine(a *canteen.Application, school *canteen.School) ApplicationLine {
	line := ApplicationLine{Handle: a.Handle, Name: a.Child.Surname + " " + a.Child.Name, School: school.Name, State: a.State}
	if a.State != canteen.Submitted && a.State != canteen.Returned {
		return line
	}
	line.Submitted = canteen.DateOf(a.Submitted)
	line.Late = canteen.YearOf(line.Submitted) >= a.Year
	var r Receipt
	if tx.getJSON(receipts, keyReceipt(a.Receipt), &r) {
		line.Due = r.Due
		line.Overdue = a.State == canteen.Submitted && canteen.DateOf(tx.now) > r.Due
	}
	if a.State == canteen.Returned {
		line.Reason = returnReason(a)
	}
	return line
}

// returnReason is why an application was last sent back.
func returnReason(a *canteen.Application) string {
	for i := len(a.History) - 1; i >= 0; i-- {
		if a.History[i].What == canteen.Returned.String() {
			return a.History[i].Reason
		}
	}
	return ""
}
