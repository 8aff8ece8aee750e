package handlers

var (
	peopleRoutes = []route{
		{"GET", "/ufficio/persone", "people", office, (*Server).people},
		{"POST", "/ufficio/persone", "people.search", office, (*Server).peopleSearch},
		{"GET", "/ufficio/persone/nuova", "people.new", office, (*Server).personNew},
		{"POST", "/ufficio/persone/nuova", "people.add", office, (*Server).personAdd},
		{"GET", "/ufficio/persone/{persona}", "people.person", office, (*Server).personFile},
		{"GET", "/ufficio/persone/{persona}/dati", "people.data", office, (*Server).personData},
		{"POST", "/ufficio/persone/{persona}/dati", "people.correct", office, (*Server).personCorrect},
		{"GET", "/ufficio/persone/{persona}/collega", "people.link", office, (*Server).personLink},
		{"POST", "/ufficio/persone/{persona}/collega", "people.link.do", office, (*Server).personLinkDo},
		{"GET", "/ufficio/persone/{persona}/scollega/{pupil}", "people.unlink", office, (*Server).personUnlink},
		{"POST", "/ufficio/persone/{persona}/scollega/{pupil}", "people.unlink.do", office, (*Server).personUnlinkDo},
		{"GET", "/ufficio/persone/{persona}/unisci", "people.merge", office, (*Server).personMerge},
		{"POST", "/ufficio/persone/{persona}/unisci", "people.merge.do", office, (*Server).personMergeDo},
		{"GET", "/ufficio/alunni/{pupil}/codice", "people.pupilcode", office, (*Server).pupilCode},
		{"POST", "/ufficio/alunni/{pupil}/codice", "people.pupilcode.save", office, (*Server).pupilCodeSave},
	}
	peoplePages = []string{"people/home", "people/person", "people/form", "people/merge"}
)
