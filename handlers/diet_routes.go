package handlers

var (
	dietRoutes = []route{}
	dietPages  = []string{}
	dietNav    = [][2]string{}
)
