package handlers

var (
	signinRoutes = []route{
		{"GET", "/accedi/{fornitore}", "signin", everybody, (*Server).signin},
		{"GET", "/accedi/{fornitore}/ritorno", "signin.back", everybody, (*Server).signinBack},
	}
	signinPages = []string{}
)
