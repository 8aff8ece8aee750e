package handlers

import (
	"bytes"
	"net/http"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AuditHomePage is what the auditor sees first: the totals of the town, the state
// of the register of accesses and the proofs of the night. Page name "audit/home".
type AuditHomePage struct {
	render.Page
	Totals   store.Totals
	Entries  int
	Receipts int
	Register store.RegisterState
	Since    canteen.Date // of the register's first line
	Until    canteen.Date
	Dropped  int
	Runs     []OfficeRun // of the check, the backup and the retention job
}

// auditRuns are the jobs whose outcome matters to an auditor.
var auditRuns = map[string]bool{"check": true, "backup": true, "retention": true}

func (s *Server) auditHome(w http.ResponseWriter, r *http.Request) error {
	p := AuditHomePage{Page: s.newPage(r, "audit.home.title")}
	var err error
	if p.Totals, err = s.store.Totals(act(r)); err != nil {
		return err
	}
	p.Entries, p.Receipts = int(p.Totals.Entries), int(p.Totals.Receipts)
	if p.Register, err = s.store.RegisterState(act(r)); err != nil {
		return err
	}
	p.Dropped = int(p.Register.Dropped)
	if p.Register.Last != 0 {
		p.Since, p.Until = canteen.DateOf(p.Register.Since), canteen.DateOf(p.Register.Until)
	}
	runs, err := s.store.LastRuns(act(r))
	if err != nil {
		return err
	}
	for _, run := range runs {
		if auditRuns[run.Job] {
			p.Runs = append(p.Runs, OfficeRun{run})
		}
	}
	return s.page(w, r, http.StatusOK, "audit/home", p)
}

// auditCrumbs are the crumbs of a page of the auditor's.
func (s *Server) auditCrumbs(title string) []render.Crumb {
	return []render.Crumb{{Label: "audit.nav.home", URL: s.to("audit.home")}, {Label: title}}
}

// wordOf is the sentence of a word the record uses, and the word itself where the
// catalogue has none: other parts of the program add words.
func (s *Server) wordOf(r *http.Request, prefix, word string) string {
	if word == "" || !s.catalog.Has(prefix+word) {
		return word
	}
	return s.catalog.T(s.langOf(r), prefix+word)
}

// translator binds the catalogue to the language of a request.
func (s *Server) translator(r *http.Request) documents.Translate {
	return func(key string, args ...any) string { return s.catalog.T(s.langOf(r), key, args...) }
}

// sendFile answers with a file, made whole before its first byte is sent. It is
// personal: no cache keeps it.
func sendFile(w http.ResponseWriter, kind, name string, body *bytes.Buffer) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}
