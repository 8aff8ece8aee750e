package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AppointmentsPage books a visit to the counter: for a family, or for somebody
// without a login and without a name. Page name "desk/book".
type AppointmentsPage struct {
	render.Page
	FormID    string
	Mine      []AppointmentLine
	Days      []AppointmentDay
	Day       canteen.Date // the chosen one; zero when no day has a free time
	At, About render.Field
	BookURL   string
	Nameless  bool
}

// AppointmentLine is a visit booked.
type AppointmentLine struct {
	Day       canteen.Date
	At        canteen.ClockTime
	Code      string
	About     string // message key
	CancelURL string // empty once it cannot be cancelled
}

// AppointmentDay is a day of the choice.
type AppointmentDay struct {
	Day    canteen.Date
	Free   int
	URL    string
	Active bool
}

// AppointmentPage is one visit, for who has no login: the address is the key.
// Page name "desk/appointment".
type AppointmentPage struct {
	render.Page
	AppointmentLine
	State string // message key
}

// A visit may be booked without a login this often from one address.
const (
	bookingEvery = 10 * time.Minute
	bookingBurst = 5
)

// aboutPrefix begins the message keys of the subjects of a visit.
const aboutPrefix = "desk.about."

// appointmentsURL is where a visit is booked: the town's own page if it has one
// (rules C.SE.2.2), else ours.
func (s *Server) appointmentsURL(st *state) string {
	switch {
	case s.opt.Town.AppointmentsURL != "":
		return s.opt.Town.AppointmentsURL
	case s.behalf != nil, st.user != nil && st.user.Role == canteen.RoleGuardian:
		return s.to("family.appointments")
	}
	return s.to("appointments")
}

func appointmentLine(a *canteen.Appointment) AppointmentLine {
	return AppointmentLine{Day: a.Day, At: a.At, Code: a.Code, About: aboutPrefix + a.About}
}

// appointmentsPage offers the free times of a day: the chosen one, else the first
// that has any.
func (s *Server) appointmentsPage(r *http.Request, base string, crumbs ...render.Crumb) (*AppointmentsPage, error) {
	p := &AppointmentsPage{Page: s.newPage(r, "desk.book.title", crumbs...), FormID: newFormID(), BookURL: base,
		At:    render.Field{Name: "at", Type: render.TypeRadio, Label: "desk.book.at"},
		About: render.Field{Name: "about", Type: render.TypeSelect, Label: "desk.book.about", Options: []render.Option{{Text: "desk.book.choose"}}}}
	for _, about := range canteen.AppointmentSubjects {
		p.About.Options = append(p.About.Options, render.Option{Value: about, Text: aboutPrefix + about})
	}
	chosen, err := dayVar(r, "giorno", 0)
	if err != nil {
		return nil, err
	}
	free, err := s.store.FreeTimes(act(r))
	if err != nil {
		return nil, err
	}
	var times []canteen.ClockTime
	for _, d := range free {
		if len(d.Times) == 0 {
			continue
		}
		if p.Day.IsZero() || d.Day == chosen {
			p.Day, times = d.Day, d.Times
		}
		p.Days = append(p.Days, AppointmentDay{Day: d.Day, Free: len(d.Times), URL: base + "?giorno=" + d.Day.String()})
	}
	for i := range p.Days {
		p.Days[i].Active = p.Days[i].Day == p.Day
	}
	for _, at := range times {
		p.At.Options = append(p.At.Options, render.Option{Value: at.String(), Text: at.String()})
	}
	return p, nil
}

// book reads the form and books; the page comes back with what is wrong.
func (s *Server) book(w http.ResponseWriter, r *http.Request, p *AppointmentsPage) (a canteen.Appointment, ok bool, err error) {
	form := officeForm{&p.At, &p.About}
	id, err := form.read(r)
	if err != nil {
		return a, false, err
	}
	if id != "" {
		p.FormID = id
	}
	day, err := dayVar(r, "giorno", 0)
	if err != nil {
		return a, false, err
	}
	at := fieldOf(&p.At, canteen.ParseClock)
	if form.missing(); form.wrong() || day.IsZero() {
		p.Problems = form.problems()
		return a, false, s.page(w, r, http.StatusUnprocessableEntity, "desk/book", p)
	}
	a, err = s.store.BookAppointment(formAct(r), store.AppointmentRequest{Day: day, At: at, About: p.About.Value})
	if err == nil {
		return a, true, nil
	}
	if err := form.refuse(&p.Page, err); err != nil {
		return a, false, err
	}
	return a, false, s.page(w, r, http.StatusUnprocessableEntity, "desk/book", p)
}

// publicAppointments books without a login.
func (s *Server) publicAppointments(w http.ResponseWriter, r *http.Request) error {
	p, err := s.namelessPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "desk/book", p)
}

func (s *Server) namelessPage(r *http.Request) (*AppointmentsPage, error) {
	p, err := s.appointmentsPage(r, s.to("appointments"), render.Crumb{Label: "desk.book.title"})
	if err == nil {
		p.Nameless = true
	}
	return p, err
}

func (s *Server) publicBook(w http.ResponseWriter, r *http.Request) error {
	p, err := s.namelessPage(r)
	if err != nil {
		return err
	}
	if !s.bookings.allow(s.client(r)) {
		p.Problems = []render.Problem{{Message: render.Msg("desk.book.throttled")}}
		w.Header().Set("Retry-After", "600")
		return s.page(w, r, http.StatusTooManyRequests, "desk/book", p)
	}
	a, ok, err := s.book(w, r, p)
	if ok {
		http.Redirect(w, r, s.to("appointment", a.Handle), http.StatusSeeOther)
	}
	return err
}

// publicAppointment shows a visit to whoever has its address.
func (s *Server) publicAppointment(w http.ResponseWriter, r *http.Request) error {
	handle := routeVar(r, "appuntamento")
	a, err := s.store.Appointment(store.Act{Received: stateOf(r).received}, handle)
	if err != nil {
		return err
	}
	p := AppointmentPage{Page: s.newPage(r, "desk.appointment.title", render.Crumb{Label: "desk.book.title", URL: s.to("appointments")},
		render.Crumb{Label: "desk.appointment.title"}), AppointmentLine: appointmentLine(&a), State: "desk.state." + string(a.State)}
	if a.Open() {
		p.CancelURL = s.to("appointment.cancel", handle)
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/appointment", p)
}

func (s *Server) publicCancel(w http.ResponseWriter, r *http.Request) error {
	handle := routeVar(r, "appuntamento")
	a := act(r)
	a.Actor = canteen.Actor{} // the address is the key, whoever is logged in
	if err := s.store.CancelAppointment(a, handle); err != nil {
		return err
	}
	s.flash(w, "flash.appointment.cancelled")
	http.Redirect(w, r, s.to("appointment", handle), http.StatusSeeOther)
	return nil
}

// familyAppointments books for the person at hand.
func (s *Server) familyAppointments(w http.ResponseWriter, r *http.Request) error {
	p, err := s.ownAppointments(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/book", p)
}

func (s *Server) ownAppointments(r *http.Request) (*AppointmentsPage, error) {
	p, err := s.appointmentsPage(r, s.to("family.appointments"), s.familyCrumbs("desk.book.title")...)
	if err != nil {
		return nil, err
	}
	mine, err := s.store.Appointments(act(r))
	for i := range mine {
		line := appointmentLine(&mine[i])
		if mine[i].Open() {
			line.CancelURL = s.to("family.appointments.cancel", mine[i].Handle)
		}
		p.Mine = append(p.Mine, line)
	}
	return p, err
}

func (s *Server) familyBook(w http.ResponseWriter, r *http.Request) error {
	p, err := s.ownAppointments(r)
	if err != nil {
		return err
	}
	_, ok, err := s.book(w, r, p)
	if ok {
		s.flash(w, "flash.appointment.booked")
		http.Redirect(w, r, s.to("family.appointments"), http.StatusSeeOther)
	}
	return err
}

func (s *Server) familyCancelAppointment(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.CancelAppointment(act(r), routeVar(r, "appuntamento")); err != nil {
		return err
	}
	s.flash(w, "flash.appointment.cancelled")
	http.Redirect(w, r, s.to("family.appointments"), http.StatusSeeOther)
	return nil
}
