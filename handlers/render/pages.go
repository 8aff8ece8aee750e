package render

import (
	"net/http"

	"refettorio/canteen"
)

// ErrorPage says what happened, why, and what to do. Page name "error".
type ErrorPage struct {
	Page
	Status    int
	What      Message
	Why       Message
	Do        Message
	Reference string // to be told on the phone; finds the line in the log
}

// NewErrorPage fills an error page with the words of an HTTP status. The caller
// may put a more precise What, Why or Do in their place.
func NewErrorPage(p Page, status int, reference string) ErrorPage {
	e := ErrorPage{Page: p, Status: status, Reference: reference}
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		e.What, e.Why, e.Do = Msg("error.page.invalid.what"), Msg("error.page.invalid.why"), Msg("error.page.invalid.do")
	case http.StatusUnauthorized:
		e.What, e.Why, e.Do = Msg("error.page.login.what"), Msg("error.page.login.why"), Msg("error.page.login.do")
	case http.StatusForbidden:
		e.What, e.Why, e.Do = Msg("error.page.forbidden.what"), Msg("error.page.forbidden.why"), Msg("error.page.forbidden.do")
	case http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed:
		e.What, e.Why, e.Do = Msg("error.page.notFound.what"), Msg("error.page.notFound.why"), Msg("error.page.notFound.do")
	case http.StatusConflict:
		e.What, e.Why, e.Do = Msg("error.page.conflict.what"), Msg("error.page.conflict.why"), Msg("error.page.conflict.do")
	case http.StatusRequestEntityTooLarge:
		e.What, e.Why, e.Do = Msg("error.page.tooLarge.what"), Msg("error.page.tooLarge.why"), Msg("error.page.tooLarge.do")
	case http.StatusTooManyRequests:
		e.What, e.Why, e.Do = Msg("error.page.tooMany.what"), Msg("error.page.tooMany.why"), Msg("error.page.tooMany.do")
	case http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		e.What, e.Why, e.Do = Msg("error.page.unavailable.what"), Msg("error.page.unavailable.why"), Msg("error.page.unavailable.do")
	default:
		e.What, e.Why, e.Do = Msg("error.page.internal.what"), Msg("error.page.internal.why"), Msg("error.page.internal.do")
	}
	e.Title = e.What.Key
	return e
}

// LoginPage asks who you are. Page name "login".
type LoginPage struct {
	Page
	Login    Field
	Password Field
	Next     string         // where to go afterwards: a path of ours
	Identity []IdentityLink // the gateways of digital identities (SPID, CIE)
}

// IdentityLink is the button of one gateway; Label is a text of the settings.
type IdentityLink struct {
	Label string
	URL   string
}

// NewLoginPage prepares the two questions.
func NewLoginPage(p Page, next string) LoginPage {
	p.Title = "login.title"
	return LoginPage{
		Page:     p,
		Next:     next,
		Login:    Field{Name: "login", Label: "login.user", Hint: "login.userHint", Autocomplete: "username", MaxLength: 200},
		Password: Field{Name: "password", Type: TypePassword, Label: "login.password", Autocomplete: "current-password", MaxLength: 200},
	}
}

// HomePage is the public face: what one can do, and until when today. Page name
// "home".
type HomePage struct {
	Page
	Service   bool         // somebody eats today
	Cutoff    Countdown    // of today, when Service
	Next      canteen.Date // the next service day, when not Service; zero if unknown
	Refectory bool         // who looks works in a refectory
	Links     []NavItem    // further public pages: guide, notices, verification, state of the service
}
