package handlers

var (
	deskRoutes = []route{
		{"GET", "/sportello", "desk.home", desks, (*Server).deskHome},
		{"POST", "/sportello", "desk.search", desks, (*Server).deskSearch},
		{"GET", "/sportello/nuova", "desk.register", desks, (*Server).deskRegister},
		{"POST", "/sportello/nuova", "desk.register.save", desks, (*Server).deskRegisterSave},
		{"GET", "/sportello/oggi", "desk.today", desks, (*Server).deskToday},
		{"GET", "/sportello/oggi/elenco.csv", "desk.today.csv", desks, (*Server).deskTodayCSV},
		{"GET", actingPrefix + "/ricevute/{number}", "desk.receipt", desks, acting((*Server).deskReceipt)},
		{"GET", actingPrefix + "/ricevute/{number}/stampa", "desk.receipt.print", desks, acting((*Server).deskReceiptPrint)},
		{"GET", actingPrefix + "/ricevute/{number}/ricevuta.pdf", "desk.receipt.pdf", desks, acting((*Server).deskReceiptPDF)},
	}
	deskPages = []string{"desk/home", "desk/register", "desk/today", "desk/receipt", "desk/receipt_print"}
	deskNav   = [][2]string{{"desk.nav.home", "desk.home"}, {"desk.nav.today", "desk.today"}}
)
