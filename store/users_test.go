package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// FuzzSession: what a session writes reads back the same, and anything else is
// nobody's.
func FuzzSession(f *testing.F) {
	f.Add("elena", 3, true, int64(1_800_000_000), "firefox/android", "192.0.2.0/24", "spid", "2 x")
	f.Add("a login with spaces", -1, false, int64(0), "", "", "", "")
	f.Fuzz(func(t *testing.T, login string, epoch int, half bool, at int64, device, address, provider, line string) {
		for _, word := range []string{device, address, provider} {
			if strings.ContainsAny(word, " _") || strings.HasPrefix(word, "-") {
				t.Skip("the words of a session are ours and have neither")
			}
		}
		at %= 1 << 40
		one := Session{Login: login, Epoch: epoch, Half: half, Began: time.Unix(at, 0), Deadline: time.UnixMilli(at * 1000), Device: device, Address: address, Provider: provider}
		if got, ok := ParseSession(one.Line()); !ok || got != one {
			t.Errorf("ParseSession(%q) = %+v, %t; want %+v", one.Line(), got, ok, one)
		}
		if got, ok := ParseSession([]byte(line)); !ok && got != (Session{}) {
			t.Errorf("ParseSession(%q) refuses and gives %+v", line, got)
		}
	})
}

func TestParseSession_olderForms(t *testing.T) {
	for _, line := range []string{"", "kq1 4 elena", "2 kq1 4 elena", "1 a b 3 - - - - elena", "2 ! a 3 - - - - elena"} {
		if s, ok := ParseSession([]byte(line)); ok {
			t.Errorf("ParseSession(%q) = %+v, want nobody", line, s)
		}
	}
}

// clerk adds a login of the office and returns its act.
func clerk(t *testing.T, s *Store, login string) Act {
	t.Helper()
	if err := s.AddUser(Console(), User{Login: login, Name: "C.", Role: canteen.RoleOffice}, ""); err != nil {
		t.Fatal(err)
	}
	return Act{Actor: canteen.Actor{Login: login, Role: canteen.RoleOffice}}
}

// plainVault turns bits, so that the plain text does not stay.
type plainVault struct{ broken bool }

func (v plainVault) Seal(plain []byte) ([]byte, error) { return v.Open(plain) }
func (v plainVault) Open(sealed []byte) ([]byte, error) {
	if v.broken {
		return nil, errors.New("another key")
	}
	out := make([]byte, len(sealed))
	for i := range sealed {
		out[i] = ^sealed[i]
	}
	return out, nil
}
func (plainVault) Recipient() string { return "test" }

func TestFactor_withoutAVault(t *testing.T) {
	s, _ := open(t)
	s.opt.Vault = nil
	act := clerk(t, s, "carla")
	if _, err := s.SetFactor(act, "carla", NewFactorSecret(), "000000"); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("SetFactor without a vault: %v, want KindUnavailable", err)
	}
	if err := s.SetFactorRoles(Console(), []canteen.Role{canteen.RoleOffice}); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("SetFactorRoles without a vault: %v: it would lock everybody out", err)
	}
	if err := s.SetFactorRoles(Console(), []canteen.Role{canteen.RoleGuardian}); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("SetFactorRoles for families: %v, want KindInvalid", err)
	}
	if err := s.SetFactorRoles(act, nil); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("SetFactorRoles by the office: %v, want KindForbidden", err)
	}
}

// TestFactor_anotherKey: a vault that cannot open the secret lets nobody in by
// the app, and says why; a recovery code still does.
func TestFactor_anotherKey(t *testing.T) {
	s, _ := open(t)
	s.opt.Vault = plainVault{}
	act := clerk(t, s, "carla")
	secret := NewFactorSecret()
	key, err := parseFactorSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := s.SetFactor(act, "carla", secret, codeAt(t, key, s.now()))
	if err != nil {
		t.Fatal(err)
	}
	s.opt.Vault = plainVault{broken: true}
	if err := s.PassFactor(act, "carla", "000000"); canteen.KindOf(err) != canteen.KindUnavailable {
		t.Errorf("PassFactor with another key: %v, want KindUnavailable", err)
	}
	if err := s.PassFactor(act, "carla", codes[0]); err != nil {
		t.Errorf("a recovery code with another key: %v", err)
	}
}

// codeAt finds the code of an instant by trying them all: no code of the rule's
// own is shared with the test.
func codeAt(t *testing.T, key []byte, at time.Time) string {
	t.Helper()
	for n := range 1_000_000 {
		code := string([]byte{'0' + byte(n/100000), '0' + byte(n/10000%10), '0' + byte(n/1000%10), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)})
		if _, ok := canteen.MatchTOTP(key, code, at, 0); ok {
			return code
		}
	}
	t.Fatal("no code of six digits is good")
	return ""
}

func TestUsers_listsKeepSecretsBack(t *testing.T) {
	s, _ := open(t)
	if err := s.InviteUser(Console(), User{Login: "rosa", Name: "R.", Role: canteen.RoleOffice}, "the secret", "https://servizi.example.it/accedi/invito/x"); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeUser(Console(), "rosa", "reset", func(u *User) { u.Hash = "a hash" }); err != nil {
		t.Fatal(err)
	}
	all, err := s.Users(Console())
	if err != nil || len(all) != 1 {
		t.Fatalf("Users: %d, %v", len(all), err)
	}
	if u := all[0]; u.Hash != "" || u.Invite.Hash != "" || u.Invite.IsZero() {
		t.Errorf("the list shows %+v: what proves who somebody is has no business there", u)
	}
	if _, err := s.Users(Act{Actor: canteen.Actor{Login: "c", Role: canteen.RoleOffice}}); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("Users for the office: %v, want KindForbidden", err)
	}
}
