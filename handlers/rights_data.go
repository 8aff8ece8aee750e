package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// RightsDataPage says what the record holds about a family and gives it to it in
// one click (rules R5.8). Page name "audit/data".
type RightsDataPage struct {
	render.Page
	Parts []render.Message
}

// exportParts are the parts of an export in the order in which the page and the
// dictionary explain them: the path of each in the JSON.
var exportParts = []string{"person", "profile", "logins", "sessions", "children", "children.enrolments", "children.communications",
	"children.balance_cents", "children.movements", "children.diets", "children.delegates", "applications", "messages",
	"corrections", "accesses"}

// exportFields are the rest of the dictionary: what only somebody who reads the
// JSON asks for.
var exportFields = []string{"format", "made", "accesses_begin", "town", "dictionary"}

func (s *Server) rightsData(w http.ResponseWriter, r *http.Request) error {
	p := RightsDataPage{Page: s.newPage(r, "rights.data.title", s.familyCrumbs("rights.data.title")...)}
	for _, part := range exportParts {
		p.Parts = append(p.Parts, render.Msg("rights.part."+part))
	}
	return s.page(w, r, http.StatusOK, "audit/data", p)
}

// rightsFile is an export with what it needs to be understood without us.
type rightsFile struct {
	store.FamilyExport
	Town       string            `json:"town"`
	Dictionary map[string]string `json:"dictionary"`
}

// rightsJSON gives a family its data in a form programs read.
func (s *Server) rightsJSON(w http.ResponseWriter, r *http.Request) error {
	x, err := s.store.FamilyData(act(r))
	if err != nil {
		return err
	}
	t := s.translator(r)
	file := rightsFile{FamilyExport: x, Town: s.opt.Town.Name, Dictionary: map[string]string{}}
	for _, part := range slices.Concat(exportParts, exportFields) {
		file.Dictionary[part] = t("rights.part." + part)
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetIndent("", "  ")
	if err := e.Encode(file); err != nil {
		return err
	}
	return sendFile(w, "application/json; charset=utf-8", "i-miei-dati-mensa-"+s.today().String()+".json", &body)
}

// rightsPDF gives a family its data in a form people read.
func (s *Server) rightsPDF(w http.ResponseWriter, r *http.Request) error {
	x, err := s.store.FamilyData(act(r))
	if err != nil {
		return err
	}
	words := rightsWords{s: s, r: r, t: s.translator(r), f: s.catalog.Formats(s.langOf(r))}
	doc := words.dossier(&x)
	var body bytes.Buffer
	if err := documents.DossierPDF(&body, words.t, s.fonts, &doc); err != nil {
		return err
	}
	return sendFile(w, "application/pdf", "i-miei-dati-mensa-"+s.today().String()+".pdf", &body)
}

// RightsCorrectionsPage is who changed a family's data. Page name
// "audit/corrections".
type RightsCorrectionsPage struct {
	render.Page
	Lines []RightsCorrection
}

// RightsCorrection is a change in words.
type RightsCorrection struct {
	store.Correction
	Day   canteen.Date
	What  string
	Who   string
	Named string // the child it is about; empty for the person itself
}

func (s *Server) rightsCorrections(w http.ResponseWriter, r *http.Request) error {
	all, err := s.store.Corrections(act(r))
	if err != nil {
		return err
	}
	crumbs := s.familyCrumbs("rights.data.title")
	crumbs[len(crumbs)-1].URL = s.to("rights.data")
	p := RightsCorrectionsPage{Page: s.newPage(r, "rights.corrections.title", append(crumbs, render.Crumb{Label: "rights.corrections.title"})...)}
	for _, c := range all {
		p.Lines = append(p.Lines, RightsCorrection{Correction: c, Day: canteen.DateOf(c.At), What: s.wordOf(r, "audit.field.", c.Field),
			Who: s.byWord(r, string(c.Role)), Named: c.Pupil})
	}
	return s.page(w, r, http.StatusOK, "audit/corrections", p)
}
