package handlers

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// A desk user acts for a family through the family's own routes and handlers
// (mission 7): each is registered a second time under the person, for the desk.
// The handlers run unchanged on a copy of the Server that knows the person.
const (
	familyPrefix = "/famiglia"
	actingPrefix = "/sportello/per/{persona}"
	actingName   = "desk."
)

// person is whom a desk user acts for.
type person struct {
	handle string
	name   string
	born   int // year, 0 if unknown
}

// actingRoutes are the desk's rows of every family route of a table. What shows
// a certificate stays shut at the desk (design §12).
func actingRoutes(own []route) (rows []route) {
	for _, row := range own {
		if !strings.HasPrefix(row.path, familyPrefix) || row.audience.everybody {
			continue
		}
		do := row.do
		if row.method == http.MethodGet && showsCertificate(row.path) {
			do = (*Server).deskNoCertificate
		}
		rows = append(rows, route{row.method, actingPrefix + row.path, actingName + row.name, desks, acting(do)})
	}
	return rows
}

// showsCertificate tells the addresses that hand out a document about somebody's
// health.
func showsCertificate(path string) bool {
	return strings.Contains(path, "certificat") || strings.Contains(path, "{documento}")
}

func (s *Server) deskNoCertificate(http.ResponseWriter, *http.Request) error {
	return canteen.Refuse(canteen.KindForbidden, "error.desk.certificate")
}

// acting runs a handler for the person in the address. Its failures are answered
// inside as well, so that the banner stays.
func acting(do func(*Server, http.ResponseWriter, *http.Request) error) func(*Server, http.ResponseWriter, *http.Request) error {
	return func(s *Server, w http.ResponseWriter, r *http.Request) error {
		inside, err := s.onBehalf(r)
		if err != nil {
			return err
		}
		if err := do(inside, w, r); err != nil {
			inside.fail(w, r, err)
		}
		return nil
	}
}

// onBehalf makes the request one of the desk user for a person, and returns the
// copy of the Server that stays inside the person's pages. KindNotFound when the
// handle is nobody's.
func (s *Server) onBehalf(r *http.Request) (*Server, error) {
	st, handle := stateOf(r), routeVar(r, "persona")
	visit := st.actor.Login + " " + handle
	g, err := s.store.DeskPerson(act(r), handle, s.visits.opens(visit))
	if err != nil {
		s.visits.forget(visit)
		return nil, err
	}
	st.actor.Guardian, st.behalf = g.ID, strings.TrimSpace(g.Name+" "+g.Surname)
	inside := *s
	inside.behalf = &person{handle: handle, name: st.behalf, born: bornYear(g.CodiceFiscale, s.today())}
	return &inside, nil
}

// bornYear is the year of birth in a person's code; 0 when it has none.
func bornYear(cf canteen.CodiceFiscale, today canteen.Date) int {
	if born, ok := cf.Born(today); ok {
		return born.Year()
	}
	return 0
}

// inside turns the name and parameters of a family route into those of its twin
// at the desk, on a copy that acts for somebody.
func (s *Server) inside(name string, params []string) (string, []string) {
	if s.behalf == nil || s.vars[actingName+name] == nil {
		return name, params
	}
	return actingName + name, append([]string{s.behalf.handle}, params...)
}

// actingPage gives a page of the acting desk user the family's navigation and
// the banner.
func (s *Server) actingPage(r *http.Request, p *render.Page) {
	if s.behalf == nil {
		return
	}
	p.Nav = s.nav(canteen.RoleGuardian, r.URL.Path)
	p.Behalf = &render.Behalf{Name: s.behalf.name, Born: s.behalf.born, EndURL: s.to("desk.home"), NoteURL: s.to("desk.paper", s.behalf.handle)}
}

// within keeps the addresses that templates write inside the person's pages. In
// a page a quote that is not an attribute's is always written as an entity, so
// only addresses are changed.
func (s *Server) within(w io.Writer) io.Writer {
	if s.behalf == nil {
		return w
	}
	prefix := strings.Replace(actingPrefix, "{persona}", s.behalf.handle, 1)
	return &moved{w: w, old: []byte(`="` + familyPrefix), new: []byte(`="` + prefix + familyPrefix)}
}

// moved rewrites what it is given; a page comes in one piece.
type moved struct {
	w        io.Writer
	old, new []byte
}

// Write passes a page on with its addresses moved.
func (m *moved) Write(b []byte) (int, error) {
	if _, err := m.w.Write(bytes.ReplaceAll(b, m.old, m.new)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// visitLasts is how long a person stays open at the desk: who comes back later
// opens it again, and the register of accesses has another line.
const visitLasts = 30 * time.Minute

// maxVisits bounds the memory of visits.
const maxVisits = 10_000

// visits remembers which desk user has which person open, so that the register
// of accesses gets one line per opening and not one per click.
type visits struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func newVisits() *visits { return &visits{last: map[string]time.Time{}} }

// opens notes a look and tells whether it opens the person anew.
func (v *visits) opens(key string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := time.Now()
	if len(v.last) >= maxVisits {
		for k, at := range v.last {
			if now.Sub(at) > visitLasts {
				delete(v.last, k)
			}
		}
		if len(v.last) >= maxVisits {
			clear(v.last)
		}
	}
	at, open := v.last[key]
	v.last[key] = now
	return !open || now.Sub(at) > visitLasts
}

// forget takes back an opening that did not happen.
func (v *visits) forget(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.last, key)
}
