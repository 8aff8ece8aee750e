package handlers

var (
	schoolRoutes = []route{}
	schoolPages  = []string{}
	schoolNav    = [][2]string{}
)
