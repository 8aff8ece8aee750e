package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolListPage is where a family finds its applications and begins new ones.
// Page name "enrol/list".
type EnrolListPage struct {
	render.Page
	FormID       string
	Applications []ApplicationCard
	Children     []EnrolChild // who eat this year: their place can be changed
	Years        []EnrolYear  // that take applications
	Ahead        []EnrolAhead // that will
}

// ApplicationCard is an application in a list: its state in words, what comes
// next and by when.
type ApplicationCard struct {
	store.ApplicationView
	Name    string
	URL     string
	Word    render.Message
	Next    render.Message
	GoOnURL string // of one that waits for the family
}

// EnrolChild is a child of the family with its place.
type EnrolChild struct {
	Name, Place, URL string
}

// EnrolYear is a school year that takes applications today.
type EnrolYear struct {
	Year     string
	Late     bool
	Until    canteen.Date
	Children []EnrolCandidate
}

// EnrolCandidate is a child one can enrol with a click.
type EnrolCandidate struct{ Name, Handle string }

// EnrolAhead is a school year whose window opens later.
type EnrolAhead struct {
	Year string
	From canteen.Date
}

func (s *Server) enrolList(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolListPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "enrol/list", p)
}

func (s *Server) enrolListPage(r *http.Request) (*EnrolListPage, error) {
	p := &EnrolListPage{Page: s.newPage(r, "enrol.list.title", s.familyCrumbs("enrol.list.title")...), FormID: newFormID()}
	all, err := s.store.Applications(act(r))
	if err != nil {
		return nil, err
	}
	kids, err := s.childrenOf(r, 1)
	if err != nil {
		return nil, err
	}
	settings, err := s.store.EnrolmentSettings(act(r))
	if err != nil {
		return nil, err
	}
	for i := range all {
		p.Applications = append(p.Applications, s.applicationCard(&all[i]))
	}
	for i := range kids {
		if f := &kids[i]; enrolled(f) {
			p.Children = append(p.Children, EnrolChild{kids.name(f), childPlace(f), s.to("enrol.place", f.Pupil.Handle)})
		}
	}
	today := s.today()
	this := canteen.YearOf(today)
	for _, year := range []string{this, canteen.NextYear(this)} {
		window := settings.Window(year)
		switch {
		case window.Takes(today):
			p.Years = append(p.Years, enrolYear(&window, today, kids, all))
		case window.Opens != 0 && window.Next(today) != 0: // what the office has announced
			p.Ahead = append(p.Ahead, EnrolAhead{year, window.Next(today)})
		}
	}
	return p, nil
}

// enrolYear lists the children of a family who could still ask for a year.
func enrolYear(w *canteen.EnrolmentWindow, today canteen.Date, kids children, all []store.ApplicationView) EnrolYear {
	y := EnrolYear{Year: w.Year, Late: w.On(today) == canteen.WindowLate}
	if !y.Late {
		y.Until = w.Closes
	}
	for i := range kids {
		f := &kids[i]
		taken := w.Year == canteen.YearOf(today) && enrolled(f)
		for j := range all {
			taken = taken || all[j].Pupil == f.Pupil.PAN && all[j].Year == w.Year && all[j].State != canteen.Withdrawn
		}
		if !taken {
			y.Children = append(y.Children, EnrolCandidate{kids.name(f), f.Pupil.Handle})
		}
	}
	return y
}

// applicationCard says in words where an application stands.
func (s *Server) applicationCard(v *store.ApplicationView) ApplicationCard {
	c := ApplicationCard{ApplicationView: *v, Name: v.Child.Name, URL: s.to("enrol.application", v.Handle),
		Word: render.Msg("enrol.state." + v.State.String()), Next: nextWord(v)}
	if v.Editable() {
		c.GoOnURL = s.goOn(v)
	}
	if v.State == canteen.Draft && v.Renewal && v.School != 0 {
		c.Word = render.Msg("enrol.state.proposed")
	}
	return c
}

// nextWord says what happens next with an application, and by when.
func nextWord(v *store.ApplicationView) render.Message {
	switch v.State {
	case canteen.Draft:
		switch {
		case v.Renewal && v.School == 0:
			return render.Msg("enrol.next.choose")
		case v.Renewal:
			return render.Msg("enrol.next.renewal")
		}
		return render.Msg("enrol.next.draft", v.Expires())
	case canteen.Submitted:
		return render.Msg("enrol.next.submitted", v.Due)
	case canteen.Returned:
		return render.Msg("enrol.next.returned")
	case canteen.Validated:
		return render.Msg("enrol.next.validated")
	}
	return render.Msg("enrol.next.withdrawn")
}

// goOn is where the family goes on with an application it can still change: the
// first step that does not hold, else the summary.
func (s *Server) goOn(v *store.ApplicationView) string {
	if v.Missing == 0 {
		return s.to("enrol.summary", v.Handle)
	}
	return s.to("enrol.step", v.Handle, stepWord(v.Missing))
}

// enrolInfo is the sheet of the service: who, what is needed, how long it takes.
func (s *Server) enrolInfo(w http.ResponseWriter, r *http.Request) error {
	settings, err := s.store.EnrolmentSettings(act(r))
	if err != nil {
		return err
	}
	p := EnrolInfoPage{Page: s.newPage(r, "enrol.info.title", s.enrolCrumbs("enrol.info.title")...), Officer: settings.Officer, Term: settings.Term()}
	return s.page(w, r, http.StatusOK, "enrol/info", p)
}

// EnrolInfoPage is the information sheet. Page name "enrol/info".
type EnrolInfoPage struct {
	render.Page
	Officer string
	Term    int
}

func (s *Server) enrolCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "family.nav.children", URL: s.to("family.home")}, {Label: "enrol.list.title", URL: s.to("enrol.list")}, {Label: here}}
}

// enrolStart opens a draft for a child of the family or for one that is new.
func (s *Server) enrolStart(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	var pan canteen.PAN
	if handle := strings.TrimSpace(r.PostForm.Get("alunno")); handle != "" {
		pupil, err := s.store.PupilByHandle(act(r), handle)
		if err != nil {
			return err
		}
		pan = pupil.PAN
	}
	handle, err := s.store.StartApplication(formAct(r), r.PostForm.Get("anno"), pan)
	if err != nil {
		p, failed := s.enrolListPage(r)
		if failed != nil {
			return failed
		}
		if err := (officeForm{}).refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/list", p)
	}
	v, err := s.store.Application(act(r), handle)
	if err != nil {
		return err
	}
	to := s.to("enrol.application", handle)
	if v.Editable() {
		to = s.goOn(&v)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
