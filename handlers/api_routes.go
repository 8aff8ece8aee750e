package handlers

// apiRoutes is the API for programs (design §11). Each row has its operation in
// assets/api/openapi.yaml, and the other way round: a test holds them together.
var apiRoutes = []route{
	{"GET", "/api/v1/openapi.yaml", "api.openapi", everybody, (*Server).apiOpenAPI},
	{"GET", "/api/v1/menu", "api.menu", everybody, (*Server).apiMenu},
	{"GET", "/api/v1/days/{date}", "api.day", anyToken, (*Server).apiDay},
	{"GET", "/api/v1/sheets/{date}", "api.sheets", kitchenAPI, (*Server).apiSheets},
	{"GET", "/api/v1/pupils/{pan}", "api.pupil", gateway, (*Server).apiPupil},
	{"GET", "/api/v1/pupils/{pan}/account", "api.account", gateway, (*Server).apiAccount},
	{"GET", "/api/v1/pupils/{pan}/calendar", "api.calendar", gateway, (*Server).apiCalendar},
	{"POST", "/api/v1/pupils/{pan}/communications", "api.communicate", gateway, (*Server).apiCommunicate},
	{"DELETE", "/api/v1/pupils/{pan}/communications/{date}", "api.revoke", gateway, (*Server).apiRevoke},
}
