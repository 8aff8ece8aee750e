package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
)

// audience is who may use a route. The zero audience is nobody, and a route
// with it stops the start.
type audience struct {
	everybody bool
	roles     []canteen.Role
	token     bool   // any API token
	scope     string // an API token with this scope
}

func (a audience) empty() bool {
	return !a.everybody && len(a.roles) == 0 && !a.token && a.scope == ""
}

func (a audience) forAPI() bool { return a.token || a.scope != "" }

// admits tells whether an actor may pass.
func (a audience) admits(actor canteen.Actor) bool {
	switch {
	case a.everybody:
		return true
	case a.forAPI():
		return len(actor.Scopes) > 0 && (a.scope == "" || actor.HasScope(a.scope))
	}
	return actor.Login != "" && slices.Contains(a.roles, actor.Role)
}

// The audiences of design §12.
var (
	everybody  = audience{everybody: true}
	families   = audience{roles: []canteen.Role{canteen.RoleGuardian, canteen.RoleDelegate}}
	desks      = audience{roles: []canteen.Role{canteen.RoleDesk}}
	schools    = audience{roles: []canteen.Role{canteen.RoleSchool}}
	dietitians = audience{roles: []canteen.Role{canteen.RoleDiets}}
	auditors   = audience{roles: []canteen.Role{canteen.RoleAuditor}}
	admins     = audience{roles: []canteen.Role{canteen.RoleAdmin}}
	office     = audience{roles: []canteen.Role{canteen.RoleOffice}}
	kitchens   = audience{roles: []canteen.Role{canteen.RoleKitchen, canteen.RoleOffice}}
	somebody   = audience{roles: canteen.Roles[:]}
	anyToken   = audience{token: true}
	gateway    = audience{scope: "family-gateway"}
	kitchenAPI = audience{scope: "kitchen"}
)

// route is one row of the table: everything the web offers is here or in the
// tables of its areas.
type route struct {
	method   string
	path     string
	name     string
	audience audience
	do       func(*Server, http.ResponseWriter, *http.Request) error
}

// Routes returns every route of the web.
func Routes() []route {
	own := slices.Concat(
		publicRoutes,
		accountRoutes,
		securityRoutes,
		signinRoutes,
		familyRoutes,
		householdRoutes,
		schoolRoutes, // before enrolRoutes, whose steps take any word behind an application
		enrolRoutes,
		dietRoutes,
		deskRoutes,
		kitchenRoutes,
		officeRoutes,
		peopleRoutes,
		auditRoutes,
		adminRoutes,
		apiRoutes,
	)
	return append(own, actingRoutes(own)...)
}

var publicRoutes = []route{
	{"GET", "/", "home", everybody, (*Server).home},
	{"GET", "/menu", "menu", everybody, (*Server).menu},
	{"GET", "/accedi", "login", everybody, (*Server).loginForm},
	{"POST", "/accedi", "login.submit", everybody, (*Server).login},
	{"POST", "/esci", "logout", somebody, (*Server).logout},
	{"GET", "/lingua/{lang}", "language", everybody, (*Server).language},
	{"GET", "/informazioni/{page}", "legal", everybody, (*Server).legal},
}

// pages lists every page the handlers render; the engine holds it against the
// template files.
func pages() []string {
	return slices.Concat(
		[]string{"error", "home", "login", "menu", "legal"},
		accountPages,
		securityPages,
		signinPages,
		familyPages,
		householdPages,
		enrolPages,
		dietPages,
		deskPages,
		schoolPages,
		kitchenPages,
		officePages,
		peoplePages,
		auditPages,
		adminPages,
	)
}
