package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// DeskHoursPage sets when the counter receives by appointment. Page name
// "desk/hours".
type DeskHoursPage struct {
	render.Page
	FormID                 string
	Days                   [6]render.Field // Monday to Saturday: "9:00-12:30, 15:30-17:30"
	Minutes, Places, Ahead render.Field
	Closed                 render.Field // days, one a line
}

// deskDayKeys name the days of the form.
var deskDayKeys = [6]string{"desk.hours.monday", "desk.hours.tuesday", "desk.hours.wednesday", "desk.hours.thursday", "desk.hours.friday", "desk.hours.saturday"}

func (p *DeskHoursPage) fields() officeForm {
	var f officeForm
	for i := range p.Days {
		f = append(f, &p.Days[i])
	}
	return append(f, &p.Minutes, &p.Places, &p.Ahead, &p.Closed)
}

func (s *Server) newDeskHours(r *http.Request, h canteen.DeskHours) *DeskHoursPage {
	number := func(name, label string, value, most int) render.Field {
		return render.Field{Name: name, Type: render.TypeNumber, Label: label, Value: strconv.Itoa(value), Min: "1", Max: strconv.Itoa(most), Short: true}
	}
	p := &DeskHoursPage{Page: s.newPage(r, "desk.hours.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")}, render.Crumb{Label: "desk.hours.title"}),
		FormID: newFormID(), Minutes: number("minutes", "desk.hours.minutes", h.Minutes, 120), Places: number("places", "desk.hours.places", h.Places, 20),
		Ahead:  number("ahead", "desk.hours.ahead", h.Ahead, 90),
		Closed: render.Field{Name: "closed", Type: render.TypeTextArea, Label: "desk.hours.closed", Hint: "desk.hours.closedHint", Optional: true}}
	for i := range p.Days {
		p.Days[i] = render.Field{Name: "day-" + strconv.Itoa(i+1), Label: deskDayKeys[i], Value: writeOpenings(h.Openings, time.Weekday(i+1)), MaxLength: 60, Optional: true}
	}
	days := make([]string, len(h.Closed))
	for i, d := range h.Closed {
		days[i] = d.String()
	}
	p.Closed.Value = strings.Join(days, "\n")
	return p
}

// writeOpenings writes the openings of a weekday as the form reads them.
func writeOpenings(all []canteen.DeskOpening, day time.Weekday) string {
	var parts []string
	for _, o := range all {
		if o.Weekday == day {
			parts = append(parts, o.From.String()+"-"+o.To.String())
		}
	}
	return strings.Join(parts, ", ")
}

// readOpenings reads "9:00-12:30, 15:30-17:30".
func readOpenings(text string, day time.Weekday) (all []canteen.DeskOpening, err error) {
	for part := range strings.SplitSeq(text, ",") {
		from, to, found := strings.Cut(strings.TrimSpace(part), "-")
		if !found {
			return nil, canteen.Invalid("", "desk.hours.form", part)
		}
		o := canteen.DeskOpening{Weekday: day}
		if o.From, err = canteen.ParseClock(from); err != nil {
			return nil, err
		}
		if o.To, err = canteen.ParseClock(to); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// hours reads the form; what cannot be read is an error of its field.
func (p *DeskHoursPage) hours() (h canteen.DeskHours) {
	for i := range p.Days {
		h.Openings = append(h.Openings, fieldOf(&p.Days[i], func(text string) ([]canteen.DeskOpening, error) { return readOpenings(text, time.Weekday(i+1)) })...)
	}
	number := func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, canteen.Invalid("", "desk.hours.number", text)
		}
		return n, nil
	}
	h.Minutes, h.Places, h.Ahead = fieldOf(&p.Minutes, number), fieldOf(&p.Places, number), fieldOf(&p.Ahead, number)
	h.Closed = fieldOf(&p.Closed, func(text string) (days []canteen.Date, err error) {
		for line := range strings.FieldsSeq(text) {
			day, err := canteen.ParseDate(line)
			if err != nil {
				return nil, canteen.Invalid("", "error.date", line)
			}
			days = append(days, day)
		}
		return days, nil
	})
	return h
}

func (s *Server) deskHours(w http.ResponseWriter, r *http.Request) error {
	h, err := s.store.DeskHours(act(r))
	if err != nil {
		return err
	}
	p := s.newDeskHours(r, h)
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/hours", p)
}

func (s *Server) deskHoursSave(w http.ResponseWriter, r *http.Request) error {
	p := s.newDeskHours(r, canteen.DeskHours{})
	id, err := p.fields().read(r)
	if err != nil {
		return err
	}
	if id != "" {
		p.FormID = id
	}
	h := p.hours()
	p.fields().missing()
	if p.fields().wrong() {
		p.Problems = p.fields().problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/hours", p)
	}
	if err := s.store.SetDeskHours(formAct(r), h); err != nil {
		if err := p.fields().refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/hours", p)
	}
	s.flash(w, "flash.desk.hours")
	http.Redirect(w, r, s.to("desk.hours"), http.StatusSeeOther)
	return nil
}
