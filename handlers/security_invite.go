package handlers

import (
	"context"
	"net/http"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// MinPassword is the shortest password a login may have, in characters.
const MinPassword = 12

// maxPassword bounds what is hashed, in bytes.
const maxPassword = 200

// SecurityInvitePage lets who was invited choose a password. Page name
// "security/invite".
type SecurityInvitePage struct {
	render.Page
	Login    string
	Action   string
	Password render.Field
	Again    render.Field
}

func (s *Server) invitedPage(r *http.Request) (*SecurityInvitePage, error) {
	if !s.addresses.ready(networkOf(s.client(r))) {
		return nil, canteen.Refuse(canteen.KindUnavailable, "error.busy")
	}
	secret := routeVar(r, "invito")
	u, err := s.store.Invited(secret)
	if err != nil {
		s.addresses.allow(networkOf(s.client(r)))
		return nil, err
	}
	return &SecurityInvitePage{Page: s.newPage(r, "security.invite.title"), Login: u.Login, Action: s.to("login.invite.submit", secret),
		Password: render.Field{Name: "password", Type: render.TypePassword, Label: "security.invite.password", Hint: "security.invite.passwordHint",
			Autocomplete: "new-password", MaxLength: maxPassword},
		Again: render.Field{Name: "again", Type: render.TypePassword, Label: "security.invite.again", Autocomplete: "new-password", MaxLength: maxPassword}}, nil
}

func (s *Server) loginInvite(w http.ResponseWriter, r *http.Request) error {
	p, err := s.invitedPage(r)
	if err != nil {
		return err
	}
	return s.noStore(w, r, http.StatusOK, "security/invite", p)
}

func (s *Server) loginInviteSubmit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.invitedPage(r)
	if err != nil {
		return err
	}
	password := r.PostFormValue("password")
	switch {
	case utf8.RuneCountInString(password) < MinPassword || len(password) > maxPassword || !utf8.ValidString(password):
		p.Password.Error = render.Msg("security.invite.short", MinPassword)
	case password != r.PostFormValue("again"):
		p.Again.Error = render.Msg("security.invite.differ")
	}
	if p.Problems = render.Problems(p.Password, p.Again); len(p.Problems) > 0 {
		return s.noStore(w, r, http.StatusUnprocessableEntity, "security/invite", p)
	}
	hash, err := s.hash(r.Context(), password)
	if err != nil {
		return err
	}
	if err := s.store.AcceptInvite(act(r), routeVar(r, "invito"), hash); err != nil {
		return err
	}
	u, err := s.store.User(p.Login)
	if err != nil {
		return err
	}
	return s.enter(w, r, u, "")
}

// hash makes the hash of a new password, in turn with those that are compared.
func (s *Server) hash(ctx context.Context, password string) (hash string, err error) {
	err = s.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(password, PasswordParams)
		return err
	})
	return hash, err
}

// inTurn runs what costs as much as hashing, one at a time: it must never starve
// what happens before the cut-off (performance.md). Who waits too long is told to
// try again.
func (s *Server) inTurn(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, RequestTimeout)
	defer cancel()
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.busy", Err: ctx.Err()}
	}
	return do()
}
