package handlers

var (
	householdRoutes = []route{}
	householdPages  = []string{}
)
