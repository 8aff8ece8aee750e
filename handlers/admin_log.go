package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AdminLogPage is who did what. Page name "admin/log".
type AdminLogPage struct {
	render.Page
	Actor, Kind, Day render.Field
	Lines            []AdminLogLine
	OlderURL         string
	NewestURL        string // empty on the first page
	Asked            bool   // there is a filter
}

// AdminLogLine is one change. About is empty where the change is about a family:
// the administrator is told that it was, not about whom.
type AdminLogLine struct {
	store.LogEntry
	Said  string // message key, or the word of the record
	About string
	Role  string // message key of the role a line about a login ends with
}

// When is the day of the change.
func (l AdminLogLine) When() canteen.Date { return canteen.DateOf(l.At) }

// logKinds are the kinds of changes the filter offers, as their words begin.
var logKinds = []string{"user.", "token.", "setting.", "signin", "calendar.", "tariff", "diet", "cutoff", "outage", "day.", "import."}

// openKinds are the kinds whose lines are about nobody but who works here.
var openKinds = []string{"user.", "token.", "setting.", "calendar.", "tariff", "diet", "cutoff", "outage", "day.", "import."}

const logPage = 50

func (s *Server) adminLog(w http.ResponseWriter, r *http.Request) error {
	day, err := dayVar(r, "day", 0)
	if err != nil {
		return err
	}
	before, _ := strconv.ParseUint(r.FormValue("before"), 10, 64) // anything else is the first page
	q := store.LogQuery{Actor: strings.TrimSpace(r.FormValue("actor")), Kind: r.FormValue("kind"), Day: day, Before: before, Limit: logPage}
	lines, more, err := s.store.LogPage(act(r), q)
	if err != nil {
		return err
	}
	p := AdminLogPage{Page: s.newPage(r, "admin.log.title"), Asked: q.Actor != "" || q.Kind != "" || !day.IsZero(),
		Actor: render.Field{Name: "actor", Label: "admin.log.actor", Value: q.Actor, Optional: true, MaxLength: 100},
		Kind:  render.Field{Name: "kind", Type: render.TypeSelect, Label: "admin.log.kind", Optional: true, Options: []render.Option{{Text: "admin.log.all"}}},
		Day:   render.Field{Name: "day", Type: render.TypeDate, Label: "admin.log.day", Optional: true, Short: true}}
	if !day.IsZero() {
		p.Day.Value = day.String()
	}
	for _, kind := range logKinds {
		p.Kind.Options = append(p.Kind.Options, render.Option{Value: kind, Text: "admin.kind." + strings.TrimSuffix(kind, ".")})
	}
	pick(&p.Kind, q.Kind)
	for _, line := range lines {
		p.Lines = append(p.Lines, s.logLine(line))
	}
	if more {
		p.OlderURL = s.logURL(q, lines[len(lines)-1].Number)
	}
	if before != 0 {
		p.NewestURL = s.logURL(q, 0)
	}
	return s.page(w, r, http.StatusOK, "admin/log", p)
}

func (s *Server) logLine(e store.LogEntry) AdminLogLine {
	line := AdminLogLine{LogEntry: e, Said: "admin.did." + e.What}
	if !s.catalog.Has(line.Said) {
		line.Said = e.What
	}
	open := slices.ContainsFunc(openKinds, func(kind string) bool { return strings.HasPrefix(e.What, kind) })
	if open && !strings.HasPrefix(e.Detail, string(canteen.RoleGuardian)) {
		line.About = strings.TrimSpace(e.Key + " " + e.Detail)
		if _, err := canteen.ParseRole(e.Detail); err == nil {
			line.About, line.Role = e.Key, "role."+e.Detail
		}
	}
	return line
}

func (s *Server) logURL(q store.LogQuery, before uint64) string {
	values := url.Values{}
	for name, value := range map[string]string{"actor": q.Actor, "kind": q.Kind} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if !q.Day.IsZero() {
		values.Set("day", q.Day.String())
	}
	if before != 0 {
		values.Set("before", strconv.FormatUint(before, 10))
	}
	return s.to("admin.log") + "?" + values.Encode()
}
