package handlers

var (
	dietRoutes = []route{
		{"GET", "/famiglia/diete", "family.diets", families, (*Server).familyDiets},
		{"GET", "/famiglia/diete/nuova", "family.diet.new", families, (*Server).familyDietNew},
		{"POST", "/famiglia/diete/nuova", "family.diet.ask", families, (*Server).familyDietAsk},
		{"GET", "/famiglia/diete/{dieta}", "family.diet", families, (*Server).familyDiet},
		{"POST", "/famiglia/diete/{dieta}", "family.diet.save", families, (*Server).familyDietSave},
		{"GET", "/famiglia/diete/{dieta}/ricevuta.pdf", "family.diet.receipt", families, (*Server).familyDietReceipt},
		{"POST", "/famiglia/diete/{dieta}/invia", "family.diet.send", families, (*Server).familyDietSend},
		{"POST", "/famiglia/diete/{dieta}/ritira", "family.diet.withdraw", families, (*Server).familyDietWithdraw},
		{"GET", "/famiglia/diete/{dieta}/certificato", "family.diet.certificate", families, (*Server).familyDietCertificate},
		{"GET", "/diete", "diet.home", dietitians, (*Server).dietHome},
		{"GET", "/diete/codici", "diet.codes", dietitians, (*Server).dietCodes},
		{"GET", "/diete/codici/{code}", "diet.code", dietitians, (*Server).dietCode},
		{"POST", "/diete/codici/{code}", "diet.code.save", dietitians, (*Server).dietCodeSave},
		{"GET", "/diete/regole", "diet.rules", dietitians, (*Server).dietRules},
		{"POST", "/diete/regole", "diet.rules.save", dietitians, (*Server).dietRulesSave},
		{"GET", "/diete/richieste/{dieta}", "diet.request", dietitians, (*Server).dietRequest},
		{"POST", "/diete/richieste/{dieta}", "diet.decide", dietitians, (*Server).dietDecide},
		{"GET", "/diete/richieste/{dieta}/certificato", "diet.certificate", dietitians, (*Server).dietCertificate},
	}
	dietPages = []string{"diet/family", "diet/ask", "diet/file", "diet/home", "diet/request", "diet/codes", "diet/rules"}
	dietNav   = [][2]string{{"diet.nav.home", "diet.home"}, {"diet.nav.codes", "diet.codes"}, {"diet.nav.rules", "diet.rules"}}
)
