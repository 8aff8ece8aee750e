package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// belongings is one of everything a family has: what the variables of addresses
// stand for, and what nobody else may read.
type belongings struct {
	name    string
	owner   string // login
	vars    map[string]string
	secrets []string
	pupils  []string // handles
}

// settled gives a family of the small town one of everything: an application, a
// diet request, an appointment, an invitation, a receipt, a delegate who may
// cancel and no more.
func (s *testServer) settled(owner, helper, pupil, school, class, surname string) belongings {
	s.t.Helper()
	act, pan := s.actOf(owner), s.pan(pupil)
	g, err := s.store.Myself(act)
	if err != nil {
		s.t.Fatal(err)
	}
	o := belongings{name: owner, owner: owner, pupils: []string{s.handle(pupil)}, vars: map[string]string{
		"pupil": s.handle(pupil), "persona": g.Person.Handle, "classe": school + "-" + class, "login": owner}}
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	invite := func(rights ...canteen.Right) string {
		s.t.Helper()
		must(s.store.Invite(act, store.InvitationRequest{Pupils: o.pupils, Guardian: len(rights) == 0, Rights: rights, Until: canteen.NewDate(2027, 6, 30)}))
		h, err := s.store.Household(act)
		must(err)
		last := h.Invitations[len(h.Invitations)-1]
		o.vars["invito"] = last.Handle
		return last.Code
	}
	must(s.store.AcceptInvitation(s.actOf(helper), invite(canteen.RightSee, canteen.RightCancel), "192.0.2.9"))
	friend, err := s.store.Myself(s.actOf(helper))
	must(err)
	o.vars["delegato"] = friend.Person.Handle
	invite()
	o.vars["domanda"] = s.applied(act, surname, school, class)
	o.vars["dieta"], err = s.store.OpenDiet(act, pan, store.DietAsk{Kind: canteen.DietHealth, Asked: "Parola segreta di " + owner,
		Document: store.Document{Media: "image/png", Bytes: certificatePNG(s.t)}})
	must(err)
	_, err = s.store.SendDiet(act, o.vars["dieta"])
	must(err)
	days, err := s.store.FreeTimes(act)
	must(err)
	i := slices.IndexFunc(days, func(d store.DeskDayTimes) bool { return len(d.Times) > 0 })
	a, err := s.store.BookAppointment(act, store.AppointmentRequest{Day: days[i].Day, At: days[i].Times[0], About: "other"})
	must(err)
	o.vars["appuntamento"] = a.Handle
	said, err := s.store.Communicate(act, store.CommunicationRequest{Pupils: []canteen.PAN{pan}, Kind: canteen.Absence, From: testDay.AddDays(7), To: testDay.AddDays(7)})
	must(err)
	o.vars["number"] = strings.Replace(said[0].Days[0].Receipt.String(), "/", "-", 1)
	sessions, err := s.store.SessionsOf(act)
	must(err)
	if len(sessions) > 0 {
		o.vars["sessione"] = sessions[0].ID
	}
	o.secrets = []string{pupil, surname, g.Person.Surname, string(g.Person.CodiceFiscale), pan.String(), "Parola segreta"}
	return o
}

// applied sends an application of a family for a new child with a surname of its
// own, and asks for the reduced tariff with it.
func (s *testServer) applied(act store.Act, surname, school, class string) string {
	s.t.Helper()
	town, err := s.store.Town(store.Console())
	if err != nil {
		s.t.Fatal(err)
	}
	cf, err := canteen.ComputeCodiceFiscale(surname, "Luce", 'F', canteen.NewDate(2019, 4, 5), "D643")
	if err != nil {
		s.t.Fatal(err)
	}
	answers := canteen.Application{Privacy: canteen.PrivacyNotice, Grade: class[:1], Band: "B",
		Child: canteen.Child{Surname: surname, Name: "Luce", Born: canteen.NewDate(2019, 4, 5), Sex: "F", CodiceFiscale: cf}}
	for _, one := range town.Schools {
		if one.Code == school {
			answers.School = one.ID
		}
	}
	for _, one := range town.Classes {
		if one.School == answers.School && one.Year == "2026/27" && one.Name() == class {
			answers.Class = one.ID
		}
	}
	handle, err := s.store.StartApplication(act, "2026/27", 0)
	for step := canteen.StepPrivacy; err == nil && step <= canteen.LastStep; step++ {
		_, err = s.store.SaveApplication(act, handle, step, answers)
	}
	if err == nil {
		_, err = s.store.SubmitApplication(act, handle)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return handle
}

// address fills the variables of a route: those that name belongings from own,
// the person a desk user acts for from at, the others with the walk's examples.
func (s *testServer) address(row route, at, own *belongings) string {
	path := row.path
	if rest, acting := strings.CutPrefix(path, actingPrefix); acting {
		path = strings.Replace(actingPrefix, "{persona}", at.vars["persona"], 1) + rest
	}
	for name, value := range own.vars {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	row.path = path
	return s.example(row)
}

// personal tells whether an address names somebody's belongings.
func (o *belongings) personal(path string) bool {
	for name := range o.vars {
		if strings.Contains(path, "{"+name+"}") {
			return true
		}
	}
	return false
}

// expectation is what the matrix expects of an answer.
type expectation int

const (
	refused  expectation = iota // 403: the role has no business here
	strange                     // 404, or 403: not one's own, and nothing of it on the page
	admitted                    // neither refused nor not found
	whatever                    // any answer, if it is no fault and tells nothing
)

// visitor is one who walks the matrix.
type visitor struct {
	name string
	role canteen.Role
	*browser
}

// expects derives what a visitor gets at a route that names belongings: of X for
// the person a desk user acts for, of Y behind it.
func expects(row route, who visitor, at, own *belongings) expectation {
	forAnybody := row.audience.everybody
	switch {
	case !forAnybody && !slices.Contains(row.audience.roles, who.role):
		return refused
	case forAnybody:
		return whatever
	case strings.HasPrefix(row.path, actingPrefix):
		if at != own && at.personal(strings.TrimPrefix(row.path, actingPrefix)) {
			return strange
		}
	case strings.Contains(row.path, "{sessione}") && own.owner != who.name:
		return strange
	case who.role == canteen.RoleGuardian && at.personal(row.path) && own.owner != who.name:
		return strange
	case who.role == canteen.RoleDelegate && at.personal(row.path):
		if own.name != testUgo {
			return strange
		}
		return whatever // TestMatrix_aDelegateWhoMayCancel
	case who.role == canteen.RoleSchool && at.personal(row.path) && own.name != testAda:
		return strange // the school is Arcobaleno, Ugo's child is at Rodari
	}
	if deliberately[row.name] != "" {
		return whatever
	}
	return admitted
}

// deliberately are the routes that refuse also who is let in, each with its
// reason: it is no right that is missing.
var deliberately = map[string]string{
	"family.outcome":               "it shows the answer to a form, and none was sent",
	"desk.family.outcome":          "it shows the answer to a form, and none was sent",
	"school.outcome":               "it shows the answer to a form, and none was sent",
	"audit.disposal.pdf":           "nothing was disposed of yet",
	"audit.disposal.csv":           "nothing was disposed of yet",
	"admin.user":                   "the logins of families are the office's",
	"desk.family.diet.certificate": "certificates stay shut at the counter (design §12)",
	"desk.rights.json":             "the export holds what only the family reads",
	"desk.rights.pdf":              "the export holds what only the family reads",
}

// matrix is the small town with two families that have one of everything, and
// everybody who may try.
func newMatrix(t *testing.T) (s *testServer, visitors []visitor, x, y belongings) {
	t.Helper()
	s = newTestServer(t)
	browsers := s.everyRole()
	ada := s.browser(testAda)
	x = s.settled(testUgo, testInes, "Sara", testRodari, "2A", "Quaglia")
	y = s.settled(testAda, testElena, "Zoe", testArcobaleno, "3A", "Upupa")
	for role, b := range browsers {
		name := string(role)
		if role == canteen.RoleGuardian {
			name = testUgo
		}
		visitors = append(visitors, visitor{name, role, b})
	}
	visitors = append(visitors, visitor{testAda, canteen.RoleGuardian, ada})
	s.web.HangUp()
	return s, visitors, x, y
}

// TestMatrix walks every route with every role and the belongings of a family,
// of another and of nobody.
func TestMatrix(t *testing.T) {
	s, visitors, x, y := newMatrix(t)
	nobody := belongings{name: "nobody", vars: map[string]string{}}
	for name := range x.vars {
		nobody.vars[name] = exampleVariables[name]
	}
	nobody.vars["pupil"], nobody.vars["number"], nobody.vars["classe"] = "aaaaaaaaaaaaaaaa", "2026-009999", "RODARI-9Z"
	requests, routes := 0, 0
	for _, method := range []string{http.MethodGet, http.MethodPost} { // what is read first, then what writes
		for _, row := range Routes() {
			if row.method != method || row.audience.forAPI() || row.name == "logout" || row.name == "login.submit" {
				continue
			}
			routes++
			for _, objects := range [][2]*belongings{{&x, &x}, {&y, &y}, {&x, &y}, {&nobody, &nobody}} {
				at, own := objects[0], objects[1]
				if at != own && !strings.HasPrefix(row.path, actingPrefix) || at != &x && !x.personal(row.path) {
					continue
				}
				for _, who := range visitors {
					if row.name == "profile.session.end" && who.name == own.owner {
						continue // it would end the walk; TestSessions_listedAndEnded has it
					}
					requests++
					s.holds(row, who, at, own)
				}
			}
		}
	}
	t.Logf("%d routes × %d visitors (%d roles) × up to 4 belongings = %d requests", routes, len(visitors), len(canteen.Roles), requests)
}

// holds makes one request of the matrix.
func (s *testServer) holds(row route, who visitor, at, own *belongings) {
	s.t.Helper()
	path := s.address(row, at, own)
	p := who.do(row.method, path, url.Values{})
	want := expects(row, who, at, own)
	away := p.status == http.StatusForbidden || p.status == http.StatusNotFound
	bad := p.status >= http.StatusInternalServerError
	switch {
	case want == refused:
		bad = bad || p.status != http.StatusForbidden
	case own.owner == "": // nobody's: only that it is no fault
	case want == strange:
		bad = bad || !away
	case want == admitted && row.method == http.MethodGet:
		bad = bad || away
	case want == admitted: // a post may find that another one before it has moved things on
		bad = bad || p.status == http.StatusForbidden
	}
	if bad {
		s.t.Errorf("%s (%s) as %s, at %s with what is %s's: status %d, want %d", row.name, path, who.name, at.name, own.name, p.status, want)
	}
	if want != refused && want != strange {
		return
	}
	for _, secret := range own.secrets {
		if strings.Contains(p.body, secret) {
			s.t.Errorf("%s as %s, with what is %s's: the page says %q", row.name, who.name, own.name, secret)
		}
	}
}
