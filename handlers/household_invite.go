package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// CheckGroup is a question with several boxes, drawn by the partial "check-group".
type CheckGroup struct {
	Name   string // of the inputs
	Legend string // message key
	Hint   string // message key
	Error  render.Message
	Boxes  []CheckBox
}

// CheckBox is one answer; Text is a message key or a name shown as it is.
type CheckBox struct {
	Value, Text, Note string
	Checked           bool
}

// FocusID is the id a link of the errors index leads to.
func (g CheckGroup) FocusID() string {
	if len(g.Boxes) == 0 {
		return g.Name
	}
	return g.Name + "-" + g.Boxes[0].Value
}

// check ticks the boxes of the values.
func (g *CheckGroup) check(values []string) {
	for i := range g.Boxes {
		g.Boxes[i].Checked = slices.Contains(values, g.Boxes[i].Value)
	}
}

// HouseholdInvitePage invites a second guardian or a delegate. Page name
// "household/invite".
type HouseholdInvitePage struct {
	render.Page
	FormID   string
	Guardian bool
	Children CheckGroup
	Rights   CheckGroup
	Until    render.Field
	URL      string
}

// rightsGroup asks what a delegate may do.
func rightsGroup(granted []canteen.Right) CheckGroup {
	g := CheckGroup{Name: "rights", Legend: "household.rights", Hint: "household.rightsHint"}
	for _, right := range canteen.Rights {
		g.Boxes = append(g.Boxes, CheckBox{Value: string(right), Text: "household.right." + string(right),
			Note: "household.rightNote." + string(right), Checked: slices.Contains(granted, right)})
	}
	return g
}

// untilField asks for the last day of a delegation.
func (s *Server) untilField(until canteen.Date) render.Field {
	f := render.Field{Name: "until", Type: render.TypeDate, Label: "household.until", Hint: "household.untilHint", Min: s.today().String(), Optional: true, Short: true}
	if until != 0 {
		f.Value = until.String()
	}
	return f
}

// invitePage is the empty form. A delegation ends by default with the school year.
func (s *Server) invitePage(r *http.Request, guardian bool) (p HouseholdInvitePage, err error) {
	h, err := s.store.Household(act(r))
	if err != nil {
		return p, err
	}
	title, target := "household.inviteDelegate.title", "household.delegate.invite"
	if guardian {
		title, target = "household.inviteGuardian.title", "household.guardian.invite"
	}
	p = HouseholdInvitePage{Page: s.newPage(r, title, s.householdCrumbs(title)...), FormID: newFormID(), Guardian: guardian, URL: s.to(target),
		Children: CheckGroup{Name: "pupils", Legend: "household.forWhom"}, Rights: rightsGroup([]canteen.Right{canteen.RightSee, canteen.RightCancel}),
		Until: s.untilField(canteen.DefaultYear(s.today()).To)}
	for i := range h.Children {
		if c := &h.Children[i]; c.Own {
			p.Children.Boxes = append(p.Children.Boxes, CheckBox{Value: c.Pupil.Handle, Text: childFullName(&c.Pupil), Checked: true})
		}
	}
	return p, nil
}

func (s *Server) inviteGuardianForm(w http.ResponseWriter, r *http.Request) error {
	return s.inviteForm(w, r, true)
}

func (s *Server) inviteDelegateForm(w http.ResponseWriter, r *http.Request) error {
	return s.inviteForm(w, r, false)
}

func (s *Server) inviteForm(w http.ResponseWriter, r *http.Request, guardian bool) error {
	p, err := s.invitePage(r, guardian)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "household/invite", p)
}

func (s *Server) inviteGuardian(w http.ResponseWriter, r *http.Request) error {
	return s.invite(w, r, true)
}

func (s *Server) inviteDelegate(w http.ResponseWriter, r *http.Request) error {
	return s.invite(w, r, false)
}

// invite makes the invitation; the household's page then shows its code.
func (s *Server) invite(w http.ResponseWriter, r *http.Request, guardian bool) error {
	p, err := s.invitePage(r, guardian)
	if err != nil {
		return err
	}
	form := officeForm{&p.Until}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	p.Children.check(r.PostForm["pupils"])
	req := store.InvitationRequest{Pupils: r.PostForm["pupils"], Guardian: guardian}
	if !guardian {
		p.Rights.check(r.PostForm["rights"])
		req.Until = fieldOf(&p.Until, canteen.ParseDate)
		req.Rights, _ = canteen.ParseRights(r.PostForm["rights"]) // none is refused below, beside the children
	}
	if !form.wrong() {
		err = s.store.Invite(formAct(r), req)
	}
	if err == nil && !form.wrong() {
		return s.officeDone(w, r, "flash.household.invited", s.to("household"))
	}
	if err := refuseGroups(&p.Page, form, err, &p.Children, &p.Rights); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "household/invite", p)
}

// refuseGroups puts a refusal beside the group or the field it names.
func refuseGroups(page *render.Page, form officeForm, err error, groups ...*CheckGroup) error {
	for _, g := range groups {
		if refusal, ok := err.(*canteen.Error); ok && refusal.Field == g.Name {
			g.Error = render.Msg(refusal.Key, refusal.Args...)
			page.Problems = append([]render.Problem{{Message: g.Error, Target: g.FocusID()}}, form.problems()...)
			return nil
		}
	}
	if err == nil {
		page.Problems = form.problems()
		return nil
	}
	return form.refuse(page, err)
}

func (s *Server) revokeInvitation(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	if err := s.store.RevokeInvitation(formAct(r), routeVar(r, "invito")); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.household.withdrawn", s.to("household"))
}
