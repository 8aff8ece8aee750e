package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyDietsPage lists the diets a family has asked for. Page name "diet/family".
type FamilyDietsPage struct {
	render.Page
	Diets    []FamilyDietLine
	Children bool // there is a child to ask for
	White    int  // the limit of white meals without a certificate; 0: none
}

// FamilyDietLine is a diet request in a family's list.
type FamilyDietLine struct {
	Child    string
	Place    string
	Kind     string // key of its name
	State    string // key of its state
	Tone     string // see dietTone
	When     render.Message
	URL      string
	Flagged  bool // expired and still served
	Expiring bool
	Draft    bool
}

func (s *Server) familyDiets(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	all, err := s.store.FamilyDiets(act(r))
	if err != nil {
		return err
	}
	rules, err := s.store.DietRules(act(r))
	if err != nil {
		return err
	}
	p := FamilyDietsPage{Page: s.newPage(r, "diet.family.title", s.familyCrumbs("diet.family.title")...), Children: len(kids) > 0, White: rules.White}
	for i := range all {
		p.Diets = append(p.Diets, s.familyDietLine(&all[i]))
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/family", p)
}

func (s *Server) familyDietLine(f *store.DietFile) FamilyDietLine {
	return FamilyDietLine{Child: f.Child, Place: dietChildPlace(f), Kind: "diet.kind." + string(f.Request.Kind),
		State: "diet.state." + string(f.Standing), Tone: dietTone(f), When: dietWhen(f), URL: s.to("family.diet", f.Request.Handle),
		Flagged: f.Standing == canteen.DietExpired && f.Served, Expiring: f.Expiring, Draft: f.Standing == canteen.DietIncomplete}
}

func dietChildPlace(f *store.DietFile) string {
	return strings.Trim(f.School+", "+f.Class, ", ")
}

// dietTone is the look of a state: "good", "wait", "care" or "over".
func dietTone(f *store.DietFile) string {
	switch {
	case f.Standing == canteen.DietExpired, f.Standing == canteen.DietIncomplete, f.Expiring:
		return "care"
	case f.Standing == canteen.DietApproved:
		return "good"
	case f.Standing == canteen.DietSent:
		return "wait"
	}
	return "over"
}

// dietWhen says since when or until when, in one line.
func dietWhen(f *store.DietFile) render.Message {
	q := &f.Request
	switch f.Standing {
	case canteen.DietSent:
		return render.Msg("diet.when.sent", canteen.DateOf(q.Sent))
	case canteen.DietApproved:
		if q.Until == 0 {
			return render.Msg("diet.when.from", q.From, yearText(q.From))
		}
		return render.Msg("diet.when.fromUntil", q.From, yearText(q.From), q.Until, yearText(q.Until))
	case canteen.DietExpired:
		return render.Msg("diet.when.expired", q.Until, yearText(q.Until))
	}
	return render.Msg("diet.when.changed", canteen.DateOf(q.Changed))
}

// yearText is the year of a day, for the texts that speak of more than this one.
func yearText(d canteen.Date) string { return strconv.Itoa(d.Year()) }

// FamilyDietPage is one request as its family reads it. Page name "diet/file".
type FamilyDietPage struct {
	render.Page
	FamilyDietLine
	Handle      string
	Asked       string
	Certificate bool
	Receipt     string
	Sent        string // instant of the sending, in words
	SentDay     canteen.Date
	Decisions   []FamilyDecision
	Missing     []render.Message // what an incomplete request still needs
	CanWithdraw bool
	Code        string // of an approved diet, as it stands on the calendar
	Flag        render.Message
	FormID      string
	WithdrawID  string
}

// FamilyDecision is a decision with the reason the family reads.
type FamilyDecision struct {
	What   string // key
	Day    canteen.Date
	Reason string
}

func (s *Server) familyDiet(w http.ResponseWriter, r *http.Request) error {
	f, err := s.store.FamilyDiet(act(r), routeVar(r, "dieta"))
	if err != nil {
		return err
	}
	if f.Standing == canteen.DietIncomplete && r.FormValue("modifica") != "" {
		return s.page(w, r, http.StatusOK, "diet/ask", s.dietEditPage(r, &f))
	}
	p := s.familyDietPage(r, &f)
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/file", p)
}

func (s *Server) familyDietPage(r *http.Request, f *store.DietFile) FamilyDietPage {
	q := &f.Request
	p := FamilyDietPage{FamilyDietLine: s.familyDietLine(f), Handle: q.Handle, Asked: f.Asked, Certificate: q.Certificate != "",
		Receipt: q.Receipt.String(), CanWithdraw: q.State.Allows(canteen.DietWithdraw), FormID: newFormID(), WithdrawID: newFormID(),
		Page: s.newPage(r, "diet.file.title", render.Crumb{Label: "family.nav.children", URL: s.to("family.home")},
			render.Crumb{Label: "diet.family.title", URL: s.to("family.diets")}, render.Crumb{Label: "diet.file.title"})}
	if !q.Sent.IsZero() {
		p.Sent, p.SentDay = clockSeconds(q.Sent), canteen.DateOf(q.Sent)
	}
	if f.Served {
		p.Code = q.Code
	}
	for _, d := range f.Decisions {
		p.Decisions = append(p.Decisions, FamilyDecision{"diet.step." + string(d.Step), canteen.DateOf(d.At), d.Reason})
	}
	if len(q.Sealed) == 0 {
		p.Missing = append(p.Missing, render.Msg("diet.missing.words"))
	}
	if q.Kind == canteen.DietHealth && q.Certificate == "" {
		p.Missing = append(p.Missing, render.Msg("diet.missing.certificate"))
	}
	switch {
	case p.Flagged:
		p.Flag = render.Msg("diet.file.flagged", q.Until, yearText(q.Until))
	case p.Expiring:
		p.Flag = render.Msg("diet.file.expiring", q.Until, yearText(q.Until))
	}
	return p
}

// familyDietSend sends a request that its family has looked at.
func (s *Server) familyDietSend(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	handle := routeVar(r, "dieta")
	_, err := s.store.SendDiet(formAct(r), handle)
	if canteen.KindOf(err) == canteen.KindInvalid && err != nil {
		http.Redirect(w, r, s.to("family.diet", handle), http.StatusSeeOther) // the page says what is missing
		return nil
	}
	if err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.diet.sent", s.to("family.diet", handle))
}

func (s *Server) familyDietWithdraw(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	if err := s.store.WithdrawDiet(formAct(r), routeVar(r, "dieta")); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.diet.withdrawn", s.to("family.diets"))
}

// familyDietCertificate gives a family its own document back.
func (s *Server) familyDietCertificate(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.store.Certificate(act(r), routeVar(r, "dieta"), "")
	if err != nil {
		return err
	}
	return serveDocument(w, doc)
}
