package handlers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/signin"
	"refettorio/store"
)

// profilePage is where a person gives and proves the contacts.
const profilePage = "/famiglia/profilo"

// underWay is what a browser keeps of a login under way: the ticket, at which
// provider, and where to go afterwards.
type underWay struct {
	Provider string        `json:"provider"`
	Ticket   signin.Ticket `json:"ticket"`
	Next     string        `json:"next,omitempty"`
}

// loginPage is the login page with the buttons of the identity providers.
func (s *Server) loginPage(r *http.Request, next string) render.LoginPage {
	p := render.NewLoginPage(s.newPage(r, ""), next)
	for _, provider := range s.opt.Providers {
		link := render.IdentityLink{Label: provider.Label(), URL: s.to("signin", provider.Name())}
		if next != "" {
			link.URL += "?next=" + urlQuery(next)
		}
		p.Identity = append(p.Identity, link)
	}
	return p
}

func (s *Server) provider(name string) (*signin.Provider, error) {
	for _, p := range s.opt.Providers {
		if p.Name() == name {
			return p, nil
		}
	}
	return nil, canteen.Refuse(canteen.KindNotFound, "error.notFound")
}

// signin sends a browser to the provider. It writes nothing but the browser's
// own cookie.
func (s *Server) signin(w http.ResponseWriter, r *http.Request) error {
	p, err := s.provider(routeVar(r, "fornitore"))
	if err != nil {
		return err
	}
	ticket, to, err := p.Begin(r.Context(), s.opt.PublicURL+s.to("signin.back", p.Name()))
	if err != nil {
		return err
	}
	way := underWay{Provider: p.Name(), Ticket: ticket, Next: localPath(r.FormValue("next"))}
	s.setTicket(w, s.sealTicket(way), int(signin.TicketLife/time.Second))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// signinBack lets in whom the provider vouches for.
func (s *Server) signinBack(w http.ResponseWriter, r *http.Request) error {
	p, err := s.provider(routeVar(r, "fornitore"))
	if err != nil {
		return err
	}
	way := s.openTicket(r)
	s.setTicket(w, "", -1)
	w.Header().Set("Cache-Control", "no-store")
	if way.Provider != p.Name() {
		return canteen.Refuse(canteen.KindUnauthenticated, "error.signin.refused")
	}
	who, err := p.Finish(r.Context(), way.Ticket, r.URL.Query())
	if err != nil {
		s.log.Warn("sign-in refused", "ref", stateOf(r).reference(), "provider", p.Name(), "error", err)
		return errors.Join(err, s.store.RecordLogin(store.Login{Provider: p.Name(), Address: s.client(r), Refused: true}))
	}
	u, err := s.store.SignIn(act(r), store.Vouched{Provider: who.Provider, CodiceFiscale: who.CodiceFiscale, Foreign: who.Foreign,
		Surname: who.Surname, Name: who.Name, Email: who.Email, Phone: who.Phone, ACR: who.ACR, Message: who.Message,
		Address: maskAddress(s.client(r))})
	if err != nil {
		return err
	}
	if err := s.store.RecordLogin(store.Login{Login: u.Login, Provider: p.Name(), ACR: who.ACR, Message: who.Message, Address: s.client(r)}); err != nil {
		return err
	}
	if err := s.begin(r, u, p.Name()); err != nil {
		return err
	}
	to, err := s.afterSignin(u, way.Next)
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// afterSignin is where a person lands: first at the contacts, when they are
// missing (rules R1.7), else where it was going (R1.8).
func (s *Server) afterSignin(u store.User, next string) (string, error) {
	needs, err := s.store.NeedsContacts(store.Act{Actor: u.Actor()})
	switch {
	case err != nil:
		return "", err
	case needs && next != "":
		return profilePage + "?next=" + urlQuery(next), nil
	case needs:
		return profilePage, nil
	case next != "":
		return next, nil
	}
	return s.front(u.Role), nil
}

// logoutAt is where a browser goes after its session has ended here.
func (s *Server) logoutAt(provider string) string {
	if p, err := s.provider(provider); err == nil {
		if to := p.LogoutURL(s.opt.PublicURL + s.to("home")); to != "" {
			return to
		}
	}
	return s.to("home")
}

// policyWithProviders lets the logout button lead on to the providers: browsers
// hold the redirect of a form against form-action.
func (s *Server) policyWithProviders() string {
	actions := "form-action 'self'"
	for _, p := range s.opt.Providers {
		if origin := p.LogoutOrigin(); origin != "" {
			actions += " " + origin
		}
	}
	return strings.Replace(policy, "form-action 'self'", actions, 1)
}

func (s *Server) ticketCookie() string {
	if s.opt.Secure {
		return "__Host-signin"
	}
	return "signin"
}

// setTicket keeps a login under way in the browser that began it. Lax: the
// provider's redirect must bring it back.
func (s *Server) setTicket(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: s.ticketCookie(), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

func (s *Server) sealTicket(way underWay) string {
	body, err := json.Marshal(way)
	if err != nil {
		panic("handlers: a ticket that is not JSON: " + err.Error())
	}
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + s.ticketMark(text)
}

func (s *Server) ticketMark(text string) string {
	mac := hmac.New(sha256.New, s.tickets[:])
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// openTicket reads the browser's login under way; the zero one when there is
// none or it is not ours.
func (s *Server) openTicket(r *http.Request) (way underWay) {
	c, err := r.Cookie(s.ticketCookie())
	if err != nil {
		return way
	}
	text, mark, ok := strings.Cut(c.Value, ".")
	if !ok || !hmac.Equal([]byte(mark), []byte(s.ticketMark(text))) {
		return way
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(body, &way)
	}
	if err != nil {
		return underWay{}
	}
	return way
}
