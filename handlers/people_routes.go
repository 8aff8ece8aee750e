package handlers

var (
	peopleRoutes = []route{}
	peoplePages  = []string{}
)
