package handlers

import (
	"bytes"
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AuditRegisterPage is the register of accesses. What is searched for travels in
// the body of a form, so that no address names anybody. Page name
// "audit/register".
type AuditRegisterPage struct {
	render.Page
	From, To, Login, What, Person render.Field
	Subject                       string // whose lines are shown, a canteen.Subject
	SubjectName                   string
	Found                         []store.SubjectFound // to choose from
	Lines                         []AuditLine
	Next                          uint64
	Older                         bool // not the newest lines
}

// AuditLine is a line of the register in words.
type AuditLine struct {
	store.AccessLine
	Day      canteen.Date
	WhatText string
	By       string // of a login: how it was proved
	Refused  bool
}

// auditPageSize is how many lines a page shows, auditExport how many a file.
const (
	auditPageSize = 50
	auditExport   = 10_000
)

// auditWhats are the kinds of line one can ask for.
var auditWhats = []string{store.AccessLogin, store.SawSearch, store.SawPupil, store.SawGuardians, store.SawEnrolments, store.SawAccount,
	store.SawCalendar, store.SawPrice, store.SawReceipt, "person", "diet", "certificate", "application", store.SawApplications,
	"roll", "band", "diets", "desk.queue", "desk.day", "desk.paper", "messages", store.SawHolds, store.SawRegister, store.AccessDropped}

func (s *Server) auditRegisterPage(r *http.Request) *AuditRegisterPage {
	today := s.today()
	p := &AuditRegisterPage{Page: s.newPage(r, "audit.register.title", s.auditCrumbs("audit.register.title")...),
		From:   render.Field{Name: "from", Type: render.TypeDate, Label: "audit.filter.from", Value: today.AddDays(-30).String(), Optional: true, Short: true},
		To:     render.Field{Name: "to", Type: render.TypeDate, Label: "audit.filter.to", Value: today.String(), Optional: true, Short: true},
		Login:  render.Field{Name: "login", Label: "audit.filter.login", MaxLength: 100, Optional: true},
		What:   render.Field{Name: "what", Type: render.TypeSelect, Label: "audit.filter.what", Optional: true, Options: []render.Option{{Text: "audit.what.any"}}},
		Person: render.Field{Name: "q", Label: "audit.filter.person", Hint: "audit.filter.personHint", MaxLength: 100, Optional: true}}
	for _, what := range auditWhats {
		p.What.Options = append(p.What.Options, render.Option{Value: what, Text: "audit.what." + what})
	}
	return p
}

func (s *Server) auditRegister(w http.ResponseWriter, r *http.Request) error {
	p := s.auditRegisterPage(r)
	if err := s.auditLines(r, p); err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "audit/register", p)
}

// auditRegisterSearch shows the lines a form asks for.
func (s *Server) auditRegisterSearch(w http.ResponseWriter, r *http.Request) error {
	p, err := s.auditAsked(r)
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		return s.page(w, r, http.StatusUnprocessableEntity, "audit/register", p)
	}
	if len(p.Found) == 0 {
		if err := s.auditLines(r, p); err != nil {
			return err
		}
	}
	return s.page(w, r, http.StatusOK, "audit/register", p)
}

// auditAsked reads the form and finds whom it means.
func (s *Server) auditAsked(r *http.Request) (*AuditRegisterPage, error) {
	p := s.auditRegisterPage(r)
	form := officeForm{&p.From, &p.To, &p.Login, &p.What, &p.Person}
	if _, err := form.read(r); err != nil {
		return nil, err
	}
	from, to := fieldOf(&p.From, canteen.ParseDate), fieldOf(&p.To, canteen.ParseDate)
	if !to.IsZero() && to < from {
		p.To.Error = render.Msg("error.communication.range")
	}
	p.Subject = r.PostForm.Get("subject")
	if p.Subject == "" && p.Person.Value != "" && !form.wrong() {
		found, err := s.store.FindSubjects(act(r), p.Person.Value, 20)
		if err != nil {
			return nil, err
		}
		switch p.Found = found; len(found) {
		case 0:
			p.Person.Error = render.Msg("audit.filter.nobody")
		case 1:
			p.Subject, p.Found = string(found[0].Subject), nil
		}
	}
	p.Problems = form.problems()
	if p.Subject != "" {
		var err error
		if p.SubjectName, err = s.store.SubjectName(act(r), canteen.Subject(p.Subject)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// filter is what the page asks of the record. Days that cannot be read have been
// refused before.
func (p *AuditRegisterPage) filter(limit int) store.AccessFilter {
	f := store.AccessFilter{Login: store.CleanLogin(p.Login.Value), What: p.What.Value, Whose: canteen.Subject(p.Subject), Limit: limit}
	f.From, _ = canteen.ParseDate(p.From.Value)
	f.To, _ = canteen.ParseDate(p.To.Value)
	return f
}

func (s *Server) auditLines(r *http.Request, p *AuditRegisterPage) error {
	f := p.filter(auditPageSize)
	if before, err := strconv.ParseUint(r.PostFormValue("before"), 10, 64); err == nil {
		f.Before, p.Older = before, true
	}
	page, err := s.store.Accesses(act(r), f)
	if err != nil {
		return err
	}
	p.Next = page.Next
	for _, l := range page.Lines {
		p.Lines = append(p.Lines, AuditLine{AccessLine: l, Day: canteen.DateOf(l.At), WhatText: s.wordOf(r, "audit.what.", l.What),
			By: s.wordOf(r, "audit.provider.", l.Provider), Refused: l.Result == store.AccessRefused})
	}
	return nil
}

// auditRegisterCSV downloads the lines a form asks for, the newest ten thousand.
func (s *Server) auditRegisterCSV(w http.ResponseWriter, r *http.Request) error {
	p, err := s.auditAsked(r)
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 || len(p.Found) > 0 {
		return s.page(w, r, http.StatusUnprocessableEntity, "audit/register", p)
	}
	var lines []documents.RegisterLine
	for f := p.filter(1000); len(lines) < auditExport; {
		page, err := s.store.Accesses(act(r), f)
		if err != nil {
			return err
		}
		for _, l := range page.Lines {
			lines = append(lines, documents.RegisterLine{Number: l.Number, At: l.At, Who: l.Login, Role: s.wordOf(r, "role.", string(l.Role)),
				What: s.wordOf(r, "audit.what.", l.What), Whose: l.Whose, Why: l.Why, Result: s.wordOf(r, "audit.result.", l.Result),
				Address: l.Address, Channel: s.wordOf(r, "audit.channel.", string(l.Channel))})
		}
		if f.Before = page.Next; f.Before == 0 {
			break
		}
	}
	var body bytes.Buffer
	if err := documents.RegisterCSV(&body, s.translator(r), lines); err != nil {
		return err
	}
	return sendFile(w, "text/csv; charset=utf-8", "registro-accessi-"+s.today().String()+".csv", &body)
}
