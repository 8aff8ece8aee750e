package handlers

var (
	deskRoutes = []route{}
	deskPages  = []string{}
	deskNav    = [][2]string{}
)
