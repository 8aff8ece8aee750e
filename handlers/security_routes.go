package handlers

var (
	securityRoutes = []route{}
	securityPages  = []string{}
)
