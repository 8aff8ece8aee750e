package handlers

import (
	"slices"

	"refettorio/canteen"
	"refettorio/store"
)

// staff is everybody who works here, whatever the role.
var staff = audience{roles: slices.DeleteFunc(slices.Clone(canteen.Roles[:]), func(r canteen.Role) bool { return !store.Staff(r) })}

var (
	securityRoutes = []route{
		{"GET", "/accedi/codice", "login.code", everybody, (*Server).loginCode},
		{"POST", "/accedi/codice", "login.code.submit", everybody, (*Server).loginCodeSubmit},
		{"GET", "/accedi/attiva", "login.factor", everybody, (*Server).loginFactor},
		{"POST", "/accedi/attiva", "login.factor.submit", everybody, (*Server).loginFactorSubmit},
		{"GET", "/accedi/invito/{invito}", "login.invite", everybody, (*Server).loginInvite},
		{"POST", "/accedi/invito/{invito}", "login.invite.submit", everybody, (*Server).loginInviteSubmit},
		{"GET", "/profilo/sessioni", "profile.sessions", somebody, (*Server).profileSessions},
		{"POST", "/profilo/sessioni", "profile.sessions.others", somebody, (*Server).profileSessionsOthers},
		{"POST", "/profilo/sessioni/{sessione}/chiudi", "profile.session.end", somebody, (*Server).profileSessionEnd},
		{"GET", "/profilo/accesso", "profile.factor", staff, (*Server).profileFactor},
		{"POST", "/profilo/accesso", "profile.factor.submit", staff, (*Server).profileFactorSubmit},
		{"POST", "/profilo/accesso/togli", "profile.factor.drop", staff, (*Server).profileFactorDrop},
	}
	securityPages = []string{"security/code", "security/factor", "security/recovery", "security/invite", "security/sessions"}
)
