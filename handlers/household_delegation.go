package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// HouseholdDelegationPage changes what a delegate may do for a child, or revokes
// it. Page name "household/delegation".
type HouseholdDelegationPage struct {
	render.Page
	FormID    string
	Child     string
	Name      string
	Rights    CheckGroup
	Until     render.Field
	URL       string
	RevokeURL string
}

func (s *Server) delegationPage(r *http.Request) (p HouseholdDelegationPage, err error) {
	c, err := s.ownChild(r)
	if err != nil {
		return p, err
	}
	for _, a := range c.People {
		if a.Guardian || a.Handle != routeVar(r, "delegato") {
			continue
		}
		return HouseholdDelegationPage{Page: s.newPage(r, "household.delegation.title", s.householdCrumbs("household.delegation.title")...),
			FormID: newFormID(), Child: c.Pupil.Name, Name: a.Name, Rights: rightsGroup(a.Rights), Until: s.untilField(a.Until),
			URL:       s.to("household.delegation.save", c.Pupil.Handle, a.Handle),
			RevokeURL: s.to("household.delegation.revoke", c.Pupil.Handle, a.Handle)}, nil
	}
	return p, canteen.Refuse(canteen.KindNotFound, "error.person.notFound")
}

func (s *Server) delegationForm(w http.ResponseWriter, r *http.Request) error {
	p, err := s.delegationPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "household/delegation", p)
}

func (s *Server) delegationSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.delegationPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Until}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	p.Rights.check(r.PostForm["rights"])
	until := fieldOf(&p.Until, canteen.ParseDate)
	rights, err := canteen.ParseRights(r.PostForm["rights"])
	if err == nil && !form.wrong() {
		err = s.store.ChangeDelegation(formAct(r), store.DelegationChange{Pupil: routeVar(r, "pupil"), Person: routeVar(r, "delegato"), Rights: rights, Until: until})
		if err == nil {
			return s.officeDone(w, r, "flash.household.changed", s.to("household"))
		}
	}
	if err := refuseGroups(&p.Page, form, err, &p.Rights); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "household/delegation", p)
}

func (s *Server) delegationRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	change := store.DelegationChange{Pupil: routeVar(r, "pupil"), Person: routeVar(r, "delegato")}
	if err := s.store.ChangeDelegation(formAct(r), change); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.household.revoked", s.to("household"))
}
