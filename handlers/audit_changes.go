package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AuditChangesPage is the log of changes. Page name "audit/changes".
type AuditChangesPage struct {
	render.Page
	From, To, Login render.Field
	Lines           []AuditChange
	Next            uint64
	Older           bool
}

// AuditChange is a line of the log in words.
type AuditChange struct {
	store.LogLine
	Day  canteen.Date
	Text string
	Of   string // what was changed, as far as it may be shown
}

// auditChanges shows the log, newest first: all of it, or what a form asks for.
func (s *Server) auditChanges(w http.ResponseWriter, r *http.Request) error {
	p := &AuditChangesPage{Page: s.newPage(r, "audit.changes.title", s.auditCrumbs("audit.changes.title")...),
		From:  render.Field{Name: "from", Type: render.TypeDate, Label: "audit.filter.from", Optional: true, Short: true},
		To:    render.Field{Name: "to", Type: render.TypeDate, Label: "audit.filter.to", Optional: true, Short: true},
		Login: render.Field{Name: "login", Label: "audit.filter.login", MaxLength: 100, Optional: true}}
	form := officeForm{&p.From, &p.To, &p.Login}
	if _, err := form.read(r); err != nil {
		return err
	}
	f := store.LogFilter{From: fieldOf(&p.From, canteen.ParseDate), To: fieldOf(&p.To, canteen.ParseDate),
		Login: store.CleanLogin(p.Login.Value), Limit: auditPageSize}
	if !f.To.IsZero() && f.To < f.From {
		p.To.Error = render.Msg("error.communication.range")
	}
	if p.Problems = form.problems(); len(p.Problems) > 0 {
		return s.page(w, r, http.StatusUnprocessableEntity, "audit/changes", p)
	}
	if before, err := strconv.ParseUint(r.PostForm.Get("before"), 10, 64); err == nil {
		f.Before, p.Older = before, true
	}
	page, err := s.store.Changes(act(r), f)
	if err != nil {
		return err
	}
	p.Next = page.Next
	for _, l := range page.Lines {
		if strings.HasPrefix(l.What, "user.") {
			l.Detail = s.wordOf(r, "role.", l.Detail)
		}
		p.Lines = append(p.Lines, AuditChange{LogLine: l, Day: canteen.DateOf(l.At), Text: s.wordOf(r, "audit.log.", l.What), Of: changedThing(l.Key)})
	}
	return s.page(w, r, http.StatusOK, "audit/changes", p)
}

// changedThing is the key of a change as a page shows it: the random word of a
// person says nothing to a reader.
func changedThing(key string) string {
	if strings.HasPrefix(key, string(canteen.PersonSubject(""))) || strings.HasPrefix(key, string(canteen.PupilSubject(""))) {
		return ""
	}
	return key
}
