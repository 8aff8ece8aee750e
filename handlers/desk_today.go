package handlers

import (
	"bytes"
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskTodayPage lists what was done at the counter on a day. Page name
// "desk/today".
type DeskTodayPage struct {
	render.Page
	Day    canteen.Date
	Acts   []DeskActLine
	CSVURL string
}

// DeskActLine is one act of the counter.
type DeskActLine struct {
	At       time.Time
	Number   string
	Operator string
	Person   string
	Pupil    string
	Act      render.Message
	URL      string // the receipt; empty for an act that names no person
}

// deskActWord names the act a receipt is for.
func deskActWord(r *store.Receipt) render.Message {
	switch r.Kind {
	case store.ReceiptCommunication, store.ReceiptRevocation:
		return receiptTitle(r)
	case store.ReceiptRegistration:
		return render.Msg("desk.act.registration")
	case store.ReceiptPaper:
		return render.Msg("desk.act.paper")
	case "application":
		return render.Msg("desk.act.application")
	}
	return render.Msg("desk.act.other")
}

func (s *Server) deskActLine(a *store.DeskAct) DeskActLine {
	l := DeskActLine{At: a.Receipt.Received, Number: a.Receipt.Number.String(), Operator: a.Operator, Person: a.Person, Pupil: a.Pupil, Act: deskActWord(&a.Receipt)}
	if a.Handle != "" {
		l.URL = s.to("desk.receipt", a.Handle, numberVar(a.Receipt.Number))
	}
	return l
}

func (s *Server) deskTodayPage(r *http.Request) (p DeskTodayPage, err error) {
	p = DeskTodayPage{Page: s.newPage(r, "desk.today.title", render.Crumb{Label: "desk.nav.home", URL: s.to("desk.home")}, render.Crumb{Label: "desk.today.title"})}
	if p.Day, err = dayVar(r, "giorno", s.today()); err != nil {
		return p, err
	}
	acts, err := s.store.DeskDay(act(r), p.Day)
	if err != nil {
		return p, err
	}
	for i := range acts {
		p.Acts = append(p.Acts, s.deskActLine(&acts[i]))
	}
	p.CSVURL = s.to("desk.today.csv") + "?giorno=" + p.Day.String()
	return p, nil
}

func (s *Server) deskToday(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskTodayPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "desk/today", p)
}

// deskTodayCSV is the same list for the counter's own books.
func (s *Server) deskTodayCSV(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskTodayPage(r)
	if err != nil {
		return err
	}
	list := documents.DeskList{}
	for _, a := range p.Acts {
		list.Acts = append(list.Acts, documents.DeskAct{At: a.At, Number: a.Number, Operator: a.Operator, Person: a.Person, Pupil: a.Pupil,
			Act: s.catalog.T(s.langOf(r), a.Act.Key, a.Act.Args...)})
	}
	var body bytes.Buffer
	if err := documents.DeskCSV(&body, s.words(r), &list); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="sportello-`+p.Day.String()+`.csv"`)
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}

// words is the catalogue in the language of a request, as documents want it.
func (s *Server) words(r *http.Request) documents.Translate {
	return func(key string, args ...any) string { return s.catalog.T(s.langOf(r), key, args...) }
}
