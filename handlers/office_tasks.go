package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// peopleTasks lists what waits for the office about families, schools and
// diets, each with the page on which it is done. Expired diets are a number
// alone: whose they are is the diets officer's (design §12).
func (s *Server) peopleTasks(r *http.Request) ([]OfficeTask, error) {
	t, err := s.store.OfficeTasks(act(r))
	if err != nil {
		return nil, err
	}
	_, lost, err := s.store.LostMessages(act(r), 0)
	if err != nil {
		return nil, err
	}
	var tasks []OfficeTask
	for _, one := range []struct {
		n        int
		key, url string
	}{
		{t.Stopped, "office.task.stopped", s.to("office.debts")},
		{t.Overdue, "office.task.overdue", s.to("enrol.office") + "?anno=" + urlQuery(t.Year)},
		{t.Bands, "office.task.bands", s.to("office.bands")},
		{t.Paper, "office.task.paper", s.to("desk.requests")},
		{lost, "office.task.lost", s.to("office.messages")},
		{t.Nameless, "office.task.nameless", s.to("people") + "#open"},
		{t.Proposals, "office.task.proposals", s.to("enrol.renewal")},
		{t.Expired, "office.task.expired", ""},
	} {
		if one.n > 0 {
			tasks = append(tasks, OfficeTask{Count: one.n, Text: render.Msg(one.key, one.n), URL: one.url})
		}
	}
	return tasks, nil
}

// OfficeMessagesPage lists the messages that were lost. Page name
// "office/messages".
type OfficeMessagesPage struct {
	render.Page
	Lost  []OfficeLost
	Total int
}

// OfficeLost is a lost message with the people it was for.
type OfficeLost struct {
	What    string
	At      time.Time
	Day     canteen.Date
	Unknown bool // nobody can say whether it arrived
	Persons []PersonLine
}

// lostShown bounds the list of lost messages.
const lostShown = 100

func (s *Server) officeMessages(w http.ResponseWriter, r *http.Request) error {
	lost, total, err := s.store.LostMessages(act(r), lostShown)
	if err != nil {
		return err
	}
	p := OfficeMessagesPage{Page: s.newPage(r, "office.messages.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")}, render.Crumb{Label: "office.messages.title"}), Total: total}
	for _, m := range lost {
		one := OfficeLost{What: s.wordOf(r, "message.", m.Kind+".subject"), At: m.At, Day: canteen.DateOf(m.At), Unknown: m.State == store.MessageUnknown}
		for i := range m.Persons {
			one.Persons = append(one.Persons, s.personLine(&m.Persons[i]))
		}
		p.Lost = append(p.Lost, one)
	}
	return s.page(w, r, http.StatusOK, "office/messages", p)
}
