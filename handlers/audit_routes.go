package handlers

import "refettorio/canteen"

// keepersOfRecords set how long records are kept, or look at it.
var keepersOfRecords = audience{roles: []canteen.Role{canteen.RoleAdmin, canteen.RoleAuditor}}

var (
	auditRoutes = []route{
		{"GET", "/revisione", "audit.home", auditors, (*Server).auditHome},
		{"GET", "/revisione/accessi", "audit.register", auditors, (*Server).auditRegister},
		{"POST", "/revisione/accessi", "audit.register.search", auditors, (*Server).auditRegisterSearch},
		{"POST", "/revisione/accessi/csv", "audit.register.csv", auditors, (*Server).auditRegisterCSV},
		{"GET", "/revisione/modifiche", "audit.changes", auditors, (*Server).auditChanges},
		{"POST", "/revisione/modifiche", "audit.changes.search", auditors, (*Server).auditChanges},
		{"GET", "/amministrazione/conservazione", "audit.retention", keepersOfRecords, (*Server).auditRetention},
		{"POST", "/amministrazione/conservazione/periodi", "audit.periods", admins, (*Server).auditPeriods},
		{"POST", "/amministrazione/conservazione/vincoli", "audit.hold", admins, (*Server).auditHold},
		{"POST", "/amministrazione/conservazione/vincoli/fine", "audit.hold.end", admins, (*Server).auditHoldEnd},
		{"GET", "/amministrazione/conservazione/verbali/{number}/verbale.pdf", "audit.disposal.pdf", keepersOfRecords, (*Server).auditDisposalPDF},
		{"GET", "/amministrazione/conservazione/verbali/{number}/verbale.csv", "audit.disposal.csv", keepersOfRecords, (*Server).auditDisposalCSV},
		{"GET", "/famiglia/dati", "rights.data", families, (*Server).rightsData},
		{"GET", "/famiglia/dati/archivio.json", "rights.json", families, (*Server).rightsJSON},
		{"GET", "/famiglia/dati/archivio.pdf", "rights.pdf", families, (*Server).rightsPDF},
		{"GET", "/famiglia/dati/correzioni", "rights.corrections", families, (*Server).rightsCorrections},
	}
	auditPages = []string{"audit/home", "audit/register", "audit/changes", "audit/retention", "audit/data", "audit/corrections"}
	auditNav   = [][2]string{{"audit.nav.home", "audit.home"}, {"audit.nav.register", "audit.register"},
		{"audit.nav.changes", "audit.changes"}, {"audit.nav.retention", "audit.retention"}}
)
