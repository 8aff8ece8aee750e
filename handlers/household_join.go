package handlers

import (
	"errors"
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// HouseholdCodePage asks for the code of an invitation, or for the PAN and the
// codice fiscale of a child. Page name "household/code".
type HouseholdCodePage struct {
	render.Page
	FormID string
	Pair   bool
	Code   render.Field
	PAN    render.Field
	CF     render.Field
	URL    string
}

func (s *Server) acceptPage(r *http.Request) HouseholdCodePage {
	return HouseholdCodePage{Page: s.newPage(r, "household.accept.title", s.householdCrumbs("household.accept.title")...), FormID: newFormID(),
		URL: s.to("household.accept.do"), Code: render.Field{Name: "code", Label: "household.accept.code", Hint: "household.accept.codeHint",
			MaxLength: 20, Short: true, Autocomplete: "off", Value: r.FormValue("codice")}}
}

func (s *Server) pairPage(r *http.Request) HouseholdCodePage {
	return HouseholdCodePage{Page: s.newPage(r, "household.pair.title", s.householdCrumbs("household.pair.title")...), FormID: newFormID(), Pair: true,
		URL: s.to("household.pair.do"),
		PAN: render.Field{Name: "pan", Label: "household.pair.pan", Hint: "household.pair.panHint", InputMode: "numeric", MaxLength: 24, Short: true, Autocomplete: "off"},
		CF:  render.Field{Name: "cf", Label: "household.pair.cf", Hint: "household.pair.cfHint", MaxLength: 24, Autocomplete: "off"}}
}

func (s *Server) acceptForm(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "household/code", s.acceptPage(r))
}

func (s *Server) pairForm(w http.ResponseWriter, r *http.Request) error {
	return s.page(w, r, http.StatusOK, "household/code", s.pairPage(r))
}

// accept uses the code of an invitation.
func (s *Server) accept(w http.ResponseWriter, r *http.Request) error {
	p := s.acceptPage(r)
	form, err := officeForm{&p.Code}, error(nil)
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "household/code", p)
	}
	return s.joined(w, r, &p, form, s.store.AcceptInvitation(formAct(r), p.Code.Value, s.client(r)))
}

// pair links a child by its PAN and codice fiscale. What cannot be read as either
// is refused by the record with the words of a wrong guess: a form that told them
// apart would say which PAN is one.
func (s *Server) pair(w http.ResponseWriter, r *http.Request) error {
	p := s.pairPage(r)
	form, err := officeForm{&p.PAN, &p.CF}, error(nil)
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "household/code", p)
	}
	var pair store.Pairing
	pair.PAN, _ = canteen.ParsePAN(p.PAN.Value)
	pair.CodiceFiscale, _ = canteen.ParseCodiceFiscale(p.CF.Value)
	return s.joined(w, r, &p, form, s.store.PairPupil(formAct(r), pair, s.client(r)))
}

// joined leads to the household, or brings the form back. Who was a delegate and
// is a guardian now has another role: its session goes on under a new token.
func (s *Server) joined(w http.ResponseWriter, r *http.Request, p *HouseholdCodePage, form officeForm, err error) error {
	if err == nil {
		before := stateOf(r).user
		if now, err := s.store.User(before.Login); err == nil && now.Epoch != before.Epoch {
			if err := s.begin(r, now, s.sessionOf(r).Provider); err != nil {
				return err
			}
		}
		return s.officeDone(w, r, "flash.household.joined", s.to("household"))
	}
	status := http.StatusUnprocessableEntity
	if refusal, ok := errors.AsType[*canteen.Error](err); ok && refusal.Key == "error.household.tries" {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", "3600")
	}
	if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, status, "household/code", p)
}
