package handlers

var (
	officeRoutes = []route{
		{"GET", "/ufficio", "office.home", office, (*Server).officeHome},
		{"GET", "/ufficio/giorno/{day}", "office.day", office, (*Server).officeDay},
		{"POST", "/ufficio/giorno/{day}/chiudi", "office.day.close", office, (*Server).officeClose},
		{"POST", "/ufficio/giorno/{day}/senza-servizio", "office.day.void", office, (*Server).officeVoid},
		{"POST", "/ufficio/giorno/{day}/guasto", "office.day.outage", office, (*Server).officeOutage},
		{"GET", "/ufficio/messaggi", "office.messages", office, (*Server).officeMessages},
		{"GET", "/ufficio/alunni", "office.pupils", office, (*Server).officePupils},
		{"POST", "/ufficio/alunni", "office.pupils.search", office, (*Server).officeSearch},
		{"GET", "/ufficio/alunni/{pupil}", "office.pupil", office, (*Server).officePupil},
		{"POST", "/ufficio/alunni/{pupil}/versamento", "office.pupil.payment", office, (*Server).officePayment},
		{"GET", "/ufficio/calendario", "office.calendar", office, (*Server).officeCalendar},
		{"GET", "/ufficio/calendario/anno", "office.year", office, (*Server).officeYear},
		{"POST", "/ufficio/calendario/anno", "office.year.save", office, (*Server).officeYearSave},
		{"GET", "/ufficio/calendario/nuova", "office.rule", office, (*Server).officeRule},
		{"POST", "/ufficio/calendario/nuova", "office.rule.save", office, (*Server).officeRuleSave},
		{"GET", "/ufficio/tariffe", "office.tariffs", office, (*Server).officeTariffs},
		{"GET", "/ufficio/tariffe/nuova", "office.tariff", office, (*Server).officeTariff},
		{"POST", "/ufficio/tariffe/nuova", "office.tariff.save", office, (*Server).officeTariffSave},
		{"GET", "/ufficio/cucine", "office.kitchens", office, (*Server).officeKitchens},
		{"GET", "/ufficio/cucine/{kitchen}", "office.kitchen", office, (*Server).officeKitchen},
		{"POST", "/ufficio/cucine/{kitchen}", "office.kitchen.save", office, (*Server).officeKitchenSave},
		{"GET", "/ufficio/cucine/diete/{code}", "office.diet", office, (*Server).officeDiet},
		{"POST", "/ufficio/cucine/diete/{code}", "office.diet.save", office, (*Server).officeDietSave},
	}
	officePages = []string{"office/home", "office/day", "office/pupils", "office/pupil", "office/calendar", "office/year",
		"office/rule", "office/tariffs", "office/tariff", "office/kitchens", "office/kitchen", "office/diet", "office/messages"}
	officeNav = [][2]string{{"office.nav.home", "office.home"},
		{"office.nav.pupils", "office.pupils"}, {"people.nav", "people"}, {"office.nav.messages", "office.messages"},
		{"office.nav.applications", "enrol.office"}, {"school.debts.title", "office.debts"}, {"school.bands.title", "office.bands"},
		{"desk.hours.title", "desk.hours"}, {"desk.requests.title", "desk.requests"},
		{"office.nav.sheets", "kitchen.home"}, {"office.nav.calendar", "office.calendar"}, {"office.nav.tariffs", "office.tariffs"}, {"office.nav.kitchens", "office.kitchens"},
	}
	officeGroups = []navGroup{{"office.nav.families", 3}, {"office.nav.enrolments", 3}, {"office.nav.desk", 2}, {"office.nav.meals", 4}}
)
