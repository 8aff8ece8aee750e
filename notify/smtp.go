package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/wneessen/go-mail"
)

// SMTP sends e-mail through a municipality's mail server.
type SMTP struct {
	Host           string
	Port           int
	User, Password string
	From           string      // "Mensa scolastica <mensa@comune.example.it>"
	TLS            string      // one of TLSModes
	Trust          *tls.Config // nil: the machine's own certificates
}

// The ways of encrypting. TLSMandatory (STARTTLS, refused without) is what one
// wants; TLSImplicit is port 465; TLSNone is for a relay on the same machine.
const (
	TLSMandatory = "mandatory"
	TLSImplicit  = "implicit"
	TLSNone      = "none"
)

// TLSModes lists the ways of encrypting.
var TLSModes = []string{TLSMandatory, TLSImplicit, TLSNone}

// smtpTimeout bounds each step of a delivery.
const smtpTimeout = 20 * time.Second

// CheckFrom refuses a sender's address that no mail server would take.
func CheckFrom(from string) error { return mail.NewMsg().From(from) }

// Send delivers one e-mail in a connection of its own.
func (s *SMTP) Send(ctx context.Context, l Letter) (string, error) {
	if err := l.valid(); err != nil {
		return "", err
	}
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.From), m.To(l.To)); err != nil {
		return "", fmt.Errorf("%w: %w", ErrRefused, err)
	}
	m.SetMessageIDWithValue(l.ID)
	m.SetDateWithValue(l.At)
	m.Subject(l.Subject)
	m.SetGenHeader(mail.HeaderContentLang, l.Lang)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday answers, RFC 3834
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	var line net.Conn
	client, err := s.client(&line)
	if err != nil {
		return "", err
	}
	if err := client.DialWithContext(ctx); err != nil {
		if line != nil { // go-mail leaves it open when the encryption or the login fails
			_ = line.Close()
		}
		return "", fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = client.Close() }() // the letter's fate is known by then
	if err := client.Send(m); err != nil && !m.IsDelivered() {
		return "", fate(err)
	}
	return m.ServerResponse(), nil
}

// client prepares a connection; line is set to it once it is there.
func (s *SMTP) client(line *net.Conn) (*mail.Client, error) {
	dial := func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		conn, err = new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			*line = conn
		}
		return conn, err
	}
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(smtpTimeout), mail.WithoutNoop(), mail.WithoutRset()}
	switch s.TLS {
	case TLSImplicit:
		options = append(options, mail.WithSSL())
	case TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS), mail.WithDialContextFunc(dial))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithDialContextFunc(dial))
	}
	if s.Trust != nil {
		options = append(options, mail.WithTLSConfig(s.Trust))
	}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return mail.NewClient(s.Host, options...)
}

// fate tells from how a delivery failed what became of the letter. A broken
// connection while the server was to answer the body leaves it unknown; a reply
// with a code of 5xx is for good, one of 4xx for now. What the server said is left
// out: it repeats the address.
func fate(err error) error {
	failed, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return errors.New("smtp: the delivery failed")
	}
	what := fmt.Errorf("smtp: %s, code %d %s", failed.Reason, failed.ErrorCode(), failed.EnhancedStatusCode())
	switch {
	case failed.ErrorCode() >= 500:
		return fmt.Errorf("%w: %w", ErrRefused, what)
	case failed.Reason == mail.ErrSMTPDataClose && failed.ErrorCode() == 0:
		return fmt.Errorf("%w: %w", ErrUnknown, what)
	}
	return what
}
