package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// profileCard is a door of the profile: the page of a route, for some roles.
// Each area adds its own here.
type profileCard struct {
	title, text string // message keys
	route       string
	roles       []canteen.Role // nil: everybody who has a profile
}

var profileCards = []profileCard{
	{title: "account.contacts.title", text: "account.card.contacts", route: "profile.contacts"},
	{title: "account.move.title", text: "account.card.address", route: "profile.address"},
	{title: "account.preferences.title", text: "account.card.preferences", route: "profile.preferences"},
	{title: "household.title", text: "account.card.household", route: "household"},
	{title: "rights.data.title", text: "account.card.data", route: "rights.data", roles: ownSession},
	{title: "account.password.title", text: "account.card.password", route: "password", roles: ownSession},
	{title: "security.sessions.title", text: "account.card.sessions", route: "profile.sessions", roles: ownSession},
}

// ownSession are the roles of who logs in for itself: to the counter that acts for
// a family, password and sessions would be the operator's.
var ownSession = accountHolders.roles

// ownPage is where somebody changes what is its own: a family its profile, staff
// its password.
func (s *Server) ownPage(role canteen.Role) string {
	if slices.Contains(accountHolders.roles, role) {
		return s.to("profile")
	}
	return s.to("password")
}

// ProfileCard is a door as the page shows it.
type ProfileCard struct{ Title, Text, URL string }

// ProfilePage is what a person sees of itself. Page name "account/profile".
type ProfilePage struct {
	render.Page
	Me                store.PersonView
	EmailOK, MobileOK bool // proved by code
	Cards             []ProfileCard
}

func profileCrumb(s *Server) render.Crumb {
	return render.Crumb{Label: "account.profile.title", URL: s.to("profile")}
}

func (s *Server) profile(w http.ResponseWriter, r *http.Request) error {
	me, err := s.store.Myself(act(r))
	if err != nil {
		return err
	}
	p := &ProfilePage{Page: s.newPage(r, "account.profile.title"), Me: me,
		EmailOK: me.Verified(canteen.ChannelEmail), MobileOK: me.Verified(canteen.ChannelSMS)}
	for _, c := range profileCards {
		if c.roles == nil || slices.Contains(c.roles, stateOf(r).actor.Role) {
			p.Cards = append(p.Cards, ProfileCard{c.title, c.text, s.to(c.route)})
		}
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "account/profile", p)
}

// AddressPage changes where a person lives. Page name "account/address".
type AddressPage struct {
	render.Page
	FormID                  string
	Address, PostCode, City render.Field
}

func (p *AddressPage) fields() officeForm { return officeForm{&p.Address, &p.PostCode, &p.City} }

func (s *Server) addressPage(r *http.Request) (*AddressPage, error) {
	me, err := s.store.Myself(act(r))
	if err != nil {
		return nil, err
	}
	p := &AddressPage{Page: s.newPage(r, "account.move.title", profileCrumb(s), render.Crumb{Label: "account.move.title"}), FormID: newFormID()}
	p.Address, p.PostCode, p.City = addressFields(&me.Person)
	return p, nil
}

func (s *Server) profileAddress(w http.ResponseWriter, r *http.Request) error {
	p, err := s.addressPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "account/address", p)
}

func (s *Server) profileMove(w http.ResponseWriter, r *http.Request) error {
	p, err := s.addressPage(r)
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	form.missing()
	if !form.wrong() {
		err := s.store.MoveHouse(formAct(r), p.Address.Value, p.PostCode.Value, p.City.Value)
		if err == nil {
			s.flash(w, "flash.account.saved")
			http.Redirect(w, r, s.to("profile"), http.StatusSeeOther)
			return nil
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "account/address", p)
}
