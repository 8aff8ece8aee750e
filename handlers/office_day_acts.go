package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// officeClose closes a day by hand, when its cut-off has passed. A day that is
// closed already stays as it is: a second click is answered like the first.
func (s *Server) officeClose(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDayPage(r)
	if err != nil {
		return err
	}
	form := officeForm{}
	if p.Close != nil {
		form = officeForm{&p.Close.Confirm}
	}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if p.Close != nil && !p.Close.Confirm.Checked {
		p.Close.Confirm.Error = render.Msg("office.day.close.unconfirmed")
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "office/day", p)
	}
	if _, err = s.store.CloseDay(r.Context(), formAct(r), p.Day.Date); err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/day", p)
	}
	return s.officeDone(w, r, "flash.office.closed", s.to("office.day", p.Day.Date.String()))
}

// officeVoid declares an unattended day without service, with its reason.
func (s *Server) officeVoid(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDayPage(r)
	if err != nil {
		return err
	}
	if p.Void == nil {
		return canteen.Refuse(canteen.KindConflict, "error.void.state", p.Day.Date)
	}
	form := officeForm{&p.Void.Reason}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if err = s.store.VoidDay(formAct(r), p.Day.Date, p.Void.Reason.Value); err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/day", p)
	}
	return s.officeDone(w, r, "flash.office.voided", s.to("office.day", p.Day.Date.String()))
}

// officeOutage declares that the service could not be reached in the minutes
// before the cut-off, which then moves (mission 17).
func (s *Server) officeOutage(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeDayPage(r)
	if err != nil {
		return err
	}
	if p.Outage == nil {
		return canteen.Refuse(canteen.KindConflict, "office.day.outage.late")
	}
	form := p.Outage.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	from, to := fieldOf(&p.Outage.From, canteen.ParseClock), fieldOf(&p.Outage.To, canteen.ParseClock)
	form.missing()
	if !form.wrong() {
		date := p.Day.Date
		err = s.store.DeclareOutage(formAct(r), date.At(from), date.At(to), p.Outage.Reason.Value)
		if err == nil {
			return s.officeDone(w, r, "flash.office.outage", s.to("office.day", date.String()))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/day", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "office/day", p)
}

// officeDone ends a post: what was done is said once, on the page it leads to.
func (s *Server) officeDone(w http.ResponseWriter, r *http.Request, flash, to string) error {
	s.flash(w, flash)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
