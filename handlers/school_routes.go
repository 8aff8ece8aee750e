package handlers

import "refettorio/canteen"

// slipPrinters print PAN slips: the school for its own pupils, the counter and
// the office for everybody's.
var slipPrinters = audience{roles: []canteen.Role{canteen.RoleSchool, canteen.RoleDesk, canteen.RoleOffice}}

var (
	schoolRoutes = []route{
		{"GET", "/scuola", "school.home", schools, (*Server).schoolHome},
		{"GET", "/scuola/iscrizioni", "school.applications", schools, (*Server).schoolApplications},
		{"POST", "/scuola/iscrizioni/convalida", "school.validate", schools, (*Server).schoolValidate},
		{"GET", "/scuola/iscrizioni/esito/{once}", "school.outcome", schools, (*Server).schoolOutcome},
		{"GET", "/scuola/iscrizioni/{domanda}", "school.application", schools, (*Server).schoolApplication},
		{"POST", "/scuola/iscrizioni/{domanda}/convalida", "school.application.validate", schools, (*Server).schoolApplicationValidate},
		{"POST", "/scuola/iscrizioni/{domanda}/rimanda", "school.return", schools, (*Server).schoolReturn},
		{"GET", "/scuola/classi/{classe}", "school.roll", schools, (*Server).schoolRoll},
		{"GET", "/scuola/classi/{classe}/elenco.{format:pdf|csv}", "school.roll.file", schools, (*Server).schoolRollFile},
		{"GET", "/scuola/classi/{classe}/tesserini.pdf", "school.slips", schools, (*Server).schoolSlips},
		{"GET", "/scuola/alunni/{pupil}", "school.pupil", schools, (*Server).schoolPupil},
		{"POST", "/scuola/alunni/{pupil}/classe", "school.pupil.move", schools, (*Server).schoolPupilMove},
		{"POST", "/scuola/alunni/{pupil}/ritiro", "school.pupil.end", schools, (*Server).schoolPupilEnd},
		{"GET", "/tesserini/{pupil}", "slip", slipPrinters, (*Server).slip},
		{"GET", "/tesserini/{pupil}/tesserino.pdf", "slip.pdf", slipPrinters, (*Server).slipPDF},
		{"GET", "/ufficio/iscrizioni/debiti", "office.debts", office, (*Server).officeDebts},
		{"POST", "/ufficio/iscrizioni/debiti", "office.debts.rule", office, (*Server).officeDebtRule},
		{"GET", "/ufficio/iscrizioni/debiti/{domanda}", "office.debt", office, (*Server).officeDebt},
		{"POST", "/ufficio/iscrizioni/debiti/{domanda}", "office.debt.decide", office, (*Server).officeDebtDecide},
		{"GET", "/ufficio/iscrizioni/agevolazioni", "office.bands", office, (*Server).officeBands},
		{"GET", "/ufficio/iscrizioni/agevolazioni/{domanda}", "office.band", office, (*Server).officeBand},
		{"POST", "/ufficio/iscrizioni/agevolazioni/{domanda}", "office.band.assign", office, (*Server).officeBandAssign},
		{"GET", "/famiglia/iscrizioni/{domanda}/debito", "family.debt", families, (*Server).familyDebt},
	}
	schoolPages = []string{"school/home", "school/applications", "school/outcome", "school/application", "school/roll",
		"school/pupil", "school/slip", "school/debts", "school/debt", "school/bands", "school/band", "school/family_debt"}
	schoolNav = [][2]string{{"school.nav.home", "school.home"}, {"school.nav.applications", "school.applications"}}
)
