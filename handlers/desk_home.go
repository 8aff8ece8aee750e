package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskHomePage is the counter's one search box and what it finds. What is
// searched for is posted, so that nothing personal stays in an address. Page name
// "desk/home".
type DeskHomePage struct {
	render.Page
	Query render.Field
	Asked bool
	Found []DeskLine
	Alone []DeskChildLine
	More  bool
}

// DeskLine is a person found.
type DeskLine struct {
	Name     string
	Born     int // year, 0 if unknown
	Children []DeskChildLine
	URL      string // acts for this person
}

// DeskChildLine is a child of a person found.
type DeskChildLine struct {
	Name  string
	Born  canteen.Date
	Place string
	PAN   string
}

// deskShown is how many persons a search shows.
const deskShown = 20

// A desk user may search this often: fast hands at a queue, not a program.
const (
	deskSearchEvery = 2 * time.Second
	deskSearchBurst = 30
)

func (s *Server) newDeskHome(r *http.Request) DeskHomePage {
	return DeskHomePage{Page: s.newPage(r, "desk.home.title"),
		Query: render.Field{Name: "query", Type: render.TypeSearch, Label: "desk.home.query", Hint: "desk.home.queryHint", MaxLength: 100}}
}

func (s *Server) deskHome(w http.ResponseWriter, r *http.Request) error {
	p := s.newDeskHome(r)
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "desk/home", p)
}

// deskSearch finds families; a code that is one person's opens it at once, as a
// barcode reader at the counter wants it.
func (s *Server) deskSearch(w http.ResponseWriter, r *http.Request) error {
	p := s.newDeskHome(r)
	form := officeForm{&p.Query}
	if _, err := form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "desk/home", p)
	}
	if !s.searches.allow(stateOf(r).actor.Login) {
		p.Query.Error = render.Msg("desk.home.throttled")
		p.Problems = form.problems()
		w.Header().Set("Retry-After", "10")
		return s.page(w, r, http.StatusTooManyRequests, "desk/home", p)
	}
	out, err := s.store.FindFamilies(act(r), p.Query.Value, deskShown)
	if err != nil {
		return err
	}
	if out.Exact && len(out.Found) == 1 {
		http.Redirect(w, r, s.actingFront(out.Found[0].Person.Handle), http.StatusSeeOther)
		return nil
	}
	p.fill(s, &out)
	return s.page(w, r, http.StatusOK, "desk/home", p)
}

// actingFront is the first page by which the desk acts for a person.
func (s *Server) actingFront(handle string) string { return s.to("desk.family.home", handle) }

func (p *DeskHomePage) fill(s *Server, out *store.DeskSearch) {
	p.Asked, p.More = true, out.More
	for i := range out.Found {
		f := &out.Found[i]
		line := DeskLine{Name: f.Person.Surname + " " + f.Person.Name, Born: bornYear(f.Person.CodiceFiscale, p.Today()), URL: s.actingFront(f.Person.Handle)}
		for j := range f.Children {
			line.Children = append(line.Children, deskChildLine(&f.Children[j]))
		}
		p.Found = append(p.Found, line)
	}
	for i := range out.Alone {
		p.Alone = append(p.Alone, deskChildLine(&out.Alone[i]))
	}
}

func deskChildLine(c *store.DeskChild) DeskChildLine {
	line := DeskChildLine{Name: childFullName(&c.Pupil), Born: c.Pupil.Born, PAN: c.Pupil.PAN.String()}
	if c.Class != "" {
		line.Place = c.Class + ", " + c.School
	}
	return line
}
