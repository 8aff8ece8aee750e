package handlers

import (
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolOfficePage is how a school year's applications stand. Page name
// "enrol/office".
type EnrolOfficePage struct {
	render.Page
	Years   []YearLink
	O       store.EnrolmentOverview
	Window  render.Message // the state of the window today
	Rows    []EnrolOfficeRow
	Total   EnrolOfficeRow
	Ratings store.RatingSummary
	Stars   string // the average, "4,3"
}

// YearLink is an entry of the switch between school years.
type YearLink struct {
	Year, URL string
	Active    bool
}

// EnrolOfficeRow is a school's applications by state.
type EnrolOfficeRow struct {
	School                                          string
	Waiting, Draft, Sent, Returned, Valid, Withdrew int
}

// ratingDays is how far back the office's summary of the ratings looks.
const ratingDays = 365

func (s *Server) enrolOfficeCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "office.nav.home", URL: s.to("office.home")}, {Label: "enrol.office.title", URL: s.to("enrol.office")}, {Label: here}}
}

// enrolYearVar is the school year a page of the office is about: the one asked
// for, else the one in course.
func (s *Server) enrolYearVar(r *http.Request) (string, error) {
	text := r.FormValue("anno")
	if text == "" {
		return canteen.YearOf(s.today()), nil
	}
	y, err := canteen.ParseYear(text)
	return y.Name, err
}

// enrolYears is the switch between the years the office works on: the one before,
// this and the next.
func (s *Server) enrolYears(page, active string) (links []YearLink) {
	this := canteen.YearOf(s.today())
	year, err := canteen.ParseYear(this)
	if err != nil {
		return nil
	}
	for _, name := range []string{canteen.YearOf(year.From.AddDays(-1)), this, canteen.NextYear(this)} {
		links = append(links, YearLink{name, s.to(page) + "?anno=" + urlQuery(name), name == active})
	}
	return links
}

func (s *Server) enrolOffice(w http.ResponseWriter, r *http.Request) error {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return err
	}
	p := &EnrolOfficePage{Page: s.newPage(r, "enrol.office.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "enrol.office.title"}), Years: s.enrolYears("enrol.office", year)}
	if p.O, err = s.store.EnrolmentOverview(act(r), year); err != nil {
		return err
	}
	if p.Ratings, err = s.store.Ratings(act(r), canteen.RatingEnrolment, s.today().AddDays(-ratingDays)); err != nil {
		return err
	}
	p.Stars = strconv.FormatFloat(p.Ratings.Average, 'f', 1, 64)
	p.Window = render.Msg("enrol.window.state." + string(p.O.Window.On(s.today())))
	p.Total.School = "enrol.office.total"
	for _, c := range p.O.Schools {
		row := EnrolOfficeRow{School: c.School.Name, Waiting: c.Renewed, Draft: c.States[canteen.Draft] - c.Renewed, Sent: c.States[canteen.Submitted],
			Returned: c.States[canteen.Returned], Valid: c.States[canteen.Validated], Withdrew: c.States[canteen.Withdrawn]}
		p.Rows = append(p.Rows, row)
		t := &p.Total
		t.Waiting, t.Draft, t.Sent = t.Waiting+row.Waiting, t.Draft+row.Draft, t.Sent+row.Sent
		t.Returned, t.Valid, t.Withdrew = t.Returned+row.Returned, t.Valid+row.Valid, t.Withdrew+row.Withdrew
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "enrol/office", p)
}

// EnrolWindowPage sets when families may ask for a year. Page name "enrol/window".
type EnrolWindowPage struct {
	render.Page
	Years                                      []YearLink
	Year                                       string
	Opens, Closes, Late, Renews, Officer, Term render.Field
	FormID                                     string
}

func (p *EnrolWindowPage) fields() officeForm {
	return officeForm{&p.Opens, &p.Closes, &p.Late, &p.Renews, &p.Officer, &p.Term}
}

func (s *Server) newWindowPage(r *http.Request) (*EnrolWindowPage, error) {
	year, err := s.enrolYearVar(r)
	if err != nil {
		return nil, err
	}
	settings, err := s.store.EnrolmentSettings(act(r))
	if err != nil {
		return nil, err
	}
	w := settings.Window(year)
	day := func(name, label, hint string, d canteen.Date) render.Field {
		return render.Field{Name: name, Type: render.TypeDate, Label: label, Hint: hint, Value: d.String(), Optional: true, Short: true}
	}
	return &EnrolWindowPage{Page: s.newPage(r, "enrol.window.title", s.enrolOfficeCrumbs("enrol.window.title")...), Year: year,
		Years: s.enrolYears("enrol.window", year), FormID: newFormID(),
		Opens:   day("opens", "enrol.window.opens", "", w.Opens),
		Closes:  day("closes", "enrol.window.closes", "", w.Closes),
		Late:    day("late", "enrol.window.late", "enrol.window.lateHint", w.LateFrom),
		Renews:  render.Field{Name: "renews", Type: render.TypeCheckbox, Label: "enrol.window.renews", Hint: "enrol.window.renewsHint", Checked: w.Renews, Optional: true},
		Officer: render.Field{Name: "officer", Label: "enrol.window.officer", Hint: "enrol.window.officerHint", Value: settings.Officer, MaxLength: 80},
		Term: render.Field{Name: "term", Type: render.TypeNumber, Label: "enrol.window.term", Value: strconv.Itoa(settings.Term()),
			Min: "1", Max: "180", Short: true, InputMode: "numeric"}}, nil
}

func (s *Server) enrolWindow(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newWindowPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "enrol/window", p)
}

func (s *Server) enrolWindowSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newWindowPage(r)
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	window := canteen.EnrolmentWindow{Year: p.Year, Opens: fieldOf(&p.Opens, canteen.ParseDate), Closes: fieldOf(&p.Closes, canteen.ParseDate),
		LateFrom: fieldOf(&p.Late, canteen.ParseDate), Renews: p.Renews.Checked}
	term, _ := strconv.Atoi(p.Term.Value) // what is no number is 0, which the record refuses
	if form.missing(); !form.wrong() {
		err := s.store.SetEnrolmentWindow(formAct(r), window, p.Officer.Value, term)
		if err == nil {
			return s.officeDone(w, r, "flash.enrol.window", s.to("enrol.office")+"?anno="+urlQuery(p.Year))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/window", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "enrol/window", p)
}
