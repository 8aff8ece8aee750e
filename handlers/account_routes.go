package handlers

var (
	accountRoutes = []route{}
	accountPages  = []string{}
)
