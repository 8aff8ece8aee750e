package notify

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"refettorio/canteen"
)

// mailServer is a small SMTP server: it speaks STARTTLS and fails where it is
// told to.
type mailServer struct {
	t       *testing.T
	port    int
	trust   *tls.Config
	config  *tls.Config
	plain   bool              // no STARTTLS
	answers map[string]string // to a verb, in place of the usual
	drop    string            // a verb after which the connection breaks; "body": after the body came in

	mu   sync.Mutex
	got  []string // the letters taken
	auth int
}

func serveMail(t *testing.T, change func(*mailServer)) *mailServer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{t: t, port: l.Addr().(*net.TCPAddr).Port, trust: &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"},
		config: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}}
	if change != nil {
		change(s)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); talks.Wait() })
	return s
}

// talk is one connection.
func (s *mailServer) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = conn.Write([]byte(line + "\r\n")) }
	say("220 test")
	encrypted := false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		if verb == s.drop {
			return
		}
		if answer := s.answers[verb]; answer != "" {
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			if !encrypted && !s.plain {
				say("250-test\r\n250-STARTTLS\r\n250 8BITMIME")
			} else {
				say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME")
			}
		case "STARTTLS":
			say("220 go on")
			upgraded := tls.Server(conn, s.config)
			if upgraded.Handshake() != nil {
				return
			}
			conn, in, encrypted = upgraded, bufio.NewReader(upgraded), true
		case "AUTH":
			s.mu.Lock()
			s.auth++
			s.mu.Unlock()
			say("235 welcome")
		case "DATA":
			say("354 go on")
			body := ""
			for !strings.HasSuffix(body, "\r\n.\r\n") {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				body += line
			}
			if s.drop == "body" {
				return
			}
			if answer := s.answers["BODY"]; answer != "" {
				say(answer)
				continue
			}
			s.mu.Lock()
			s.got = append(s.got, body)
			s.mu.Unlock()
			say("250 2.0.0 taken as 4711")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) letters() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

func (s *mailServer) sender() *SMTP {
	return &SMTP{Host: "127.0.0.1", Port: s.port, From: "Mensa <mensa@comune.example.it>", TLS: TLSMandatory, Trust: s.trust}
}

func letter() Letter {
	return Letter{ID: "7.abc@comune.example.it", Channel: canteen.ChannelEmail, To: "ada@example.org", Lang: "it",
		Subject: "Mensa: è arrivato", Text: "Ciao <b>Ada</b> & figli,\n\n.un punto all’inizio", At: time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)}
}

func TestSMTP_delivers(t *testing.T) {
	s := serveMail(t, nil)
	sender := s.sender()
	sender.User, sender.Password = "mensa", "segreta"
	id, err := sender.Send(t.Context(), letter())
	if err != nil || !strings.Contains(id, "4711") {
		t.Fatalf("send: id %q, %v; want the server's word", id, err)
	}
	got := s.letters()
	if len(got) != 1 || s.auth != 1 {
		t.Fatalf("the server took %d letters after %d logins, want 1 and 1", len(got), s.auth)
	}
	for _, want := range []string{"Message-ID: <7.abc@comune.example.it>", "To: <ada@example.org>", "Auto-Submitted: auto-generated", "text/plain", "Ciao <b>Ada</b>"} {
		if !strings.Contains(got[0], want) {
			t.Errorf("want %q in the letter, got:\n%s", want, got[0])
		}
	}
}

// Every way in which a server fails has its own meaning, and none of the errors
// repeats the address.
func TestSMTP_everyFailure(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*mailServer)
		want   error // nil: to be tried again
	}{
		"no such mailbox":            {func(s *mailServer) { s.answers = map[string]string{"RCPT": "550 5.1.1 <ada@example.org> unknown"} }, ErrRefused},
		"mailbox full for now":       {func(s *mailServer) { s.answers = map[string]string{"RCPT": "452 4.2.2 <ada@example.org> full"} }, nil},
		"sender refused":             {func(s *mailServer) { s.answers = map[string]string{"MAIL": "553 not you"} }, ErrRefused},
		"body refused":               {func(s *mailServer) { s.answers = map[string]string{"BODY": "554 5.7.1 spam"} }, ErrRefused},
		"body refused for now":       {func(s *mailServer) { s.answers = map[string]string{"BODY": "451 later"} }, nil},
		"busy":                       {func(s *mailServer) { s.answers = map[string]string{"DATA": "421 later"} }, nil},
		"breaks before the body":     {func(s *mailServer) { s.drop = "DATA" }, nil},
		"breaks after the body":      {func(s *mailServer) { s.drop = "body" }, ErrUnknown},
		"breaks at once":             {func(s *mailServer) { s.drop = "EHLO" }, ErrUnreachable},
		"no encryption":              {func(s *mailServer) { s.plain = true }, ErrUnreachable},
		"a certificate nobody knows": {func(s *mailServer) { s.trust = &tls.Config{ServerName: "127.0.0.1"} }, ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveMail(t, c.change)
			_, err := s.sender().Send(t.Context(), letter())
			for _, kind := range []error{ErrRefused, ErrUnknown, ErrUnreachable} {
				if errors.Is(err, kind) != (kind == c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			}
			if err == nil || strings.Contains(err.Error(), "ada@") {
				t.Errorf("the error is %v: it must be there and name nobody", err)
			}
			if n := len(s.letters()); n != 0 {
				t.Errorf("the server took %d letters", n)
			}
		})
	}
}

func TestSMTP_nobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	sender := &SMTP{Host: "127.0.0.1", Port: port, From: "mensa@comune.example.it", TLS: TLSNone}
	if _, err := sender.Send(t.Context(), letter()); !errors.Is(err, ErrUnreachable) {
		t.Errorf("got %v, want unreachable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sender.Send(ctx, letter()); err == nil {
		t.Error("sent after the end")
	}
}

// What could break out of a header is refused by every sender.
func TestSenders_headerInjection(t *testing.T) {
	s := serveMail(t, nil)
	folder := Folder{t.TempDir()}
	for name, change := range map[string]func(*Letter){
		"a line in the address": func(l *Letter) { l.To = "ada@example.org\r\nBcc: all@example.org" },
		"a line in the subject": func(l *Letter) { l.Subject = "Ciao\r\nBcc: all@example.org" },
		"a bare line feed":      func(l *Letter) { l.Subject = "Ciao\nBcc: all@example.org" },
		"a line in the id":      func(l *Letter) { l.ID = "1\r\nX: y" },
		"no address":            func(l *Letter) { l.To = "" },
	} {
		l := letter()
		change(&l)
		for _, sender := range []Sender{s.sender(), folder} {
			if _, err := sender.Send(t.Context(), l); !errors.Is(err, ErrRefused) {
				t.Errorf("%s by %T: got %v, want refused", name, sender, err)
			}
		}
	}
	if all, err := folder.Letters(10); err != nil || len(all) != 0 || len(s.letters()) != 0 {
		t.Errorf("%d files, %d letters, %v; want none", len(all), len(s.letters()), err)
	}
}
