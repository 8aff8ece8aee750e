package store

import (
	"os"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// TestFindPupils_bySurnameAndName searches as an operator types: part of a
// surname, surname and part of the name, a PAN, a codice fiscale.
func TestFindPupils_bySurnameAndName(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	for _, c := range []struct {
		query string
		want  int
	}{
		{"verdi01", 1}, {"Verdi01 Aria", 1}, {"VERDI01 ar", 1}, {"verdi01 b", 0}, {"verdi", 5}, {"verdi0 aria", 0},
		{town.elder.String(), 1}, {"  ", 5},
	} {
		found, err := s.FindPupils(office(), c.query, 5)
		if err != nil || len(found) != c.want {
			t.Errorf("%q: %d pupils, %v; want %d", c.query, len(found), err, c.want)
		}
	}
	if _, err := s.FindPupils(town.family(town.elder), "verdi", 5); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("a family searched: %v, want not found", err)
	}
}

func TestOutsidePayment_longReferenceIsRefused(t *testing.T) {
	s, _ := open(t)
	town := fill(t, s)
	p := OutsidePayment{Pupil: town.elder, Amount: 10_00, Day: monday, Reference: strings.Repeat("r", maxReference+1)}
	if err := s.RecordOutsidePayment(office(), p); canteen.KindOf(err) != canteen.KindInvalid {
		t.Errorf("a reference of %d bytes: %v, want invalid", len(p.Reference), err)
	}
	p.Reference = p.Reference[1:]
	if err := s.RecordOutsidePayment(office(), p); err != nil {
		t.Errorf("a reference of %d bytes: %v", len(p.Reference), err)
	}
}

// TestVoidDay_alsoForAClassWithAnOpeningOfItsOwn: the class's rule stands above
// the school's, and still nobody ate.
func TestVoidDay_alsoForAClassWithAnOpeningOfItsOwn(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	day := monday.AddDays(1)
	if err := s.AddDayRule(office(), canteen.DayRule{Layer: canteen.ClassLayer, Scope: "FGAA00001A 1A", From: day, To: day, Open: true, Reason: "recupero"}); err != nil {
		t.Fatal(err)
	}
	c.at(day.AddDays(1), "08:00")
	if err := s.VoidDay(office(), day, "neve"); err != nil {
		t.Fatal(err)
	}
	status, err := s.Day(office(), day)
	if err != nil || status.State != canteen.DayVoid {
		t.Errorf("the day is %s, %v; want void", status.State, err)
	}
}

// TestOpen_rottenFileIsAnError turns the pages of a file into noise: opening it
// says so and the process lives.
func TestOpen_rottenFileIsAnError(t *testing.T) {
	s, c := openUnproved(t)
	fill(t, s)
	c.at(monday, "10:00")
	closeDue(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for page := 2; page*4096 < len(whole) && refused < 5; page++ {
		rotten := append([]byte(nil), whole...)
		for i := range 16 {
			rotten[page*4096+i] ^= 0xa5
		}
		if err := os.WriteFile(s.Path(), rotten, 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := Open(s.Path(), Options{Now: c.now})
		if err != nil {
			refused++
			continue
		}
		if err := again.Close(); err != nil { // a page nobody uses
			t.Fatal(err)
		}
	}
	if refused < 5 {
		t.Errorf("%d pages of the file mattered, want more", refused)
	}
}

// TestOnce_aSecondClickDoesNothingTwice sends the office's acts twice with the
// id of one form.
func TestOnce_aSecondClickDoesNothingTwice(t *testing.T) {
	s, c := open(t)
	fill(t, s)
	act := office()
	act.Once = "modulo-1"
	rule := canteen.DayRule{Layer: canteen.Town, From: monday.AddDays(7), To: monday.AddDays(7), Reason: "patrono"}
	for range 2 {
		if err := s.AddDayRule(act, rule); err != nil {
			t.Fatal(err)
		}
	}
	act.Once = "modulo-2"
	tariff := canteen.Tariff{From: monday.AddDays(30), Act: "D.G.C. 50/2026", Rates: []canteen.Rate{{Price: 3_00}}}
	for range 2 {
		if err := s.AddTariff(act, tariff); err != nil {
			t.Fatal(err)
		}
	}
	view, err := s.Town(act)
	if err != nil || len(view.Rules) != 1 || len(view.Tariffs) != 3 {
		t.Errorf("%d rules and %d tariffs, %v; want 1 and 3", len(view.Rules), len(view.Tariffs), err)
	}
	if err := s.AddTariff(act, canteen.Tariff{From: monday.AddDays(40), Act: "altra", Rates: tariff.Rates}); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("another tariff with the same form: %v, want conflict", err)
	}
	c.at(monday.AddDays(1), "08:00")
	act.Once = "modulo-3"
	for range 2 {
		if err := s.VoidDay(act, monday, "neve"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAddUser_cannotPassForTheProgram: rights hang on the names of the actors
// that are nobody's, so nobody gets one.
func TestAddUser_cannotPassForTheProgram(t *testing.T) {
	s, _ := open(t)
	for _, login := range []string{"job", " Console ", "token:sms"} {
		err := s.AddUser(Console(), User{Login: login, Role: canteen.RoleAuditor}, "")
		if canteen.KindOf(err) != canteen.KindInvalid {
			t.Errorf("a user %q: %v, want invalid", login, err)
		}
	}
	if err := s.AddUser(Console(), User{Login: "jobs", Role: canteen.RoleAuditor}, ""); err != nil {
		t.Errorf("a user called jobs: %v", err)
	}
}

// TestToken_revokedIsWorthNothingAtOnce, and an expired one too.
func TestToken_revokedIsWorthNothingAtOnce(t *testing.T) {
	s, c := open(t)
	secret, err := s.AddToken(Console(), Token{Name: "sms", Scopes: []string{ScopeFamilyGateway}, Expires: c.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := s.TokenActor(secret); err != nil || a.Login != "token:sms" || !a.HasScope(ScopeFamilyGateway) {
		t.Fatalf("a good token: %+v, %v", a, err)
	}
	c.advance(time.Hour + time.Second)
	if _, err := s.TokenActor(secret); canteen.KindOf(err) != canteen.KindUnauthenticated {
		t.Errorf("an expired token: %v, want unauthenticated", err)
	}
	c.advance(-time.Hour)
	all, err := s.Tokens(Console())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := s.RevokeToken(Console(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TokenActor(secret); canteen.KindOf(err) != canteen.KindUnauthenticated {
		t.Errorf("a revoked token: %v, want unauthenticated", err)
	}
}

// TestToken_aReadThatBeganEarlierBringsNothingBack: it sees the older reference
// data, and must not leave it behind for others.
func TestToken_aReadThatBeganEarlierBringsNothingBack(t *testing.T) {
	s, _ := open(t)
	secret, err := s.AddToken(Console(), Token{Name: "sms", Scopes: []string{ScopeFamilyGateway}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Tokens(Console())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	err = s.view(Act{}, func(tx *tx) error {
		if err := s.RevokeToken(Console(), all[0].ID); err != nil {
			return err
		}
		if len(tx.townNow().tokens) != 1 {
			t.Error("a read saw what was written after it began")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.TokenActor(secret); canteen.KindOf(err) != canteen.KindUnauthenticated {
		t.Errorf("a revoked token after an old read: %v, want unauthenticated", err)
	}
}
