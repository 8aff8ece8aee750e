package handlers

var (
	adminRoutes = []route{
		{"GET", "/amministrazione", "admin.users", admins, (*Server).adminUsers},
		{"GET", "/amministrazione/utenti/nuovo", "admin.user.new", admins, (*Server).adminUserNew},
		{"POST", "/amministrazione/utenti/nuovo", "admin.user.add", admins, (*Server).adminUserAdd},
		{"GET", "/amministrazione/utenti/{login}", "admin.user", admins, (*Server).adminUser},
		{"POST", "/amministrazione/utenti/{login}", "admin.user.save", admins, (*Server).adminUserSave},
		{"POST", "/amministrazione/utenti/{login}/stato", "admin.user.switch", admins, (*Server).adminUserSwitch},
		{"POST", "/amministrazione/utenti/{login}/invito", "admin.user.invite", admins, (*Server).adminUserInvite},
		{"GET", "/amministrazione/registro", "admin.log", admins, (*Server).adminLog},
		{"GET", "/amministrazione/chiavi", "admin.tokens", admins, (*Server).adminTokens},
		{"POST", "/amministrazione/chiavi", "admin.token.add", admins, (*Server).adminTokenAdd},
		{"POST", "/amministrazione/chiavi/{token}/revoca", "admin.token.revoke", admins, (*Server).adminTokenRevoke},
		{"GET", "/amministrazione/sicurezza", "admin.safety", admins, (*Server).adminSafety},
		{"POST", "/amministrazione/sicurezza", "admin.safety.save", admins, (*Server).adminSafetySave},
	}
	adminPages = []string{"admin/users", "admin/user", "admin/log", "admin/tokens", "admin/safety", "admin/shown"}
	adminNav   = [][2]string{{"admin.nav.users", "admin.users"}, {"admin.nav.log", "admin.log"},
		{"admin.nav.tokens", "admin.tokens"}, {"admin.nav.safety", "admin.safety"},
		{"audit.nav.retention", "audit.retention"}}
)
