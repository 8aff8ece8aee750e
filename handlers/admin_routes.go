package handlers

var (
	adminRoutes = []route{}
	adminPages  = []string{}
	adminNav    = [][2]string{}
)
