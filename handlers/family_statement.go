package handlers

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/store"
)

// familyStatement is an account over a period, in the order of the days.
type familyStatement struct {
	account store.AccountView
	opening canteen.Cents
	lines   []store.AccountLine
}

// statementOf reads the account of a child over a period and carries its balance
// from day to day. A movement entered later for an earlier day stands on its
// day, so that opening, movements and closing always add up.
func (s *Server) statementOf(r *http.Request, f *store.FamilyPupil, period DayRange) (familyStatement, error) {
	view, err := s.store.Account(act(r), f.Pupil.PAN, period.From, max(period.To, s.today()))
	if err != nil {
		return familyStatement{}, err
	}
	st := familyStatement{account: view, opening: view.Balance}
	for _, l := range view.Lines {
		st.opening -= l.Amount
		if l.Day <= period.To {
			st.lines = append(st.lines, l)
		}
	}
	slices.SortFunc(st.lines, func(a, b store.AccountLine) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Line, b.Line))
	})
	balance := st.opening
	for i := range st.lines {
		balance += st.lines[i].Amount
		st.lines[i].Balance = balance
	}
	return st, nil
}

// familyStatementCSV downloads the movements of a period as a table.
func (s *Server) familyStatementCSV(w http.ResponseWriter, r *http.Request) error {
	return s.statementAs(w, r, "text/csv; charset=utf-8", "csv", func(b *bytes.Buffer, t documents.Translate, d *documents.Statement) error {
		return documents.StatementCSV(b, t, d)
	})
}

// familyStatementPDF downloads the movements of a period to be printed.
func (s *Server) familyStatementPDF(w http.ResponseWriter, r *http.Request) error {
	return s.statementAs(w, r, "application/pdf", "pdf", func(b *bytes.Buffer, t documents.Translate, d *documents.Statement) error {
		return documents.StatementPDF(b, t, s.fonts, d)
	})
}

// statementAs answers with a document, made whole before its first byte is sent.
func (s *Server) statementAs(w http.ResponseWriter, r *http.Request, kind, extension string,
	write func(*bytes.Buffer, documents.Translate, *documents.Statement) error) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	f, err := kids.that(canteen.RightPay).with(routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	var p FamilyAccountPage
	if !s.readPeriod(r, &p) {
		return canteen.Invalid("al", p.Problems[0].Message.Key, p.Problems[0].Message.Args...)
	}
	doc, err := s.statementDocument(r, f, p.Period)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	t := func(key string, args ...any) string { return s.catalog.T(s.langOf(r), key, args...) }
	if err := write(&body, t, &doc); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="estratto-conto-`+p.Period.From.String()+"-"+p.Period.To.String()+"."+extension+`"`)
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}

func (s *Server) statementDocument(r *http.Request, f *store.FamilyPupil, period DayRange) (documents.Statement, error) {
	st, err := s.statementOf(r, f, period)
	if err != nil {
		return documents.Statement{}, err
	}
	doc := documents.Statement{Town: s.opt.Town.Name, Pupil: childFullName(&f.Pupil), PAN: f.Pupil.PAN, From: period.From, To: period.To,
		Issued: st.account.UpdatedAt, Opening: st.opening}
	for i := range st.lines {
		l := &st.lines[i]
		what := movementWord(l)
		text := s.catalog.T(s.langOf(r), what.Key, what.Args...)
		if l.Reason != "" {
			text += " (" + l.Reason + ")"
		}
		doc.Lines = append(doc.Lines, documents.StatementLine{Day: l.Day, At: l.At, What: text, Amount: l.Amount, Balance: l.Balance})
	}
	return doc, nil
}
