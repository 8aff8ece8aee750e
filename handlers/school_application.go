package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SchoolApplicationPage shows one application with what differs from last year,
// the class to correct and the reasons to send it back. Its title names nobody.
// Page name "school/application".
type SchoolApplicationPage struct {
	render.Page
	CandidateLine
	FormID    string
	AskedDays string
	LastWeek  string
	Open      bool // it waits for the school
	Room      render.Field
	Why, Note render.Field
	SlipURL   string
}

// The reasons for which schools send an application back.
var returnReasons = []string{"class", "school", "days", "data", "twice", "other"}

func (s *Server) schoolApplicationPage(r *http.Request) (*SchoolApplicationPage, error) {
	view, err := s.store.SchoolApplication(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	crumbs := []render.Crumb{{Label: "school.nav.home", URL: s.to("school.home")},
		{Label: "school.applications.title", URL: s.to("school.applications")}, {Label: "school.application.title"}}
	p := &SchoolApplicationPage{Page: s.newPage(r, "school.application.title", crumbs...), FormID: newFormID(),
		Open: view.State == canteen.Submitted,
		Room: render.Field{Name: "classe", Type: render.TypeSelect, Label: "school.application.class", Options: s.classChoices(town, &view)},
		Why:  render.Field{Name: "motivo", Type: render.TypeSelect, Label: "school.return.why"},
		Note: render.Field{Name: "reason", Type: render.TypeTextArea, Label: "school.return.note", Hint: "school.return.noteHint", MaxLength: 500, Optional: true}}
	p.CandidateLine = s.candidateLine(p.Lang, view)
	p.LastWeek = s.weekdayWords(p.Lang, view.LastDays)
	p.AskedDays = s.weekdayWords(p.Lang, view.Weekdays)
	if view.Pupil != "" {
		p.SlipURL = s.to("slip", view.Pupil)
	}
	for _, reason := range returnReasons {
		p.Why.Options = append(p.Why.Options, render.Option{Value: reason, Text: "school.return." + reason})
	}
	return p, nil
}

// classChoices lists the classes of the school in the year of an application.
func (s *Server) classChoices(town store.Town, view *store.SchoolApplication) []render.Option {
	var options []render.Option
	if view.Class == nil {
		options = append(options, render.Option{Value: "", Text: "school.application.classNone", Selected: true})
	}
	for i := range town.Classes {
		if class := &town.Classes[i]; class.School == view.School.ID && class.Year == view.Year {
			options = append(options, render.Option{Value: classSlug(&view.School, class), Text: class.Name(),
				Selected: view.Class != nil && view.Class.ID == class.ID})
		}
	}
	return options
}

func (s *Server) schoolApplication(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolApplicationPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "school/application", p)
}

// schoolApplicationValidate validates one application, in the class the school
// says.
func (s *Server) schoolApplicationValidate(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolApplicationPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Room}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	form.missing()
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	request := store.ValidationRequest{Handle: p.Handle}
	for i := range town.Classes {
		if class := &town.Classes[i]; class.Year == p.Year && class.School == p.School.ID && classSlug(&p.School, class) == p.Room.Value {
			request.Class = class.ID
		}
	}
	if request.Class == 0 && p.Room.Error.Key == "" {
		p.Room.Error = render.Msg("error.class.notFound")
	}
	if p.Problems = form.problems(); form.wrong() {
		return s.page(w, r, http.StatusUnprocessableEntity, "school/application", p)
	}
	once, err := s.validateAll(r, []store.ValidationRequest{request})
	if err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/application", p)
	}
	http.Redirect(w, r, s.to("school.outcome", once), http.StatusSeeOther)
	return nil
}

// schoolReturn sends an application back to the family with a reason.
func (s *Server) schoolReturn(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolApplicationPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Why, &p.Note}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); p.Why.Value == "other" && p.Note.Value == "" {
		p.Note.Error = render.Msg("school.return.noteMissing")
	}
	if p.Problems = form.problems(); form.wrong() {
		return s.page(w, r, http.StatusUnprocessableEntity, "school/application", p)
	}
	if err := s.store.Return(formAct(r), p.Handle, s.returnReason(p.Lang, p.Why.Value, p.Note.Value)); err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/application", p)
	}
	return s.officeDone(w, r, "flash.school.returned", s.to("school.applications"))
}

// returnReason is what the family reads: the sentence of the reason chosen, and
// the school's own words.
func (s *Server) returnReason(lang, why, note string) string {
	sentence := ""
	for _, known := range returnReasons {
		if known == why && known != "other" {
			sentence = s.catalog.T(lang, "school.return."+known)
		}
	}
	return strings.TrimSpace(sentence + " " + note)
}
