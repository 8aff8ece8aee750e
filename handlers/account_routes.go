package handlers

import "refettorio/canteen"

// accountHolders are the people with a profile of their own.
var accountHolders = audience{roles: []canteen.Role{canteen.RoleGuardian, canteen.RoleDelegate}}

var (
	accountRoutes = []route{
		{"GET", "/registrati", "register", everybody, (*Server).registerContacts},
		{"POST", "/registrati", "register.begin", everybody, (*Server).registerBegin},
		{"GET", "/registrati/codici", "register.codes", everybody, (*Server).registerCodes},
		{"POST", "/registrati/codici", "register.prove", everybody, (*Server).registerProve},
		{"POST", "/registrati/codici/nuovi", "register.resend", everybody, (*Server).registerResend},
		{"GET", "/registrati/dati", "register.data", everybody, (*Server).registerData},
		{"POST", "/registrati/dati", "register.describe", everybody, (*Server).registerDescribe},
		{"GET", "/registrati/password", "register.password", everybody, (*Server).registerPassword},
		{"POST", "/registrati/password", "register.finish", everybody, (*Server).registerFinish},
		{"GET", "/registrati/ufficio", "register.office", everybody, (*Server).registerOffice},
		{"GET", "/accedi/password", "reset", everybody, (*Server).reset},
		{"POST", "/accedi/password", "reset.start", everybody, (*Server).resetStart},
		{"GET", "/accedi/password/codice", "reset.code", everybody, (*Server).resetCode},
		{"POST", "/accedi/password/codice", "reset.finish", everybody, (*Server).resetFinish},
		{"GET", "/famiglia/profilo", "profile", accountHolders, (*Server).profile},
		{"GET", "/famiglia/profilo/contatti", "profile.contacts", accountHolders, (*Server).profileContacts},
		{"POST", "/famiglia/profilo/contatti", "profile.contacts.change", accountHolders, (*Server).profileContactChange},
		{"POST", "/famiglia/profilo/contatti/codice", "profile.contacts.prove", accountHolders, (*Server).profileContactProve},
		{"GET", "/famiglia/profilo/indirizzo", "profile.address", accountHolders, (*Server).profileAddress},
		{"POST", "/famiglia/profilo/indirizzo", "profile.address.change", accountHolders, (*Server).profileMove},
		{"GET", "/famiglia/profilo/preferenze", "profile.preferences", accountHolders, (*Server).profilePreferences},
		{"POST", "/famiglia/profilo/preferenze", "profile.preferences.change", accountHolders, (*Server).profilePrefer},
		{"GET", "/profilo/password", "password", somebody, (*Server).password},
		{"POST", "/profilo/password", "password.change", somebody, (*Server).passwordChange},
		{"GET", "/posta", "mailbox", everybody, (*Server).mailbox},
	}
	accountPages = []string{"account/register", "account/register_codes", "account/register_data", "account/register_password",
		"account/register_office", "account/reset", "account/reset_code", "account/profile", "account/contacts", "account/address",
		"account/preferences", "account/password", "account/mailbox"}
)
