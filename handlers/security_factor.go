package handlers

import (
	"encoding/base32"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SecurityCodePage asks for the code of the second factor. Page name
// "security/code".
type SecurityCodePage struct {
	render.Page
	Code render.Field
	Next string
}

// SecurityFactorPage sets the second factor up, or shows that there is one. Page
// name "security/factor".
type SecurityFactorPage struct {
	render.Page
	FormID   string
	Forced   bool // in the middle of a login: the role must have one
	Have     bool
	Required bool
	Whose    store.User
	Next     string
	Secret   string   // base32
	Words    []string // the secret in groups of four, to type by hand
	QR       string   // the data of an SVG path over QRSize × QRSize modules
	QRSize   int
	Code     render.Field
}

// SecurityRecoveryPage shows the recovery codes, once. Page name
// "security/recovery".
type SecurityRecoveryPage struct {
	render.Page
	Codes []string
	URL   string // where to go on to
}

// Action is where the form goes.
func (p *SecurityFactorPage) Action() string {
	if p.Forced {
		return "login.factor.submit"
	}
	return "profile.factor.submit"
}

func factorField() render.Field {
	return render.Field{Name: "code", Label: "security.code", Hint: "security.codeHint", Autocomplete: "one-time-code", MaxLength: 24, Short: true}
}

// secondStep is the page a login goes through after the password; empty when
// there is none.
func (s *Server) secondStep(u store.User) (string, error) {
	if !u.Factor.IsZero() {
		return s.to("login.code"), nil
	}
	roles, err := s.store.FactorRoles()
	if err == nil && slices.Contains(roles, u.Role) {
		return s.to("login.factor"), nil
	}
	return "", err
}

// halfway returns the user of a half session; KindUnauthenticated when there is
// none, or the user has changed since.
func (s *Server) halfway(r *http.Request) (store.User, error) {
	one := s.sessionOf(r)
	if one.Half {
		if u, err := s.store.User(one.Login); err == nil && !u.Disabled && u.Epoch == one.Epoch {
			return u, nil
		}
	}
	return store.User{}, canteen.Refuse(canteen.KindUnauthenticated, "error.half")
}

func (s *Server) codePage(r *http.Request) SecurityCodePage {
	return SecurityCodePage{Page: s.newPage(r, "security.code.title"), Code: factorField(), Next: localPath(r.FormValue("next"))}
}

func (s *Server) loginCode(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.halfway(r); err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "security/code", s.codePage(r))
}

func (s *Server) loginCodeSubmit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.halfway(r)
	if err != nil {
		return err
	}
	p := s.codePage(r)
	if u.Factor.IsZero() {
		return canteen.Refuse(canteen.KindUnauthenticated, "error.half")
	}
	if !s.factors.allow("code:" + u.Login) {
		return s.codeRefused(w, r, p, http.StatusTooManyRequests, render.Msg("security.code.throttled"))
	}
	switch err := s.store.PassFactor(act(r), u.Login, r.PostFormValue("code")); canteen.KindOf(err) {
	case canteen.KindInvalid:
		if err := s.store.RecordLogin(store.Login{Login: u.Login, Provider: byFactor, Address: s.client(r), Refused: true}); err != nil {
			return err
		}
		return s.codeRefused(w, r, p, http.StatusUnprocessableEntity, render.Msg("error.factor.code"))
	default:
		if err != nil {
			return err
		}
	}
	return s.passed(w, r, u, p.Next)
}

func (s *Server) codeRefused(w http.ResponseWriter, r *http.Request, p SecurityCodePage, status int, said render.Message) error {
	p.Code.Error = said
	p.Problems = render.Problems(p.Code)
	return s.page(w, r, status, "security/code", p)
}

// passed ends a login whose second factor was right.
func (s *Server) passed(w http.ResponseWriter, r *http.Request, u store.User, next string) error {
	if err := s.letIn(r, u, byFactor); err != nil {
		return err
	}
	if next == "" {
		next = s.front(u.Role)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// factorPage prepares the set-up of a second factor. The secret is the form's
// own until a first code of the app has proved it: nothing is kept before.
func (s *Server) factorPage(r *http.Request, u store.User, secret string) (*SecurityFactorPage, error) {
	roles, err := s.store.FactorRoles()
	if err != nil {
		return nil, err
	}
	p := &SecurityFactorPage{Page: s.newPage(r, "security.factor.title"), FormID: newFormID(), Have: !u.Factor.IsZero(), Whose: u,
		Required: slices.Contains(roles, u.Role), Next: localPath(r.FormValue("next")), Secret: secret, Code: factorField()}
	for group := range slices.Chunk([]byte(secret), 4) {
		p.Words = append(p.Words, string(group))
	}
	if !p.Have {
		p.Code.Hint = "security.factor.firstCode"
		p.QR, p.QRSize, err = qrPath(s.factorURL(u.Login, secret))
	}
	return p, err
}

// factorURL is what the app reads out of the QR code.
func (s *Server) factorURL(login, secret string) string {
	issuer := s.opt.Town.Service + " " + s.opt.Town.Name
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {strconv.Itoa(canteen.TOTPDigits)},
		"period": {strconv.Itoa(int(canteen.TOTPPeriod.Seconds()))}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+login) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// qrPath draws a QR code as the data of an SVG path, a square a module, with the
// quiet border of four that the standard asks for.
func qrPath(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, err
	}
	const border = 4
	side := code.Bounds().Dx()
	var b strings.Builder
	for y := range side {
		for x := range side {
			if red, _, _, _ := code.At(x, y).RGBA(); red == 0 {
				b.WriteString("M" + strconv.Itoa(x+border) + " " + strconv.Itoa(y+border) + "h1v1h-1z")
			}
		}
	}
	return b.String(), side + 2*border, nil
}

// postedSecret is the secret of a posted form, or a new one when it is none.
func postedSecret(r *http.Request) string {
	secret := r.PostFormValue("secret")
	if b, err := base32.StdEncoding.DecodeString(secret); err != nil || len(b) != canteen.TOTPSecretSize {
		return store.NewFactorSecret()
	}
	return secret
}

func (s *Server) loginFactor(w http.ResponseWriter, r *http.Request) error {
	u, err := s.halfway(r)
	if err != nil {
		return err
	}
	if !u.Factor.IsZero() {
		return canteen.Refuse(canteen.KindUnauthenticated, "error.half")
	}
	p, err := s.factorPage(r, u, store.NewFactorSecret())
	if err != nil {
		return err
	}
	p.Forced = true
	return s.noStore(w, r, http.StatusOK, "security/factor", p)
}

func (s *Server) loginFactorSubmit(w http.ResponseWriter, r *http.Request) error {
	u, err := s.halfway(r)
	if err != nil {
		return err
	}
	return s.setFactor(w, r, u, true)
}

func (s *Server) profileFactor(w http.ResponseWriter, r *http.Request) error {
	p, err := s.factorPage(r, *stateOf(r).user, store.NewFactorSecret())
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.noStore(w, r, http.StatusOK, "security/factor", p)
}

func (s *Server) profileFactorSubmit(w http.ResponseWriter, r *http.Request) error {
	return s.setFactor(w, r, *stateOf(r).user, false)
}

// setFactor proves and keeps a second factor, and shows the recovery codes. In
// the middle of a login it also ends it.
func (s *Server) setFactor(w http.ResponseWriter, r *http.Request, u store.User, forced bool) error {
	p, err := s.factorPage(r, u, postedSecret(r))
	if err != nil {
		return err
	}
	p.Forced = forced
	if !s.factors.allow("set:" + u.Login) {
		p.Code.Error = render.Msg("security.code.throttled")
		p.Problems = render.Problems(p.Code)
		return s.noStore(w, r, http.StatusTooManyRequests, "security/factor", p)
	}
	codes, err := s.store.SetFactor(act(r), u.Login, p.Secret, r.PostFormValue("code"))
	if err != nil {
		form := officeForm{&p.Code}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.noStore(w, r, http.StatusUnprocessableEntity, "security/factor", p)
	}
	shown := SecurityRecoveryPage{Page: s.newPage(r, "security.recovery.title"), Codes: codes, URL: s.to("profile.factor")}
	if forced {
		if err := s.letIn(r, u, byFactor); err != nil {
			return err
		}
		if shown.URL = p.Next; shown.URL == "" {
			shown.URL = s.front(u.Role)
		}
	}
	return s.noStore(w, r, http.StatusOK, "security/recovery", shown)
}

// noStore answers with a page that holds a secret: no cache may keep it.
func (s *Server) noStore(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	w.Header().Set("Cache-Control", "no-store")
	return s.page(w, r, status, name, data)
}

func (s *Server) profileFactorDrop(w http.ResponseWriter, r *http.Request) error {
	u := *stateOf(r).user
	p, err := s.factorPage(r, u, store.NewFactorSecret())
	if err != nil {
		return err
	}
	if !s.factors.allow("code:" + u.Login) {
		p.Code.Error = render.Msg("security.code.throttled")
		p.Problems = render.Problems(p.Code)
		return s.noStore(w, r, http.StatusTooManyRequests, "security/factor", p)
	}
	if err := s.store.DropFactor(act(r), r.PostFormValue("code")); err != nil {
		form := officeForm{&p.Code}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.noStore(w, r, http.StatusUnprocessableEntity, "security/factor", p)
	}
	s.flash(w, "flash.security.dropped")
	http.Redirect(w, r, s.to("profile.factor"), http.StatusSeeOther)
	return nil
}
