package handlers

var (
	familyRoutes = []route{
		{"GET", "/famiglia", "family.home", families, (*Server).familyHome},
		{"GET", "/famiglia/comunicazioni", "family.communications", families, (*Server).familyForm},
		{"POST", "/famiglia/comunicazioni", "family.communicate", families, (*Server).familyCommunicate},
		{"GET", "/famiglia/comunicazioni/anteprima", "family.preview", families, (*Server).familyPreview},
		{"GET", "/famiglia/comunicazioni/esito/{once}", "family.outcome", families, (*Server).familyOutcome},
		{"GET", "/famiglia/figli/{pupil}/ricevute/{number}", "family.receipt", families, (*Server).familyReceipt},
		{"GET", "/famiglia/figli/{pupil}/ricevute/{number}/stampa", "family.receipt.print", families, (*Server).familyReceiptPrint},
		{"GET", "/famiglia/calendario", "family.calendar", families, (*Server).familyCalendar},
		{"GET", "/famiglia/calendario/{pupil}/{day}", "family.day", families, (*Server).familyDay},
		{"GET", "/famiglia/conto", "family.account", families, (*Server).familyAccount},
		{"GET", "/famiglia/conto/{pupil}/estratto.csv", "family.statement.csv", families, (*Server).familyStatementCSV},
		{"GET", "/famiglia/conto/{pupil}/estratto.pdf", "family.statement.pdf", families, (*Server).familyStatementPDF},
	}
	familyPages = []string{"family/home", "family/communications", "family/preview", "family/receipt",
		"family/receipt_print", "family/calendar", "family/day", "family/account"}
	familyNav = [][2]string{
		{"family.nav.children", "family.home"},
		{"family.nav.communications", "family.communications"},
		{"family.nav.calendar", "family.calendar"},
		{"family.nav.account", "family.account"},
		{"enrol.nav.family", "enrol.list"},
		{"diet.nav.family", "family.diets"},
		{"household.nav", "household"},
		{"account.profile.title", "profile"},
	}
)
