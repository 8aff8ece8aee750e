package handlers

var (
	signinRoutes = []route{}
	signinPages  = []string{}
)
