package handlers

import (
	"errors"
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// PeopleMergePage merges the person of the address into another one: it asks for
// the other, shows what would move, and asks for the reason. Page name
// "people/merge".
type PeopleMergePage struct {
	render.Page
	FormID  string
	From    canteen.Guardian
	Query   render.Field
	Asked   bool
	Found   []MergeChoice
	Preview *store.MergePreview
	Differ  bool   // the two have different names
	Into    string // handle of the chosen one
	Reason  render.Field
	URL     string
	BackURL string
}

// MergeChoice is a person into whom another could be merged.
type MergeChoice struct {
	PersonLine
	Handle string
}

// mergePage reads what was typed or chosen. The other person is looked for by a
// posted form, too: no name stays in an address.
func (s *Server) mergePage(r *http.Request) (p PeopleMergePage, err error) {
	f, err := s.store.PersonFile(act(r), routeVar(r, "persona"))
	if err != nil {
		return p, err
	}
	p = PeopleMergePage{Page: s.newPage(r, "people.merge.title", s.peopleCrumbs("people.merge.title")...), FormID: newFormID(), From: f.Person,
		Query:  render.Field{Name: "query", Type: render.TypeSearch, Label: "people.merge.query", Hint: "people.queryHint", MaxLength: 100},
		Reason: *whyField(), URL: s.to("people.merge.do", f.Person.Handle), BackURL: s.to("people.person", f.Person.Handle)}
	return p, nil
}

func (s *Server) personMerge(w http.ResponseWriter, r *http.Request) error {
	p, err := s.mergePage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "people/merge", p)
}

// personMergeDo is each step of a merge: a search for the other person, the
// preview of the chosen one, the merge.
func (s *Server) personMergeDo(w http.ResponseWriter, r *http.Request) error {
	p, err := s.mergePage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Query, &p.Reason}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if p.Into = r.PostForm.Get("into"); p.Into == "" {
		return s.mergeSearch(w, r, &p)
	}
	m := store.Merge{From: routeVar(r, "persona"), Into: p.Into, Reason: p.Reason.Value}
	var refused error
	if r.PostForm.Get("confirm") != "" {
		if refused = s.store.MergePersons(formAct(r), m); refused == nil {
			return s.officeDone(w, r, "flash.people.merged", s.to("people.person", p.Into))
		}
	}
	return s.mergePreview(w, r, &p, m, refused)
}

// mergePreview shows what a merge would move, with what kept it from being done.
func (s *Server) mergePreview(w http.ResponseWriter, r *http.Request, p *PeopleMergePage, m store.Merge, refused error) error {
	preview, err := s.store.PreviewMerge(act(r), m)
	if refusal, ok := errors.AsType[*canteen.Error](err); ok && refusal.Kind == canteen.KindInvalid {
		p.Into, p.Problems = "", []render.Problem{{Message: render.Msg(refusal.Key)}}
		return s.page(w, r, http.StatusUnprocessableEntity, "people/merge", p)
	}
	if err != nil {
		return err
	}
	p.Preview = &preview
	p.Differ = canteen.FoldKey(preview.From.Surname, preview.From.Name) != canteen.FoldKey(preview.Into.Surname, preview.Into.Name)
	if refused == nil {
		return s.page(w, r, http.StatusOK, "people/merge", p)
	}
	if err := (officeForm{&p.Reason}).refuse(&p.Page, refused); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "people/merge", p)
}

// mergeSearch lists who the other person may be.
func (s *Server) mergeSearch(w http.ResponseWriter, r *http.Request, p *PeopleMergePage) error {
	form := officeForm{&p.Query}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "people/merge", p)
	}
	found, err := s.store.FindPersons(act(r), p.Query.Value, foundShown)
	if err != nil {
		return err
	}
	p.Asked = true
	for i := range found {
		if found[i].ID != p.From.ID {
			p.Found = append(p.Found, MergeChoice{s.personLine(&found[i]), found[i].Handle})
		}
	}
	return s.page(w, r, http.StatusOK, "people/merge", p)
}
