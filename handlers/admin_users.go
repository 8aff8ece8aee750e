package handlers

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AdminUsersPage lists who works here. Page name "admin/users".
type AdminUsersPage struct {
	render.Page
	Users []AdminUserLine
	Roles []canteen.Role // that must have a second factor
}

// AdminUserLine is one login.
type AdminUserLine struct {
	store.User
	URL     string
	Role    string   // message key
	Places  []string // the names of its schools, or of its kitchen
	Invited bool     // it has not chosen a password yet, and still can
	Lacks   bool     // a second factor its role must have
}

// HasFactor tells whether the login has a second factor.
func (l AdminUserLine) HasFactor() bool { return !l.Factor.IsZero() }

func (s *Server) adminUsers(w http.ResponseWriter, r *http.Request) error {
	all, err := s.store.StaffUsers(act(r))
	if err != nil {
		return err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	roles, err := s.store.FactorRoles()
	if err != nil {
		return err
	}
	p := AdminUsersPage{Page: s.newPage(r, "admin.users.title"), Roles: roles}
	for _, u := range all {
		p.Users = append(p.Users, AdminUserLine{User: u, URL: s.to("admin.user", u.Login), Role: "role." + string(u.Role),
			Places: placesOf(town, u), Invited: s.store.Now().Before(u.Invite.Until),
			Lacks: u.Factor.IsZero() && slices.Contains(roles, u.Role)})
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "admin/users", p)
}

// placesOf names the schools or the kitchen a login works for.
func placesOf(town store.Town, u store.User) (names []string) {
	for _, school := range town.Schools {
		if slices.Contains(u.Schools, school.Code) {
			names = append(names, school.Name)
		}
	}
	for _, kitchen := range town.Kitchens {
		if u.Kitchen == kitchen.Code {
			names = append(names, kitchen.Name)
		}
	}
	return names
}

// AdminUserPage adds or changes a login. Page name "admin/user".
type AdminUserPage struct {
	render.Page
	FormID  string
	New     bool
	Self    bool
	Whose   store.User
	Action  string
	Login   render.Field
	Name    render.Field
	Email   render.Field
	Role    render.Field
	Kitchen render.Field
	Schools []render.Field
	Log     string // address of what this login has done
}

// HasFactor tells whether the login has a second factor.
func (p *AdminUserPage) HasFactor() bool { return !p.Whose.Factor.IsZero() }

// schoolField begins the names of the boxes of the schools.
const schoolField = "school-"

func (p *AdminUserPage) fields() officeForm {
	form := officeForm{&p.Login, &p.Name, &p.Email, &p.Role, &p.Kitchen}
	for i := range p.Schools {
		form = append(form, &p.Schools[i])
	}
	return form
}

// adminUserPage prepares the form; login is empty for a new one.
func (s *Server) adminUserPage(r *http.Request, login string) (*AdminUserPage, error) {
	p := &AdminUserPage{FormID: newFormID(), New: login == "", Action: s.to("admin.user.add")}
	title := "admin.user.newTitle"
	if !p.New {
		var err error
		if p.Whose, err = s.store.StaffUser(act(r), login); err != nil {
			return nil, err
		}
		title, p.Action = "admin.user.title", s.to("admin.user.save", p.Whose.Login)
		p.Self = p.Whose.Login == stateOf(r).actor.Login
		p.Log = s.to("admin.log") + "?actor=" + urlQuery(p.Whose.Login)
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	p.Page = s.newPage(r, title, render.Crumb{Label: "admin.nav.users", URL: s.to("admin.users")}, render.Crumb{Label: title})
	u := p.Whose
	p.Login = render.Field{Name: "login", Label: "admin.user.login", Hint: "admin.user.loginHint", Value: u.Login, MaxLength: 100, ReadOnly: !p.New, Autocomplete: "off"}
	p.Name = render.Field{Name: "name", Label: "admin.user.name", Value: u.Name, MaxLength: 80, Autocomplete: "off"}
	p.Email = render.Field{Name: "email", Type: render.TypeEmail, Label: "admin.user.email", Hint: "admin.user.emailHint", Value: u.Email, MaxLength: 200, Optional: true, Autocomplete: "off"}
	p.Role = render.Field{Name: "role", Type: render.TypeSelect, Label: "admin.user.role", Options: []render.Option{{Text: "admin.user.choose"}}}
	for _, role := range staff.roles {
		p.Role.Options = append(p.Role.Options, render.Option{Value: string(role), Text: "role." + string(role)})
	}
	pick(&p.Role, string(u.Role))
	p.Kitchen = render.Field{Name: "kitchen", Type: render.TypeSelect, Label: "admin.user.kitchen", Hint: "admin.user.kitchenHint", Optional: true,
		Options: []render.Option{{Text: "admin.user.none"}}}
	for _, k := range town.Kitchens {
		p.Kitchen.Options = append(p.Kitchen.Options, render.Option{Value: k.Code, Text: k.Name})
	}
	pick(&p.Kitchen, u.Kitchen)
	for _, school := range town.Schools {
		p.Schools = append(p.Schools, render.Field{Name: schoolField + school.Code, Type: render.TypeCheckbox, Label: school.Name, Optional: true,
			Checked: slices.Contains(u.Schools, school.Code)})
	}
	return p, nil
}

// posted is the login the form describes: the places its role has no use for are
// left out.
func (p *AdminUserPage) posted() store.User {
	u := store.User{Login: p.Login.Value, Name: p.Name.Value, Email: fieldOf(&p.Email, canteen.ParseEmail)}
	u.Role = fieldOf(&p.Role, canteen.ParseRole)
	switch u.Role {
	case canteen.RoleKitchen:
		u.Kitchen = p.Kitchen.Value
	case canteen.RoleSchool, canteen.RoleRefectory:
		for _, f := range p.Schools {
			if f.Checked {
				u.Schools = append(u.Schools, strings.TrimPrefix(f.Name, schoolField))
			}
		}
	}
	return u
}

// places says beside the question what the role of a login lacks.
func (p *AdminUserPage) places(u store.User) {
	switch u.Role {
	case canteen.RoleKitchen:
		if u.Kitchen == "" {
			p.Kitchen.Error = render.Msg("admin.user.kitchenNeeded")
		}
	case canteen.RoleSchool, canteen.RoleRefectory:
		if len(u.Schools) == 0 && len(p.Schools) > 0 {
			p.Schools[0].Error = render.Msg("admin.user.schoolsNeeded")
		}
	}
}

func (s *Server) adminUserNew(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminUserPage(r, "")
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "admin/user", p)
}

// adminUserAdd adds a login and shows its invitation.
func (s *Server) adminUserAdd(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminUserPage(r, "")
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	u := p.posted()
	p.places(u)
	if form.missing(); !form.wrong() {
		secret, link := s.newInvite()
		if err = s.store.InviteUser(formAct(r), u, secret, link); err == nil {
			return s.shown(w, r, ShownInvite, u.Login, link)
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "admin/user", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "admin/user", p)
}

// newInvite draws the word of an invitation and its link.
func (s *Server) newInvite() (secret, link string) {
	secret = strings.ToLower(rand.Text())
	return secret, s.opt.PublicURL + s.to("login.invite", secret)
}

func (s *Server) adminUser(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminUserPage(r, routeVar(r, "login"))
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "admin/user", p)
}

func (s *Server) adminUserSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminUserPage(r, routeVar(r, "login"))
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	p.Login.Value = p.Whose.Login
	u := p.posted()
	p.places(u)
	if form.missing(); !form.wrong() {
		if err = s.store.PlaceUser(formAct(r), u); err == nil {
			return s.adminDone(w, r, "flash.admin.saved", s.to("admin.user", u.Login))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "admin/user", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "admin/user", p)
}

func (s *Server) adminDone(w http.ResponseWriter, r *http.Request, flash, to string) error {
	s.flash(w, flash)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (s *Server) adminUserSwitch(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	disabled := r.PostForm.Get("disabled") == "1"
	if err := s.store.SwitchUser(formAct(r), routeVar(r, "login"), disabled); err != nil {
		return err
	}
	flash := "flash.admin.enabled"
	if disabled {
		flash = "flash.admin.disabled"
	}
	return s.adminDone(w, r, flash, s.to("admin.user", routeVar(r, "login")))
}

// adminUserInvite takes the password away and shows a new invitation.
func (s *Server) adminUserInvite(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	secret, link := s.newInvite()
	if err := s.store.ReinviteUser(formAct(r), routeVar(r, "login"), secret, link); err != nil {
		return err
	}
	return s.shown(w, r, ShownInvite, routeVar(r, "login"), link)
}
