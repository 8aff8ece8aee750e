package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SchoolApplicationsPage lists what the school has to look at, class by class, to
// be validated many at a time. Page name "school/applications".
type SchoolApplicationsPage struct {
	render.Page
	FormID string
	Groups []ApplicationGroup
	Pick   bool            // one at least can be validated from the list
	Back   []CandidateLine // returned to the family
}

// ApplicationGroup is the applications for one class.
type ApplicationGroup struct {
	Class, School, Year string // Class is empty when none is named
	Lines               []CandidateLine
}

// CandidateLine is one application with its words.
type CandidateLine struct {
	store.SchoolApplication
	URL       string
	ChangeKey string
	Days      string // the days asked, when they are not the class's
	Pick      bool   // it can be validated as it is
	SentOn    canteen.Date
}

func (s *Server) schoolApplications(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolApplicationsPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/applications", p)
}

func (s *Server) schoolApplicationsPage(r *http.Request) (*SchoolApplicationsPage, error) {
	all, err := s.store.SchoolApplications(act(r))
	if err != nil {
		return nil, err
	}
	p := &SchoolApplicationsPage{Page: s.newPage(r, "school.applications.title", s.schoolCrumbs("school.applications.title")...), FormID: newFormID()}
	for _, a := range all {
		line := s.candidateLine(p.Lang, a)
		if a.State == canteen.Returned {
			p.Back = append(p.Back, line)
			continue
		}
		group := ApplicationGroup{School: a.School.Name, Year: a.Year}
		if a.Class != nil {
			group.Class = a.Class.Name()
		}
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Class != group.Class || p.Groups[n-1].School != group.School || p.Groups[n-1].Year != group.Year {
			p.Groups = append(p.Groups, group)
		}
		last := &p.Groups[len(p.Groups)-1]
		last.Lines = append(last.Lines, line)
		p.Pick = p.Pick || line.Pick
	}
	return p, nil
}

func (s *Server) candidateLine(lang string, a store.SchoolApplication) CandidateLine {
	line := CandidateLine{SchoolApplication: a, URL: s.to("school.application", a.Handle), ChangeKey: "school.change." + string(a.Change),
		SentOn: canteen.DateOf(a.Submitted),
		Pick:   a.Class != nil && !a.Placed && !a.Waits && !a.Twins && !a.Stranger}
	if a.Weekdays != 0 && (a.Class == nil || a.Weekdays != a.Class.Weekdays) {
		line.Days = s.weekdayWords(lang, a.Weekdays)
	}
	return line
}

// schoolValidate validates the applications that were ticked.
func (s *Server) schoolValidate(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	var list []store.ValidationRequest
	for _, handle := range r.PostForm["domanda"] {
		list = append(list, store.ValidationRequest{Handle: handle})
	}
	once, err := s.validateAll(r, list)
	if err == nil {
		http.Redirect(w, r, s.to("school.outcome", once), http.StatusSeeOther)
		return nil
	}
	p, problem := s.schoolApplicationsPage(r)
	if problem != nil {
		return problem
	}
	if err := (officeForm{}).refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "school/applications", p)
}

// validateAll validates as one act, and returns the word under which its answer
// is found again.
func (s *Server) validateAll(r *http.Request, list []store.ValidationRequest) (once string, err error) {
	a := formAct(r)
	if a.Once == "" {
		a.Once = newFormID()
	}
	_, err = s.store.Validate(a, list)
	return a.Once, err
}

// SchoolOutcomePage tells what became of each application. Page name
// "school/outcome".
type SchoolOutcomePage struct {
	render.Page
	Done  []OutcomeLine
	Stays []OutcomeLine
}

// OutcomeLine is the answer for one application.
type OutcomeLine struct {
	store.Validation
	Name    string
	URL     string
	SlipURL string
	What    string // message key
}

func (s *Server) schoolOutcome(w http.ResponseWriter, r *http.Request) error {
	a := act(r)
	a.Once = routeVar(r, "once")
	out, err := s.store.ValidationAnswer(a)
	if err != nil {
		return err
	}
	p := SchoolOutcomePage{Page: s.newPage(r, "school.outcome.title", s.schoolCrumbs("school.outcome.title")...)}
	for _, v := range out {
		line := OutcomeLine{Validation: v, What: "school.outcome." + string(v.Outcome)}
		view, err := s.store.SchoolApplication(act(r), v.Handle)
		if err == nil {
			line.Name, line.URL = view.Child.Surname+" "+view.Child.Name, s.to("school.application", v.Handle)
		} else if canteen.KindOf(err) != canteen.KindNotFound {
			return err
		}
		if v.Outcome == canteen.ValidationDone {
			if view.Pupil != "" {
				line.SlipURL = s.to("slip", view.Pupil)
			}
			p.Done = append(p.Done, line)
		} else {
			p.Stays = append(p.Stays, line)
		}
	}
	return s.page(w, r, http.StatusOK, "school/outcome", p)
}
