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
		{"GET", actingPrefix + "/carta", "desk.paper", desks, acting((*Server).deskPaper)},
		{"POST", actingPrefix + "/carta", "desk.paper.save", desks, acting((*Server).deskPaperSave)},
		{"GET", "/ufficio/sportello/richieste", "desk.requests", office, (*Server).officePaper},
		{"POST", "/ufficio/sportello/richieste/{number}", "desk.requests.answer", office, (*Server).officePaperAnswer},
		{"GET", "/sportello/coda", "desk.queue", desks, (*Server).deskQueue},
		{"POST", "/sportello/coda/prossimo", "desk.queue.next", desks, (*Server).deskQueueNext},
		{"POST", "/sportello/coda/{appuntamento}/{passo}", "desk.queue.move", desks, (*Server).deskQueueMove},
		{"GET", "/famiglia/appuntamenti", "family.appointments", families, (*Server).familyAppointments},
		{"POST", "/famiglia/appuntamenti", "family.appointments.book", families, (*Server).familyBook},
		{"POST", "/famiglia/appuntamenti/{appuntamento}/disdici", "family.appointments.cancel", families, (*Server).familyCancelAppointment},
		{"GET", "/appuntamenti", "appointments", everybody, (*Server).publicAppointments},
		{"POST", "/appuntamenti", "appointments.book", everybody, (*Server).publicBook},
		{"GET", "/appuntamenti/{appuntamento}", "appointment", everybody, (*Server).publicAppointment},
		{"POST", "/appuntamenti/{appuntamento}/disdici", "appointment.cancel", everybody, (*Server).publicCancel},
		{"GET", "/ufficio/sportello", "desk.hours", office, (*Server).deskHours},
		{"POST", "/ufficio/sportello", "desk.hours.save", office, (*Server).deskHoursSave},
	}
	deskPages = []string{"desk/home", "desk/register", "desk/today", "desk/receipt", "desk/receipt_print",
		"desk/book", "desk/appointment", "desk/queue", "desk/hours", "desk/paper", "desk/requests"}
	deskNav = [][2]string{{"desk.nav.home", "desk.home"}, {"desk.nav.queue", "desk.queue"}, {"desk.nav.today", "desk.today"}}
)
