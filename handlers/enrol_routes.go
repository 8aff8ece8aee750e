package handlers

var (
	enrolRoutes = []route{}
	enrolPages  = []string{}
)
