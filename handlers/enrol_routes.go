package handlers

var (
	enrolRoutes = []route{
		{"GET", "/famiglia/iscrizioni", "enrol.list", families, (*Server).enrolList},
		{"POST", "/famiglia/iscrizioni", "enrol.start", families, (*Server).enrolStart},
		{"GET", "/famiglia/iscrizioni/guida", "enrol.info", families, (*Server).enrolInfo},
		{"GET", "/famiglia/iscrizioni/alunni/{pupil}", "enrol.place", families, (*Server).enrolPlace},
		{"POST", "/famiglia/iscrizioni/alunni/{pupil}", "enrol.place.save", families, (*Server).enrolPlaceSave},
		{"GET", "/famiglia/iscrizioni/{domanda}", "enrol.application", families, (*Server).enrolApplication},
		{"GET", "/famiglia/iscrizioni/{domanda}/riepilogo", "enrol.summary", families, (*Server).enrolSummary},
		{"POST", "/famiglia/iscrizioni/{domanda}/riepilogo", "enrol.submit", families, (*Server).enrolSubmit},
		{"GET", "/famiglia/iscrizioni/{domanda}/conferma", "enrol.receipt", families, (*Server).enrolReceipt},
		{"GET", "/famiglia/iscrizioni/{domanda}/ricevuta.pdf", "enrol.receipt.pdf", families, (*Server).enrolReceiptPDF},
		{"GET", "/famiglia/iscrizioni/{domanda}/valuta", "enrol.rating", families, (*Server).enrolRating},
		{"POST", "/famiglia/iscrizioni/{domanda}/valuta", "enrol.rate", families, (*Server).enrolRate},
		{"POST", "/famiglia/iscrizioni/{domanda}/ritira", "enrol.withdraw", families, (*Server).enrolWithdraw},
		{"GET", "/famiglia/iscrizioni/{domanda}/{passo}", "enrol.step", families, (*Server).enrolStep},
		{"POST", "/famiglia/iscrizioni/{domanda}/{passo}", "enrol.save", families, (*Server).enrolSave},

		{"GET", "/ufficio/iscrizioni", "enrol.office", office, (*Server).enrolOffice},
		{"GET", "/ufficio/iscrizioni/periodo", "enrol.window", office, (*Server).enrolWindow},
		{"POST", "/ufficio/iscrizioni/periodo", "enrol.window.save", office, (*Server).enrolWindowSave},
		{"GET", "/ufficio/iscrizioni/classi", "enrol.promotion", office, (*Server).enrolPromotion},
		{"POST", "/ufficio/iscrizioni/classi", "enrol.promote", office, (*Server).enrolPromote},
		{"GET", "/ufficio/iscrizioni/rinnovo", "enrol.renewal", office, (*Server).enrolRenewal},
		{"POST", "/ufficio/iscrizioni/rinnovo", "enrol.renew", office, (*Server).enrolRenew},
		{"GET", "/ufficio/iscrizioni/domande/{domanda}", "enrol.office.application", office, (*Server).enrolOfficeApplication},
		{"GET", "/ufficio/iscrizioni/alunni/{pupil}", "enrol.office.place", office, (*Server).enrolPlace},
		{"POST", "/ufficio/iscrizioni/alunni/{pupil}", "enrol.office.place.save", office, (*Server).enrolPlaceSave},
	}
	enrolPages = []string{"enrol/list", "enrol/info", "enrol/place", "enrol/application", "enrol/step", "enrol/summary",
		"enrol/receipt", "enrol/rating", "enrol/office", "enrol/window", "enrol/promotion", "enrol/renewal"}
)
