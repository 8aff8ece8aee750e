package store

import (
	"cmp"
	"slices"
	"strconv"

	"refettorio/canteen"
)

// settingEnrolment names the settings of enrolments.
const settingEnrolment = "enrolment"

// EnrolmentSettings is what the office sets about enrolments.
type EnrolmentSettings struct {
	Windows  []canteen.EnrolmentWindow `json:"windows,omitempty"`   // the years it has set, in order
	Officer  string                    `json:"officer,omitempty"`   // person in charge of the procedure (L. 241/1990 art. 5)
	TermDays int                       `json:"term_days,omitempty"` // days for an answer; 0: canteen.TermDays
}

// Window returns the window of a school year, as set or by default.
func (e *EnrolmentSettings) Window(year string) canteen.EnrolmentWindow {
	for _, w := range e.Windows {
		if w.Year == year {
			return w
		}
	}
	return canteen.DefaultWindow(year)
}

// Term is how many days the office has to answer.
func (e *EnrolmentSettings) Term() int { return cmp.Or(e.TermDays, canteen.TermDays) }

func (tx *tx) enrolmentSettings() (e EnrolmentSettings) {
	tx.getJSON(settings, []byte(settingEnrolment), &e)
	return e
}

// EnrolmentSettings returns what the office has set.
func (s *Store) EnrolmentSettings(act Act) (e EnrolmentSettings, err error) {
	err = s.view(act, func(tx *tx) error {
		e = tx.enrolmentSettings()
		return nil
	})
	return e, err
}

// maxTermDays is the longest term a procedure may have (L. 241/1990 art. 2 c. 4).
const maxTermDays = 180

// SetEnrolmentWindow sets the window of a school year, and with it who is in
// charge and in how many days an answer is due. Applications that were submitted
// keep the term of their receipt.
func (s *Store) SetEnrolmentWindow(act Act, w canteen.EnrolmentWindow, officer string, termDays int) error {
	return s.update(act, func(tx *tx) error {
		if err := mayKeep(act); err != nil {
			return err
		}
		if err := w.Validate(); err != nil {
			return err
		}
		if officer == "" {
			return canteen.Invalid("officer", "error.required")
		}
		if termDays < 1 || termDays > maxTermDays {
			return canteen.Invalid("term", "error.window.term", maxTermDays)
		}
		e := tx.enrolmentSettings()
		e.Officer, e.TermDays = officer, termDays
		e.Windows = slices.DeleteFunc(slices.Clone(e.Windows), func(have canteen.EnrolmentWindow) bool { return have.Year == w.Year })
		e.Windows = append(e.Windows, w)
		slices.SortFunc(e.Windows, func(a, b canteen.EnrolmentWindow) int { return cmp.Compare(a.Year, b.Year) })
		tx.putSetting(settingEnrolment, e)
		tx.logChange("enrolment.window", w.Year, w.Opens.String()+".."+w.Closes.String()+" "+w.LateFrom.String()+
			" "+strconv.FormatBool(w.Renews)+" "+strconv.Itoa(termDays))
		return nil
	})
}
