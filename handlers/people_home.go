package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// PeoplePage finds persons, and shows the changes of households the office should
// know of and whoever has no final codice fiscale. What is searched for is posted:
// no name stays in an address. Page name "people/home".
type PeoplePage struct {
	render.Page
	Query   render.Field
	Asked   bool
	Found   []PersonLine
	More    bool // there are more than are shown
	Changes []ChangeLine
	Open    []PersonLine // persons and pupils without a final codice fiscale
	MoreOf  bool         // there are more of them than are shown
}

// PersonLine is one person, or a pupil, in a list.
type PersonLine struct {
	Name, Code string
	Pupil      bool
	URL        string
}

// ChangeLine is a change of a household in words.
type ChangeLine struct {
	At     time.Time
	Day    canteen.Date
	What   render.Message
	Actor  string
	Detail string
	Name   string
	URL    string
}

// How many lines of each kind the page shows.
const (
	changesShown = 10
	openShown    = 20
)

func (s *Server) peoplePage(r *http.Request) (p PeoplePage, err error) {
	p = PeoplePage{Page: s.newPage(r, "people.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")}, render.Crumb{Label: "people.title"}),
		Query: render.Field{Name: "query", Type: render.TypeSearch, Label: "people.query", Hint: "people.queryHint", MaxLength: 100}}
	changes, err := s.store.HouseholdChanges(act(r), changesShown)
	if err != nil {
		return p, err
	}
	for i := range changes {
		line := s.changeLine(&changes[i].LogLine)
		if g := &changes[i].Person; g.ID != 0 {
			line.Name, line.URL = g.Surname+" "+g.Name, s.to("people.person", g.Handle)
		}
		p.Changes = append(p.Changes, line)
	}
	open, err := s.store.Unidentified(act(r), openShown)
	if err != nil {
		return p, err
	}
	for i := range open.Pupils {
		one := &open.Pupils[i]
		p.Open = append(p.Open, PersonLine{one.Surname + " " + one.Name, string(one.CodiceFiscale), true, s.to("office.pupil", one.Handle)})
	}
	for i := range open.Persons {
		p.Open = append(p.Open, s.personLine(&open.Persons[i]))
	}
	p.MoreOf = open.More
	return p, nil
}

func (s *Server) personLine(g *canteen.Guardian) PersonLine {
	return PersonLine{Name: g.Surname + " " + g.Name, Code: string(g.CodiceFiscale), URL: s.to("people.person", g.Handle)}
}

// changeLine words a line of the log that is about a person; what this page has
// no words for is a change all the same.
func (s *Server) changeLine(l *store.LogLine) ChangeLine {
	line := ChangeLine{At: l.At, Day: canteen.DateOf(l.At), What: render.Msg("people.log." + l.What), Actor: l.Actor, Detail: l.Detail}
	if !s.catalog.Has(line.What.Key) {
		line.What = render.Msg("people.log.other", l.What)
	}
	return line
}

func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	p, err := s.peoplePage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/home", p)
}

func (s *Server) peopleSearch(w http.ResponseWriter, r *http.Request) error {
	p, err := s.peoplePage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Query}
	if _, err := form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "people/home", p)
	}
	found, err := s.store.FindPersons(act(r), p.Query.Value, foundShown+1)
	if err != nil {
		return err
	}
	p.Asked, p.More = true, len(found) > foundShown
	for i := range found[:min(len(found), foundShown)] {
		p.Found = append(p.Found, s.personLine(&found[i]))
	}
	return s.page(w, r, http.StatusOK, "people/home", p)
}
