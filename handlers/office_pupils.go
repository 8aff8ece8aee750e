package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficePupilsPage finds a pupil. What is searched for is posted, so that no name
// or codice fiscale stays in an address. Page name "office/pupils".
type OfficePupilsPage struct {
	render.Page
	Query render.Field
	Asked bool
	Found []PupilLine
	More  bool // there are more than are shown
}

// PupilLine is one pupil found.
type PupilLine struct {
	canteen.Pupil
	Place string // class and school
	URL   string
}

// foundShown is how many pupils a search shows; foundRead how many of one surname
// it looks through.
const (
	foundShown = 50
	foundRead  = 400
)

func (s *Server) newPupilsPage(r *http.Request) OfficePupilsPage {
	return OfficePupilsPage{Page: s.newPage(r, "office.pupils.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.pupils.title"}),
		Query: render.Field{Name: "query", Type: render.TypeSearch, Label: "office.pupils.query", Hint: "office.pupils.queryHint", MaxLength: 100}}
}

func (s *Server) officePupils(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "office/pupils", s.newPupilsPage(r))
}

func (s *Server) officeSearch(w http.ResponseWriter, r *http.Request) error {
	p := s.newPupilsPage(r)
	form := officeForm{&p.Query}
	if _, err := form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "office/pupils", p)
	}
	found, err := s.findPupils(r, p.Query.Value)
	if err != nil {
		return err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p.Asked, p.More = true, len(found) > foundShown
	for _, pupil := range found[:min(len(found), foundShown)] {
		line := PupilLine{Pupil: pupil, URL: s.to("office.pupil", pupil.Handle)}
		if class, school := placeOf(town, pupil.Class); class != nil {
			line.Place = class.Name() + ", " + school.Name
		}
		p.Found = append(p.Found, line)
	}
	return s.page(w, r, http.StatusOK, "office/pupils", p)
}

// findPupils searches by PAN, codice fiscale or surname; with several words also
// by surname and name in either order.
func (s *Server) findPupils(r *http.Request, query string) ([]canteen.Pupil, error) {
	found, err := s.store.FindPupils(act(r), query, foundShown+1)
	words := strings.Fields(canteen.Fold(query))
	if err != nil || len(found) > 0 || len(words) < 2 {
		return found, err
	}
	asked := strings.Join(words, " ")
	for _, start := range []string{words[0], words[len(words)-1]} {
		some, err := s.store.FindPupils(act(r), start, foundRead)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			surname, name := canteen.Fold(p.Surname), canteen.Fold(p.Name)
			if strings.HasPrefix(surname+" "+name, asked) || strings.HasPrefix(name+" "+surname, asked) {
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

// placeOf finds a class and its school; nil when the class is unknown.
func placeOf(town store.Town, id canteen.ClassID) (*canteen.Class, *canteen.School) {
	for i := range town.Classes {
		if town.Classes[i].ID != id {
			continue
		}
		for j := range town.Schools {
			if town.Schools[j].ID == town.Classes[i].School {
				return &town.Classes[i], &town.Schools[j]
			}
		}
	}
	return nil, nil
}
