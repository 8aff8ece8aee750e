package handlers

import (
	"errors"
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolPlacePage changes a child's place during the year: its days, its class
// (the office), its end. Each is a form of its own. Page name "enrol/place".
type EnrolPlacePage struct {
	render.Page
	Pupil    canteen.Pupil
	Place    string
	Has      bool // the child has a place to change
	Until    canteen.Date
	Days     []render.Message // the child's own; empty: those of the class
	Weekdays []*render.Field
	DaysFrom render.Field
	DaysErr  render.Message
	Class    render.Field
	MoveFrom render.Field
	Last     render.Field
	FormID   string
	URL      string
	Office   bool
}

// The three things the page does, by the name of the button.
const (
	doDays  = "days"
	doMove  = "move"
	doLeave = "leave"
)

func (s *Server) enrolPlace(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolPlacePage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "enrol/place", p)
}

func (s *Server) enrolPlacePage(r *http.Request) (*EnrolPlacePage, error) {
	pupil, err := s.store.PupilByHandle(act(r), routeVar(r, "pupil"))
	if err != nil {
		return nil, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	enrolments, err := s.store.Enrolments(act(r), pupil.PAN)
	if err != nil {
		return nil, err
	}
	p := &EnrolPlacePage{Page: s.newPage(r, "enrol.place.title", s.enrolCrumbs("enrol.place.title")...), Pupil: pupil, FormID: newFormID(),
		URL: s.to("enrol.place.save", pupil.Handle), Office: stateOf(r).actor.Role == canteen.RoleOffice}
	if p.Office {
		p.Crumbs, p.URL = s.enrolOfficeCrumbs("enrol.place.title"), s.to("enrol.office.place.save", pupil.Handle)
	}
	tomorrow := s.today().AddDays(1).String()
	p.DaysFrom = render.Field{Name: "days-from", Type: render.TypeDate, Label: "enrol.place.from", Value: tomorrow, Min: tomorrow, Short: true}
	p.MoveFrom = render.Field{Name: "move-from", Type: render.TypeDate, Label: "enrol.place.from", Value: tomorrow, Min: tomorrow, Short: true}
	p.Last = render.Field{Name: "last", Type: render.TypeDate, Label: "enrol.place.last", Hint: "enrol.place.lastHint", Short: true}
	for i := range enrolments {
		e := &enrolments[i]
		if class, school := placeOf(town, e.Class); e.State == canteen.Validated && class != nil && stillHolds(e, class, s.today()) {
			p.Has, p.Place, p.Until = true, school.Name+", "+class.Name(), e.Until
			if p.Days = nil; e.Weekdays != 0 {
				p.Days = weekdaysMessages(e.Weekdays & class.Weekdays)
			}
			p.Weekdays = weekdayFields(class.Weekdays, e.Weekdays&class.Weekdays)
			p.Class = classField(town, class)
		}
	}
	return p, nil
}

// stillHolds tells whether an enrolment holds on a day or later in its year.
func stillHolds(e *canteen.Enrolment, class *canteen.Class, day canteen.Date) bool {
	year, err := canteen.ParseYear(class.Year)
	return err == nil && (e.Until == 0 && day <= year.To || e.Until >= day)
}

// classField lists the classes of the year a pupil could move to.
func classField(town store.Town, now *canteen.Class) render.Field {
	f := render.Field{Name: "class", Type: render.TypeSelect, Label: "enrol.place.class", Options: []render.Option{{Text: "enrol.choose"}}}
	for i := range town.Schools {
		school := &town.Schools[i]
		for j := range town.Classes {
			if c := &town.Classes[j]; c.School == school.ID && c.Year == now.Year && c.ID != now.ID {
				f.Options = append(f.Options, render.Option{Value: classScope(school, c), Text: school.Name + ", " + c.Name()})
			}
		}
	}
	return f
}

// enrolPlaceSave does the one of the three things whose button was pressed.
func (s *Server) enrolPlaceSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolPlacePage(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	form, flash := officeForm(nil), ""
	switch do := r.PostForm.Get("do"); {
	case do == doDays && p.Has:
		form, flash = officeForm{&p.DaysFrom}, "flash.enrol.days"
		err = s.saveDays(r, p, form)
	case do == doMove && p.Has && p.Office:
		form, flash = officeForm{&p.Class, &p.MoveFrom}, "flash.enrol.moved"
		err = s.saveMove(r, p, form)
	case do == doLeave && p.Has:
		form, flash = officeForm{&p.Last}, "flash.enrol.left"
		err = s.saveLeave(r, p, form)
	default:
		return canteen.Refuse(canteen.KindInvalid, "error.form")
	}
	if err == nil && !form.wrong() {
		back := s.to("enrol.place", p.Pupil.Handle)
		if p.Office {
			back = s.to("enrol.office.place", p.Pupil.Handle)
		}
		return s.officeDone(w, r, flash, back)
	}
	if err := p.refuse(form, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "enrol/place", p)
}

// refuse puts a refusal beside its field; the record calls every day "from".
func (p *EnrolPlacePage) refuse(form officeForm, err error) error {
	p.Problems = form.problems()
	if err == nil {
		return nil
	}
	if refusal, ok := errors.AsType[*canteen.Error](err); ok && refusal.Field == "from" {
		err = canteen.Invalid(form[len(form)-1].Name, refusal.Key, refusal.Args...) // the day is the last field of each form
	}
	if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	if form[0] == &p.DaysFrom && p.Problems[0].Target == "" {
		p.DaysErr, p.Problems[0].Target = p.Problems[0].Message, p.Weekdays[0].Name
	}
	return nil
}

func (s *Server) saveDays(r *http.Request, p *EnrolPlacePage, form officeForm) error {
	if _, err := append(form[:1:1], p.Weekdays...).read(r); err != nil {
		return err
	}
	from := fieldOf(&p.DaysFrom, canteen.ParseDate)
	if form.missing(); form.wrong() {
		return nil
	}
	days, err := weekdaysOf(p.Weekdays)
	if err != nil {
		return err
	}
	return s.store.ChangeWeekdays(formAct(r), p.Pupil.PAN, days, from)
}

func (s *Server) saveMove(r *http.Request, p *EnrolPlacePage, form officeForm) error {
	if _, err := form.read(r); err != nil {
		return err
	}
	from := fieldOf(&p.MoveFrom, canteen.ParseDate)
	if form.missing(); form.wrong() {
		return nil
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	var to canteen.ClassID
	for i := range town.Classes {
		c := &town.Classes[i]
		if _, school := placeOf(town, c.ID); c.Year == canteen.YearOf(from) && classScope(school, c) == strings.TrimSpace(p.Class.Value) {
			to = c.ID
		}
	}
	return s.store.TransferPupil(formAct(r), p.Pupil.PAN, to, from)
}

func (s *Server) saveLeave(r *http.Request, p *EnrolPlacePage, form officeForm) error {
	if _, err := form.read(r); err != nil {
		return err
	}
	last := fieldOf(&p.Last, canteen.ParseDate)
	if form.missing(); form.wrong() {
		return nil
	}
	return s.store.LeaveService(formAct(r), p.Pupil.PAN, last)
}
