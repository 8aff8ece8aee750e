package handlers

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// Cookies that are not the session: the chosen language and what is said once
// after an action. Neither is a secret.
const (
	langCookie  = "lang"
	flashCookie = "flash"
)

// langOf is the language of an answer: the person's choice, then the browser's.
func (s *Server) langOf(r *http.Request) string {
	st := stateOf(r)
	if st.lang == "" {
		choice := ""
		if c, err := r.Cookie(langCookie); err == nil {
			choice = c.Value
		}
		st.lang = s.catalog.Negotiate(choice, r.Header.Get("Accept-Language"))
	}
	return st.lang
}

// language keeps a person's choice of language and returns to the page.
func (s *Server) language(w http.ResponseWriter, r *http.Request) error {
	choice := s.catalog.Negotiate(routeVar(r, "lang"), "")
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: choice, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
	to := localPath(r.FormValue("next"))
	if to == "" {
		to = s.to("home")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// newPage fills what every page knows. title is a message key.
func (s *Server) newPage(r *http.Request, title string, crumbs ...render.Crumb) render.Page {
	st := stateOf(r)
	p := render.Page{Title: title, Lang: s.langOf(r), Town: s.opt.Town, Now: s.store.Now(), Path: r.URL.Path, Crumbs: crumbs}
	for _, l := range s.catalog.Languages() {
		p.Langs = append(p.Langs, render.LangLink{Language: l, Active: l.Code == p.Lang,
			URL: s.to("language", l.Code) + "?next=" + urlQuery(r.URL.RequestURI())})
	}
	if st.user != nil {
		p.User = &render.User{Name: st.user.Name, Role: "role." + string(st.user.Role), URL: s.ownPage(st.user.Role)}
		p.Nav = s.nav(st.user.Role, r.URL.Path)
	}
	p.Town.AppointmentsURL = s.appointmentsURL(st)
	s.actingPage(r, &p)
	return p
}

// area is the part of the web a role works in: its first page, by the name of its
// route, and its navigation, in the words families know (mission 12).
type area struct {
	front string
	nav   [][2]string
}

// areas tells each role's area; a role without one has the public home.
var areas = map[canteen.Role]area{
	canteen.RoleGuardian: {"family.home", familyNav},
	canteen.RoleDelegate: {"family.home", familyNav},
	canteen.RoleDesk:     {"desk.home", deskNav},
	canteen.RoleOffice:   {"office.home", officeNav},
	canteen.RoleDiets:    {"diet.home", dietNav},
	canteen.RoleSchool:   {"school.home", schoolNav},
	canteen.RoleKitchen:  {"kitchen.home", kitchenNav},
	canteen.RoleAuditor:  {"audit.home", auditNav},
	canteen.RoleAdmin:    {"admin.users", adminNav},
}

// nav is the main navigation of a role.
func (s *Server) nav(role canteen.Role, path string) []render.NavItem {
	names := areas[role].nav
	items := make([]render.NavItem, 0, len(names))
	for _, n := range names {
		items = append(items, render.NavItem{Label: n[0], URL: s.to(n[1])})
	}
	if best := nearest(items, path); best >= 0 {
		items[best].Active = true
	}
	if role == canteen.RoleOffice {
		return grouped(items, officeGroups)
	}
	return items
}

// nearest is the entry that leads to a path, or closest above it; -1 for none.
func nearest(items []render.NavItem, path string) int {
	best := -1
	for i := range items {
		url := items[i].URL
		if (path == url || strings.HasPrefix(path, url+"/")) && (best < 0 || len(url) > len(items[best].URL)) {
			best = i
		}
	}
	return best
}

// navGroup gathers the next entries of a long navigation under a name.
type navGroup struct {
	label string
	size  int
}

// grouped puts the last entries of a navigation, in order, into groups.
func grouped(items []render.NavItem, groups []navGroup) []render.NavItem {
	first := len(items)
	for _, g := range groups {
		first -= g.size
	}
	out := slices.Clone(items[:first])
	for _, g := range groups {
		group := render.NavItem{Label: g.label, Items: items[first : first+g.size]}
		group.Active = anyActive(group.Items)
		out, first = append(out, group), first+g.size
	}
	return out
}

func anyActive(items []render.NavItem) bool {
	return slices.ContainsFunc(items, func(i render.NavItem) bool { return i.Active })
}

// front is the first page of a role.
func (s *Server) front(role canteen.Role) string {
	if a, ok := areas[role]; ok {
		return s.to(a.front)
	}
	return s.to("home")
}

// flashes are the message keys that may be said once after an action.
const flashPrefix = "flash."

// flash keeps a message for the next page. It is a key, so nothing a cookie
// holds is ever shown as it is.
func (s *Server) flash(w http.ResponseWriter, key string) {
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: key, Path: "/", MaxAge: 60, HttpOnly: true,
		Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

// takeFlash says the kept message on a page and forgets it.
func (s *Server) takeFlash(w http.ResponseWriter, r *http.Request, p *render.Page) {
	c, err := r.Cookie(flashCookie)
	if err != nil || !strings.HasPrefix(c.Value, flashPrefix) || !s.catalog.Has(c.Value) {
		return
	}
	p.Flash = &render.Flash{Kind: render.FlashSuccess, Text: s.catalog.T(p.Lang, c.Value)}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.opt.Secure, SameSite: http.SameSiteLaxMode})
}

// dayVar reads a date of the address or the query; a missing one is fallback.
func dayVar(r *http.Request, name string, fallback canteen.Date) (canteen.Date, error) {
	text := routeVar(r, name)
	if text == "" {
		text = r.FormValue(name)
	}
	if text == "" {
		return fallback, nil
	}
	d, err := canteen.ParseDate(text)
	if err != nil {
		return 0, canteen.Invalid(name, "error.date", text)
	}
	return d, nil
}

// today is the civil day of the service's clock.
func (s *Server) today() canteen.Date { return canteen.DateOf(s.store.Now()) }

// countdown is the time left until a cut-off.
func (s *Server) countdown(deadline time.Time) render.Countdown {
	return render.Countdown{Deadline: deadline, Now: s.store.Now()}
}
