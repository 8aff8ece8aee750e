package handlers

var (
	auditRoutes = []route{}
	auditPages  = []string{}
	auditNav    = [][2]string{}
)
