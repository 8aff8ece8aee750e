package handlers

import (
	"net/http"
	"slices"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DietHomePage is the officer's desk. Page name "diet/home".
type DietHomePage struct {
	render.Page
	Lists []DietList
}

// DietList is one of the heaps on the desk.
type DietList struct {
	ID    string
	Title render.Message
	Note  string // key
	Empty string // key
	Care  bool
	Lines []DietLine
}

// DietLine is a request on the desk.
type DietLine struct {
	Child string
	Place string
	Kind  string // key
	Code  string
	When  render.Message
	URL   string
}

func (s *Server) dietHome(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.store.DietDesk(act(r))
	if err != nil {
		return err
	}
	p := DietHomePage{Page: s.newPage(r, "diet.home.title"),
		Lists: []DietList{
			{ID: "da-guardare", Title: render.Msg("diet.home.toCheck", len(desk.ToCheck)), Empty: "diet.home.toCheckNone", Lines: s.dietLines(desk.ToCheck)},
			{ID: "scadute", Title: render.Msg("diet.home.expired", len(desk.Expired)), Note: "diet.home.expiredNote", Empty: "diet.home.expiredNone",
				Care: len(desk.Expired) > 0, Lines: s.dietLines(desk.Expired)},
			{ID: "in-scadenza", Title: render.Msg("diet.home.expiring", len(desk.Expiring), desk.Warn), Empty: "diet.home.expiringNone", Lines: s.dietLines(desk.Expiring)},
			{ID: "in-vigore", Title: render.Msg("diet.home.served", len(desk.Served)), Empty: "diet.home.servedNone", Lines: s.dietLines(desk.Served)},
		}}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/home", p)
}

func (s *Server) dietLines(files []store.DietFile) []DietLine {
	lines := make([]DietLine, len(files))
	for i := range files {
		f := &files[i]
		lines[i] = DietLine{f.Child, dietChildPlace(f), "diet.kind." + string(f.Request.Kind), f.Request.Code, dietWhen(f),
			s.to("diet.request", f.Request.Handle)}
	}
	return lines
}

// DietRequestPage is a request before the officer. Page name "diet/request".
type DietRequestPage struct {
	render.Page
	File        store.DietFile
	Place       string
	State       string // key
	Tone        string
	When        render.Message
	Kind        string // key
	Flagged     bool
	Why         render.Field // asked before the document is opened
	Document    string       // address of the opened document
	IsImage     bool
	Decisions   []DietDecisionLine
	Forms       []DietDecisionForm
	CodesURL    string
	HasDocument bool
}

// DietDecisionLine is a decision already taken.
type DietDecisionLine struct {
	What     string // key
	At       render.Message
	Actor    string
	Category string // key, empty for none
	Code     string
	From     canteen.Date
	Until    canteen.Date
	Reason   string
}

func (s *Server) dietRequest(w http.ResponseWriter, r *http.Request) error {
	p, err := s.dietRequestPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/request", p)
}

func (s *Server) dietRequestPage(r *http.Request) (*DietRequestPage, error) {
	f, err := s.store.OfficerDiet(act(r), routeVar(r, "dieta"))
	if err != nil {
		return nil, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	p := &DietRequestPage{File: f, Place: dietChildPlace(&f), State: "diet.state." + string(f.Standing), Tone: dietTone(&f), When: dietWhen(&f),
		Kind: "diet.kind." + string(f.Request.Kind), Flagged: f.Standing == canteen.DietExpired && f.Served, CodesURL: s.to("diet.codes"),
		HasDocument: f.Request.Certificate != "", IsImage: strings.HasPrefix(f.Request.Certificate, "image/"),
		Page: s.newPage(r, "diet.request.title", render.Crumb{Label: "diet.home.title", URL: s.to("diet.home")}, render.Crumb{Label: "diet.request.title"})}
	p.Why = render.Field{Name: "motivo", Type: render.TypeSelect, Label: "diet.request.why", Hint: "diet.request.whyHint"}
	for _, why := range store.CertificateReasons {
		p.Why.Options = append(p.Why.Options, render.Option{Value: why, Text: "diet.why." + why})
	}
	if why := r.URL.Query().Get("motivo"); p.HasDocument && slices.Contains(store.CertificateReasons[:], why) {
		pick(&p.Why, why)
		p.Document = s.to("diet.certificate", f.Request.Handle) + "?motivo=" + why
	}
	for _, d := range slices.Backward(f.Decisions) {
		p.Decisions = append(p.Decisions, decisionLine(d))
	}
	p.Forms = dietForms(&f, town.Diets)
	return p, nil
}

func decisionLine(d canteen.DietNote) DietDecisionLine {
	line := DietDecisionLine{What: "diet.step." + string(d.Step), At: render.Msg("diet.request.at", canteen.DateOf(d.At), clockSeconds(d.At)),
		Actor: d.Actor, Reason: d.Reason}
	if d.Category != "" {
		line.Category, line.Code, line.From, line.Until = "diet.category."+string(d.Category), d.Code, d.From, d.Until
	}
	return line
}

// dietCertificate shows the document to the officer who said why. The record
// notes it, so the reason is one of a list and no free text in an address.
func (s *Server) dietCertificate(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.store.Certificate(act(r), routeVar(r, "dieta"), r.URL.Query().Get("motivo"))
	if err != nil {
		return err
	}
	return serveDocument(w, doc)
}
