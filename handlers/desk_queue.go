package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskQueuePage is today's visits in order. Page name "desk/queue".
type DeskQueuePage struct {
	render.Page
	FormID  string
	Waiting int
	Visits  []DeskVisit
}

// DeskVisit is one visit and what can be done with it.
type DeskVisit struct {
	AppointmentLine
	Name      string // empty for who booked without a login
	FamilyURL string // acts for the person
	State     string // message key
	Now       bool   // is being served
	Over      bool
	Moves     []DeskMove
}

// DeskMove is a button of a visit.
type DeskMove struct {
	Label string
	URL   string
}

// deskMoves are the words of the events in addresses, in the order of the buttons.
var deskMoves = []struct {
	word  string
	event canteen.AppointmentEvent
}{
	{"chiama", canteen.AppointmentCall}, {"fatto", canteen.AppointmentFinish}, {"assente", canteen.AppointmentMiss},
}

func (s *Server) deskVisit(q *store.QueueItem) DeskVisit {
	v := DeskVisit{AppointmentLine: appointmentLine(&q.Appointment), Name: q.Name, State: "desk.state." + string(q.State),
		Now: q.State == canteen.AppointmentCalled, Over: q.State == canteen.AppointmentDone}
	if q.Family != "" {
		v.FamilyURL = s.actingFront(q.Family)
	}
	for _, m := range deskMoves {
		if next, err := q.State.Next(m.event); err == nil && next != q.State {
			v.Moves = append(v.Moves, DeskMove{"desk.move." + m.word, s.to("desk.queue.move", q.Appointment.Handle, m.word)})
		}
	}
	return v
}

func (s *Server) deskQueue(w http.ResponseWriter, r *http.Request) error {
	queue, err := s.store.DeskQueue(act(r), s.today())
	if err != nil {
		return err
	}
	p := DeskQueuePage{Page: s.newPage(r, "desk.queue.title", render.Crumb{Label: "desk.nav.home", URL: s.to("desk.home")},
		render.Crumb{Label: "desk.queue.title"}), FormID: newFormID()}
	for i := range queue {
		if queue[i].Open() {
			p.Waiting++
		}
		p.Visits = append(p.Visits, s.deskVisit(&queue[i]))
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/queue", p)
}

// deskQueueNext calls who is next.
func (s *Server) deskQueueNext(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	switch _, err := s.store.CallNext(formAct(r)); canteen.KindOf(err) {
	case canteen.KindNotFound:
		s.flash(w, "flash.queue.nobody")
	default:
		if err != nil {
			return err
		}
	}
	http.Redirect(w, r, s.to("desk.queue"), http.StatusSeeOther)
	return nil
}

// deskQueueMove does one thing with a visit.
func (s *Server) deskQueueMove(w http.ResponseWriter, r *http.Request) error {
	for _, m := range deskMoves {
		if m.word != routeVar(r, "passo") {
			continue
		}
		if err := s.store.MoveAppointment(act(r), routeVar(r, "appuntamento"), m.event); err != nil {
			return err
		}
		http.Redirect(w, r, s.to("desk.queue"), http.StatusSeeOther)
		return nil
	}
	return canteen.Refuse(canteen.KindNotFound, "error.notFound")
}
