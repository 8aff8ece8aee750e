package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/intake"
	"refettorio/store"
)

// action is one command, done on an open store.
type action func(context.Context, *store.Store, json.RawMessage) (any, error)

var actions = map[string]action{
	"backup":       typed(backup),
	"check":        typed(check),
	"close":        typed(closeDay),
	"import":       typed(importFile),
	"key.check":    typed(checkKey),
	"user.add":     typed(addUser),
	"user.list":    typed(listUsers),
	"user.change":  typed(changeUser),
	"token.add":    typed(addToken),
	"token.list":   typed(listTokens),
	"token.revoke": typed(revokeToken),
}

// typed reads the arguments of a command into their struct.
func typed[A, R any](do func(context.Context, *store.Store, A) (R, error)) action {
	return func(ctx context.Context, s *store.Store, raw json.RawMessage) (any, error) {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, fmt.Errorf("arguments: %w", err)
		}
		return do(ctx, s, args)
	}
}

// None is the arguments of a command that has none, or the result of one that
// only succeeds.
type None struct{}

// BackupArgs names the file to write.
type BackupArgs struct {
	Path string `json:"path"`
}

// BackupResult is what was written.
type BackupResult struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
}

func backup(_ context.Context, s *store.Store, a BackupArgs) (BackupResult, error) {
	size, err := s.Backup(a.Path)
	return BackupResult{a.Path, size}, err
}

func check(_ context.Context, s *store.Store, _ None) (store.Report, error) {
	return s.Check(store.Console(), nil)
}

// CloseArgs names the day to close; zero is today.
type CloseArgs struct {
	Day canteen.Date `json:"day"`
}

// CloseResult is the day's sheets after the close.
type CloseResult struct {
	canteen.DaySheets
	Closed int `json:"closed"` // schools closed by this command
}

func closeDay(ctx context.Context, s *store.Store, a CloseArgs) (r CloseResult, err error) {
	r.Date = a.Day
	if a.Day.IsZero() {
		r.Date = canteen.DateOf(s.Now())
	}
	if r.Closed, err = s.CloseDay(ctx, store.Console(), r.Date); err != nil {
		return r, err
	}
	r.Sheets, err = s.Sheets(store.Console(), r.Date, "", 0, false)
	return r, err
}

// ImportArgs is a file of a kind, whole.
type ImportArgs struct {
	Kind    string `json:"kind"`
	File    []byte `json:"file"`
	DryRun  bool   `json:"dry_run"`
	SkipBad bool   `json:"skip_bad"`
}

// ImportResult is the report of an import as the command prints it.
type ImportResult struct {
	Created   int         `json:"created"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	Refused   int         `json:"refused"`
	Written   bool        `json:"written"`
	Rows      []ImportRow `json:"rows"`
}

// ImportRow is one line of the report.
type ImportRow struct {
	Line    int      `json:"line"`
	Key     string   `json:"key"`
	Outcome string   `json:"outcome"`
	Field   string   `json:"field,omitempty"`
	Reason  string   `json:"reason,omitempty"` // key of the sentence; the command prints the sentence
	Args    []string `json:"args,omitempty"`
}

func importFile(ctx context.Context, s *store.Store, a ImportArgs) (ImportResult, error) {
	kind, err := intake.ParseKind(a.Kind)
	if err != nil {
		return ImportResult{}, err
	}
	f, err := intake.Read(kind, bytes.NewReader(a.File))
	if err != nil {
		return ImportResult{}, err
	}
	report, err := importRows(s, f, store.ImportOptions{DryRun: a.DryRun, SkipBad: a.SkipBad,
		Refused: f.Refused, Warnings: f.Warnings, Progress: progressOf(ctx)})
	if err != nil {
		return ImportResult{}, err
	}
	return importResult(report), nil
}

func importRows(s *store.Store, f intake.File, opt store.ImportOptions) (canteen.ImportReport, error) {
	act := store.Console()
	switch f.Kind {
	case intake.KindSchools:
		return s.ImportSchools(act, f.Schools, opt)
	case intake.KindClasses:
		return s.ImportClasses(act, f.Classes, opt)
	case intake.KindGuardians:
		return s.ImportGuardians(act, f.Guardians, opt)
	case intake.KindPupils:
		return s.ImportPupils(act, f.Pupils, opt)
	case intake.KindBalances:
		return s.ImportBalances(act, f.Balances, opt)
	case intake.KindMenu:
		return s.ImportMenus(act, f.Menu, opt)
	default:
		return s.ImportCalendar(act, f.Calendar, opt)
	}
}

func importResult(r canteen.ImportReport) ImportResult {
	out := ImportResult{Created: r.Count(canteen.RowCreated), Updated: r.Count(canteen.RowUpdated),
		Unchanged: r.Count(canteen.RowUnchanged), Refused: r.Count(canteen.RowRefused), Written: r.Written,
		Rows: make([]ImportRow, len(r.Rows))}
	for i, row := range r.Rows {
		out.Rows[i] = ImportRow{Line: row.Line, Key: row.Key, Outcome: string(row.Outcome)}
		if row.Reason != nil {
			out.Rows[i].Field, out.Rows[i].Reason, out.Rows[i].Args = row.Reason.Field, row.Reason.Key, words(row.Reason.Args)
		}
	}
	return out
}

func words(args []any) []string {
	var out []string
	for _, a := range args {
		out = append(out, fmt.Sprint(a))
	}
	return out
}

// UserArgs is a login to add or to change. Hash is the argon2id hash of its
// password, made by the command; empty leaves it as it is.
type UserArgs struct {
	User     store.User            `json:"user"`
	Guardian canteen.CodiceFiscale `json:"guardian,omitempty"`
	What     string                `json:"what,omitempty"` // "reset", "disable", "enable", "role"
}

func addUser(_ context.Context, s *store.Store, a UserArgs) (None, error) {
	return None{}, s.AddUser(store.Console(), a.User, a.Guardian)
}

func listUsers(_ context.Context, s *store.Store, _ None) ([]store.User, error) {
	all, err := s.Users(store.Console())
	for i := range all {
		all[i].Hash = "" // a hash has no business on a screen
	}
	return all, err
}

func changeUser(_ context.Context, s *store.Store, a UserArgs) (None, error) {
	return None{}, s.ChangeUser(store.Console(), a.User.Login, a.What, func(u *store.User) {
		switch a.What {
		case "reset":
			u.Hash = a.User.Hash
		case "disable":
			u.Disabled = true
		case "enable":
			u.Disabled = false
		case "role":
			u.Role, u.Schools, u.Kitchen = a.User.Role, a.User.Schools, a.User.Kitchen
		}
	})
}

// TokenArgs is a token to add; Days 0 never expires.
type TokenArgs struct {
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
	Days   int      `json:"days"`
}

// TokenResult is a new token's secret, shown once.
type TokenResult struct {
	Secret string `json:"secret"`
}

func addToken(_ context.Context, s *store.Store, a TokenArgs) (TokenResult, error) {
	t := store.Token{Name: a.Name, Scopes: a.Scopes}
	if a.Days > 0 {
		t.Expires = s.Now().Add(time.Duration(a.Days) * 24 * time.Hour)
	}
	secret, err := s.AddToken(store.Console(), t)
	return TokenResult{secret}, err
}

func listTokens(_ context.Context, s *store.Store, _ None) ([]store.Token, error) {
	return s.Tokens(store.Console())
}

// RevokeArgs names a token by its ID.
type RevokeArgs struct {
	ID string `json:"id"`
}

func revokeToken(_ context.Context, s *store.Store, a RevokeArgs) (None, error) {
	return None{}, s.RevokeToken(store.Console(), a.ID)
}
