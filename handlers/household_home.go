package handlers

import (
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// HouseholdPage shows for each child who acts for it, and the invitations that
// are open. It carries no contact of anybody. Page name "household/home".
type HouseholdPage struct {
	render.Page
	FormID      string
	Children    []HouseholdChildCard
	Invitations []InvitationCard
	Own         bool // there is a child of one's own, for whom others can be invited
}

// HouseholdChildCard is a child with the persons who act for it.
type HouseholdChildCard struct {
	ID       string // of the element
	Name     string
	Own      bool
	People   []ActingLine
	LeaveURL string // empty when leaving would leave the child alone
}

// ActingLine is a person who acts for a child.
type ActingLine struct {
	Name      string
	Me        bool
	Guardian  bool
	Rights    []string     // message keys
	Until     canteen.Date // zero: no end
	Since     canteen.Date // zero: not known, it came with the register
	ChangeURL string
}

// InvitationCard is an open invitation with its code.
type InvitationCard struct {
	Code      string
	Link      string
	Names     string
	Guardian  bool
	Rights    []string // message keys
	Until     canteen.Date
	LastDay   canteen.Date // on which it can be used, until Expires
	Expires   time.Time
	RevokeURL string
}

// rightWords names rights.
func rightWords(rights []canteen.Right) []string {
	words := make([]string, len(rights))
	for i, right := range rights {
		words[i] = "household.right." + string(right)
	}
	return words
}

func (s *Server) household(w http.ResponseWriter, r *http.Request) error {
	h, err := s.store.Household(act(r))
	if err != nil {
		return err
	}
	p := HouseholdPage{Page: s.newPage(r, "household.title", s.familyCrumbs("household.title")...), FormID: newFormID()}
	for i := range h.Children {
		p.Children = append(p.Children, s.householdCard(&h.Children[i]))
		p.Own = p.Own || h.Children[i].Own
	}
	for i := range h.Invitations {
		p.Invitations = append(p.Invitations, s.invitationCard(r, &h, &h.Invitations[i]))
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "household/home", p)
}

func (s *Server) householdCard(c *store.HouseholdChild) HouseholdChildCard {
	card := HouseholdChildCard{ID: "c-" + c.Pupil.Handle, Name: childFullName(&c.Pupil), Own: c.Own}
	for _, a := range c.People {
		line := ActingLine{Name: a.Name, Me: a.Me, Guardian: a.Guardian, Rights: rightWords(a.Rights), Until: a.Until}
		if !a.Since.IsZero() {
			line.Since = canteen.DateOf(a.Since)
		}
		if c.Own && !a.Guardian {
			line.ChangeURL = s.to("household.delegation", c.Pupil.Handle, a.Handle)
		}
		card.People = append(card.People, line)
	}
	if c.Own && len(c.Pupil.Guardians) > 1 {
		card.LeaveURL = s.to("household.leave", c.Pupil.Handle)
	}
	return card
}

func (s *Server) invitationCard(r *http.Request, h *store.Household, i *store.OpenInvitation) InvitationCard {
	card := InvitationCard{Code: i.Code, Link: s.address(r) + s.to("household.accept") + "?codice=" + urlQuery(i.Code), Guardian: i.Guardian,
		Rights: rightWords(i.Rights), Until: i.Until, LastDay: canteen.DateOf(i.Expires), Expires: i.Expires, RevokeURL: s.to("household.invitation.revoke", i.Handle)}
	var names []string
	for _, pan := range i.Pupils {
		for j := range h.Children {
			if h.Children[j].Pupil.PAN == pan {
				names = append(names, h.Children[j].Pupil.Name)
			}
		}
	}
	card.Names = strings.Join(names, ", ")
	return card
}

// address is where the browser found us, for links that are passed on.
func (s *Server) address(r *http.Request) string {
	if s.opt.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// ownChild finds a child of the actor's own in its household; KindNotFound for
// every other.
func (s *Server) ownChild(r *http.Request) (*store.HouseholdChild, error) {
	h, err := s.store.Household(act(r))
	if err != nil {
		return nil, err
	}
	for i := range h.Children {
		if h.Children[i].Own && h.Children[i].Pupil.Handle == routeVar(r, "pupil") {
			return &h.Children[i], nil
		}
	}
	return nil, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
}

// householdCrumbs lead to a page below the household.
func (s *Server) householdCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "family.nav.children", URL: s.to("family.home")}, {Label: "household.title", URL: s.to("household")}, {Label: here}}
}

// HouseholdLeavePage asks whether a guardian really wants to be none any more.
// Page name "household/leave".
type HouseholdLeavePage struct {
	render.Page
	FormID string
	Name   string
	URL    string
}

func (s *Server) leavePage(r *http.Request) (p HouseholdLeavePage, err error) {
	c, err := s.ownChild(r)
	if err != nil {
		return p, err
	}
	return HouseholdLeavePage{Page: s.newPage(r, "household.leave.title", s.householdCrumbs("household.leave.title")...), FormID: newFormID(),
		Name: c.Pupil.Name, URL: s.to("household.leave.do", c.Pupil.Handle)}, nil
}

func (s *Server) leaveForm(w http.ResponseWriter, r *http.Request) error {
	p, err := s.leavePage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "household/leave", p)
}

func (s *Server) leave(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	err := s.store.LeavePupil(formAct(r), routeVar(r, "pupil"))
	if err == nil {
		return s.officeDone(w, r, "flash.household.left", s.to("household"))
	}
	p, pageErr := s.leavePage(r)
	if pageErr != nil {
		return pageErr
	}
	if err := (officeForm{}).refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "household/leave", p)
}
