package handlers

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AdminTokensPage lists the keys of the API and makes new ones. Page name
// "admin/tokens".
type AdminTokensPage struct {
	render.Page
	FormID string
	Tokens []AdminTokenLine
	Name   render.Field
	Scopes []render.Field
	Days   render.Field
}

// AdminTokenLine is one key.
type AdminTokenLine struct {
	store.Token
	Scopes  []string // message keys
	Expired bool
	Revoke  string
}

// Until is the last day of the key; zero when it has none.
func (l AdminTokenLine) Until() canteen.Date {
	if l.Expires.IsZero() {
		return 0
	}
	return canteen.DateOf(l.Expires)
}

// Begun is the day the key was made.
func (l AdminTokenLine) Begun() canteen.Date { return canteen.DateOf(l.Since) }

// AdminShownPage shows once what nobody can see again: the link of an invitation
// or the secret of a key. Page name "admin/shown".
type AdminShownPage struct {
	render.Page
	What, For, Secret string
	Back              string
}

// What an AdminShownPage may show.
const (
	ShownInvite = "invite"
	ShownToken  = "token"
)

// Invite tells whether the page shows the link of an invitation.
func (p AdminShownPage) Invite() bool { return p.What == ShownInvite }

// shown answers with a secret: not kept by any cache, and gone with the page.
func (s *Server) shown(w http.ResponseWriter, r *http.Request, what, whose, secret string) error {
	title, back := "admin.shown.invite", s.to("admin.users")
	if what == ShownToken {
		title, back = "admin.shown.token", s.to("admin.tokens")
	}
	return s.noStore(w, r, http.StatusOK, "admin/shown", AdminShownPage{Page: s.newPage(r, title), What: what, For: whose, Secret: secret, Back: back})
}

// tokenDays are the lives a key may be given; none lives for ever.
var tokenDays = []int{30, 90, 365}

func (s *Server) adminTokensPage(r *http.Request) (*AdminTokensPage, error) {
	all, err := s.store.Tokens(act(r))
	if err != nil {
		return nil, err
	}
	p := &AdminTokensPage{Page: s.newPage(r, "admin.tokens.title"), FormID: newFormID(),
		Name: render.Field{Name: "name", Label: "admin.token.name", Hint: "admin.token.nameHint", MaxLength: 40, Autocomplete: "off"},
		Days: render.Field{Name: "days", Type: render.TypeSelect, Label: "admin.token.days", Short: true}}
	for _, t := range all {
		line := AdminTokenLine{Token: t, Expired: !t.Expires.IsZero() && t.Expires.Before(s.store.Now()), Revoke: s.to("admin.token.revoke", t.ID)}
		for _, scope := range t.Scopes {
			line.Scopes = append(line.Scopes, "admin.scope."+scope)
		}
		p.Tokens = append(p.Tokens, line)
	}
	for _, scope := range store.Scopes {
		p.Scopes = append(p.Scopes, render.Field{Name: "scope-" + scope, Type: render.TypeCheckbox, Label: "admin.scope." + scope, Optional: true})
	}
	for _, n := range tokenDays {
		p.Days.Options = append(p.Days.Options, render.Option{Value: strconv.Itoa(n), Text: "admin.days." + strconv.Itoa(n)})
	}
	pick(&p.Days, "365")
	return p, nil
}

func (s *Server) adminTokens(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminTokensPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "admin/tokens", p)
}

// adminTokenAdd makes a key and shows its secret.
func (s *Server) adminTokenAdd(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminTokensPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Name, &p.Days}
	for i := range p.Scopes {
		form = append(form, &p.Scopes[i])
	}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	t := store.Token{Name: p.Name.Value}
	for _, f := range p.Scopes {
		if f.Checked {
			t.Scopes = append(t.Scopes, strings.TrimPrefix(f.Name, "scope-"))
		}
	}
	if len(t.Scopes) == 0 {
		p.Scopes[0].Error = render.Msg("admin.token.scopesNeeded")
	}
	days := fieldOf(&p.Days, func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 365 {
			return 0, canteen.Invalid("days", "error.form")
		}
		return n, nil
	})
	if form.missing(); form.wrong() {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "admin/tokens", p)
	}
	t.Expires = s.store.Now().Add(time.Duration(days) * 24 * time.Hour).Truncate(time.Second)
	secret, err := s.store.AddTokenSecret(formAct(r), t, store.TokenPrefix+strings.ToLower(rand.Text()))
	if err != nil {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "admin/tokens", p)
	}
	return s.shown(w, r, ShownToken, t.Name, secret)
}

func (s *Server) adminTokenRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.RevokeToken(act(r), routeVar(r, "token")); err != nil {
		return err
	}
	return s.adminDone(w, r, "flash.admin.revoked", s.to("admin.tokens"))
}

// AdminSafetyPage says which roles must have a second factor. Page name
// "admin/safety".
type AdminSafetyPage struct {
	render.Page
	FormID string
	Roles  []render.Field
}

func (s *Server) adminSafetyPage(r *http.Request) (*AdminSafetyPage, error) {
	roles, err := s.store.FactorRoles()
	if err != nil {
		return nil, err
	}
	p := &AdminSafetyPage{Page: s.newPage(r, "admin.safety.title"), FormID: newFormID()}
	for _, role := range staff.roles {
		f := render.Field{Name: "role-" + string(role), Type: render.TypeCheckbox, Label: "role." + string(role), Optional: true}
		for _, have := range roles {
			f.Checked = f.Checked || have == role
		}
		p.Roles = append(p.Roles, f)
	}
	return p, nil
}

func (s *Server) adminSafety(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminSafetyPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "admin/safety", p)
}

func (s *Server) adminSafetySave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.adminSafetyPage(r)
	if err != nil {
		return err
	}
	form := officeForm{}
	for i := range p.Roles {
		form = append(form, &p.Roles[i])
	}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	roles := []canteen.Role{}
	for _, f := range p.Roles {
		if f.Checked {
			roles = append(roles, canteen.Role(strings.TrimPrefix(f.Name, "role-")))
		}
	}
	if err := s.store.SetFactorRoles(formAct(r), roles); err != nil {
		return err
	}
	return s.adminDone(w, r, "flash.admin.safety", s.to("admin.safety"))
}
