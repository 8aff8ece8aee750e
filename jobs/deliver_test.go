package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"refettorio/canteen"
	"refettorio/notify"
	"refettorio/store"
)

// pigeons is a sender that does as it is told, in turn.
type pigeons struct {
	mu     sync.Mutex
	errs   []error // of the next letters; then all arrive
	took   []notify.Letter
	during func()
}

func (p *pigeons) Send(_ context.Context, l notify.Letter) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.during != nil {
		p.during()
	}
	if len(p.errs) > 0 {
		err := p.errs[0]
		p.errs = p.errs[1:]
		if err != nil {
			return "", err
		}
	}
	p.took = append(p.took, l)
	return fmt.Sprint("nr ", len(p.took)), nil
}

func (p *pigeons) letters() []notify.Letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.took
}

// words are texts that show what they were made of.
type words struct{}

func (words) T(lang, key string, args ...any) string {
	return strings.TrimSpace(lang + " " + key + " " + fmt.Sprintln(args...))
}
func (words) Has(key string) bool { return strings.HasSuffix(key, "code-phone.sms") }

func (h *house) post(p *pigeons) {
	h.r.opt.Post = &Post{Sender: p, Channels: []canteen.Channel{canteen.ChannelEmail, canteen.ChannelSMS}, Words: words{},
		Town: "Comune", Service: "Mensa", Site: "https://mensa.example.it", Domain: "mensa.example.it"}
}

// ask begins a registration, which sends two codes.
func (h *house) ask(email string) {
	h.Helper()
	err := h.s.BeginRegistration(store.Act{}, "the-word-of-"+email, store.RegistrationContacts{Email: email, Phone: "3331112223", Lang: "en", ByText: true})
	if err != nil {
		h.Fatal(err)
	}
}

// A code leaves at once, in the language of who asked, once.
func TestDeliver_codesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 8, 0, 0))
		p := &pigeons{}
		h.post(p)
		h.start()
		h.ask("ada@example.org")
		synctest.Wait()
		got := p.letters()
		if len(got) != 2 {
			t.Fatalf("%d letters without any time passing, want 2", len(got))
		}
		mail, sms := got[0], got[1]
		if mail.To != "ada@example.org" || !strings.HasPrefix(mail.Subject, "en message.code-email.subject") ||
			!strings.Contains(mail.Text, "message.footer Mensa Comune https://mensa.example.it") || !strings.HasSuffix(mail.ID, "@mensa.example.it") {
			t.Errorf("the e-mail: %+v", mail)
		}
		if sms.To != "+393331112223" || !strings.HasPrefix(sms.Text, "en message.code-phone.sms") || strings.Contains(sms.Text, "footer") || sms.ID == mail.ID {
			t.Errorf("the text message: %+v", sms)
		}
		h.clock.until(at(monday, 8, 30, 0))
		if n := len(p.letters()); n != 2 {
			t.Errorf("half an hour later %d letters, want 2", n)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// What fails for now is tried again under the same id, what is refused is not,
// and what may have arrived is not sent twice.
func TestDeliver_failures(t *testing.T) {
	for name, c := range map[string]struct {
		errs  []error
		after time.Duration
		want  int // letters in the end, of two
		state string
	}{
		"for now":       {[]error{errors.New("452 later")}, 20 * time.Second, 2, ""},
		"for good":      {[]error{fmt.Errorf("550: %w", notify.ErrRefused)}, time.Hour, 1, "state=failed"},
		"nobody knows":  {[]error{fmt.Errorf("broken: %w", notify.ErrUnknown)}, time.Hour, 1, "state=unknown"},
		"no way out":    {[]error{notify.ErrUnreachable}, 40 * time.Second, 2, "job failed"},
		"never for now": {manyTimes(errors.New("452 later"), 40), time.Hour, 0, "messages expired"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := build(t, at(monday, 8, 0, 0))
				p := &pigeons{errs: c.errs}
				h.post(p)
				h.start()
				h.ask("ada@example.org")
				h.clock.until(at(monday, 8, 0, 0).Add(c.after))
				if n := len(p.letters()); n != c.want {
					t.Errorf("%d letters arrived, want %d", n, c.want)
				}
				if !strings.Contains(h.log.String(), c.state) || strings.Contains(h.log.String(), "ada@") {
					t.Errorf("the log lacks %q or names somebody:\n%s", c.state, h.log)
				}
				if n, _, err := h.s.WaitingMessages(store.Console()); err != nil || n != 0 {
					t.Errorf("%d messages wait in the end, %v; want none", n, err)
				}
				if err := h.r.Stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func manyTimes(err error, n int) (all []error) {
	for range n {
		all = append(all, err)
	}
	return all
}

// While there is no way out nothing is lost, the office sees it once, and a slow
// server keeps no day from closing.
func TestDeliver_nothingWaitsForThePost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 9, 29, 50))
		p := &pigeons{during: func() { time.Sleep(50 * time.Second) }}
		h.post(p)
		h.start()
		h.ask("ada@example.org")
		h.clock.until(at(monday, 9, 30, 6))
		h.wantClosed(monday, at(monday, 9, 30, 0))
		h.clock.until(at(monday, 9, 35, 0))
		if n := len(p.letters()); n != 2 {
			t.Errorf("%d letters, want 2", n)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// Without mail settings messages wait, and the codes in them do not stay.
func TestDeliver_withoutASender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 8, 0, 0))
		h.start()
		h.ask("ada@example.org")
		h.clock.until(at(monday, 8, 5, 0))
		if n, _, err := h.s.WaitingMessages(store.Console()); err != nil || n != 2 {
			t.Errorf("%d messages wait, %v; want 2", n, err)
		}
		h.clock.until(at(monday, 8, 12, 0))
		if n, _, err := h.s.WaitingMessages(store.Console()); err != nil || n != 0 {
			t.Errorf("%d codes wait after their time, %v; want none", n, err)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}
