package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SchoolPupilPage shows a pupil's place, moves it to another class and ends it.
// Its title names nobody. Page name "school/pupil".
type SchoolPupilPage struct {
	render.Page
	store.PupilPlace
	FormID         string
	MoveTo, MoveOn render.Field // another class, and the first day in it
	Last, Reason   render.Field
	SlipURL        string
	RollURL        string
}

func (s *Server) schoolPupilPage(r *http.Request) (*SchoolPupilPage, error) {
	place, err := s.store.PupilPlace(act(r), routeVar(r, "pupil"))
	if err != nil {
		return nil, err
	}
	roll := s.rollURL(&place.School, &place.Class)
	tomorrow := s.today().AddDays(1).String()
	p := &SchoolPupilPage{Page: s.newPage(r, "school.pupil.title", render.Crumb{Label: "school.nav.home", URL: s.to("school.home")},
		render.Crumb{Label: "school.roll.title", URL: roll}, render.Crumb{Label: "school.pupil.title"}), PupilPlace: place, FormID: newFormID(),
		MoveTo: render.Field{Name: "class", Type: render.TypeSelect, Label: "enrol.place.class", Options: []render.Option{{Text: "enrol.choose"}}},
		MoveOn: render.Field{Name: "from", Type: render.TypeDate, Label: "enrol.place.from", Value: tomorrow, Min: tomorrow, Short: true},
		Last: render.Field{Name: "last", Type: render.TypeDate, Label: "school.pupil.last", Hint: "school.pupil.lastHint", Short: true,
			Min: place.Earliest.String()},
		Reason:  render.Field{Name: "reason", Label: "school.pupil.reason", Hint: "school.pupil.reasonHint", MaxLength: 200},
		SlipURL: s.to("slip", place.Pupil.Handle), RollURL: roll}
	for i := range place.Others {
		other := &place.Others[i]
		p.MoveTo.Options = append(p.MoveTo.Options, render.Option{Value: classScope(&other.School, &other.Class), Text: other.School.Name + ", " + other.Class.Name()})
	}
	return p, nil
}

func (s *Server) schoolPupil(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolPupilPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/pupil", p)
}

// schoolPupilMove moves a pupil to another class of the school's from a day on.
func (s *Server) schoolPupilMove(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolPupilPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.MoveTo, &p.MoveOn}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	from := fieldOf(&p.MoveOn, canteen.ParseDate)
	if form.missing(); !form.wrong() {
		if err = s.store.TransferPupil(formAct(r), p.Pupil.PAN, p.classChosen(), from); err == nil {
			return s.officeDone(w, r, "flash.school.moved", s.to("school.pupil", p.Pupil.Handle))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/pupil", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "school/pupil", p)
}

// classChosen is the class the form names; 0, which is no class, for none of the
// school's.
func (p *SchoolPupilPage) classChosen() canteen.ClassID {
	for i := range p.Others {
		if other := &p.Others[i]; classScope(&other.School, &other.Class) == p.MoveTo.Value {
			return other.Class.ID
		}
	}
	return 0
}

// schoolPupilEnd ends a pupil's place after a last day.
func (s *Server) schoolPupilEnd(w http.ResponseWriter, r *http.Request) error {
	p, err := s.schoolPupilPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Last, &p.Reason}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	last := fieldOf(&p.Last, canteen.ParseDate)
	if form.missing(); !form.wrong() {
		if err = s.store.EndPlace(formAct(r), p.Pupil.Handle, last, p.Reason.Value); err == nil {
			return s.officeDone(w, r, "flash.school.ended", p.RollURL)
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "school/pupil", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "school/pupil", p)
}
