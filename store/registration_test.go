package store

import (
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// registering is somebody at the registration's pages, who also reads the mail.
type registering struct {
	t    *testing.T
	s    *Store
	c    *clock
	word string
}

func (r *registering) begin(email, phone string) {
	r.t.Helper()
	if err := r.tryBegin(email, phone); err != nil {
		r.t.Fatalf("begin: %v", err)
	}
}

func (r *registering) tryBegin(email, phone string) error {
	return r.s.BeginRegistration(Act{Channel: canteen.ChannelWeb}, r.word, RegistrationContacts{Email: email, Phone: phone, Lang: "it", ByText: true})
}

// letters are the messages to an address, oldest first.
func letters(t *testing.T, s *Store, to string) (all []Message) {
	t.Helper()
	err := s.view(Job(), func(tx *tx) error {
		for _, m := range loadAll[Message](tx, messages) {
			if m.To == to {
				all = append(all, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// codeTo is the last code sent to an address.
func codeTo(t *testing.T, s *Store, to string) string {
	t.Helper()
	all := letters(t, s, to)
	if len(all) == 0 || len(all[len(all)-1].Facts) == 0 {
		t.Fatalf("no code was sent to %s", to)
	}
	return all[len(all)-1].Facts[0].Text
}

func (r *registering) state() Registration {
	r.t.Helper()
	reg, err := r.s.Registration(r.word)
	if err != nil {
		r.t.Fatalf("registration: %v", err)
	}
	return reg
}

func (r *registering) prove() {
	r.t.Helper()
	reg := r.state()
	if err := r.s.ProveRegistration(Act{}, r.word, codeTo(r.t, r.s, reg.Email), codeTo(r.t, r.s, reg.Phone)); err != nil {
		r.t.Fatalf("prove: %v", err)
	}
}

func (r *registering) describe(g canteen.Guardian) {
	r.t.Helper()
	if err := r.s.DescribeRegistration(Act{}, r.word, g); err != nil {
		r.t.Fatalf("describe: %v", err)
	}
}

func (r *registering) finish() (User, bool) {
	r.t.Helper()
	u, ok, err := r.s.FinishRegistration(Act{}, r.word, "$argon2id$hash", 1)
	if err != nil {
		r.t.Fatalf("finish: %v", err)
	}
	return u, ok
}

// ada is somebody the small town does not know.
var ada = canteen.Guardian{Surname: "Marrone", Name: "Ada", CodiceFiscale: "MRRDAA85A41D643B", Address: "Via Roma 1", PostCode: "71036", City: "Borgoluce"}

func TestRegistration_fromContactsToAccount(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("Ada.Marrone@Example.ORG", "333 111 2223")
	if got := r.state(); got.Email != "Ada.Marrone@example.org" || got.Phone != "+393331112223" || got.Proved() {
		t.Errorf("after the contacts: %+v", got)
	}
	if _, _, err := s.FinishRegistration(Act{}, r.word, "h", 1); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("finish before the codes: %v, want conflict", err)
	}
	if err := s.DescribeRegistration(Act{}, r.word, ada); canteen.KindOf(err) != canteen.KindConflict {
		t.Errorf("describe before the codes: %v, want conflict", err)
	}
	r.prove()
	r.describe(ada)
	u, ok := r.finish()
	if !ok || u.Login != "ada.marrone@example.org" || u.Name != "Ada M." || u.Role != canteen.RoleGuardian {
		t.Fatalf("finish: %+v, %t", u, ok)
	}
	me, err := s.Myself(Act{Actor: u.Actor()})
	if err != nil || !me.Verified(canteen.ChannelEmail) || !me.Verified(canteen.ChannelSMS) || me.Person.City != "Borgoluce" {
		t.Errorf("the new person: %+v, %v", me, err)
	}
	if p := me.Profile.Privacy; len(p) != 1 || p[0].Version != 1 || p[0].At.IsZero() {
		t.Errorf("the privacy notice seen: %+v, want version 1", p)
	}
}

// Submitted twice, in two tabs, it is one account.
func TestRegistration_twiceIsOnce(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	r.begin("ada@example.org", "3331112223")
	if n := len(letters(t, s, "ada@example.org")); n != 1 {
		t.Errorf("the contacts sent twice: %d codes, want 1", n)
	}
	r.prove()
	r.describe(ada)
	first, _ := r.finish()
	second, ok := r.finish()
	if !ok || first.Login != second.Login || first.Guardian != second.Guardian {
		t.Errorf("finished twice: %+v and %+v", first, second)
	}
	other := registering{t: t, s: s, c: c, word: "the-word-of-another-tab"}
	c.advance(canteen.CodePause)
	other.begin("ada@example.org", "3331112223")
	all := letters(t, s, "ada@example.org")
	if last := all[len(all)-1]; last.Kind != kindExists || len(last.Facts) != 0 {
		t.Errorf("the e-mail of an account was sent %+v, want a letter that says so", last)
	}
	if err := s.ProveRegistration(Act{}, other.word, "000000", ""); !refusedAs(err, "emailCode", "error.code.wrong") {
		t.Errorf("a code for an e-mail that has an account: %v, want the answer of a wrong one", err)
	}
}

func refusedAs(err error, field, key string) bool {
	e, ok := err.(*canteen.Error)
	return ok && e.Field == field && e.Key == key
}

// Two tabs race to the same e-mail: one gets the account, the other is told as
// if it were anybody else.
func TestRegistration_twoTabsRace(t *testing.T) {
	s, c := open(t)
	one := registering{t: t, s: s, c: c, word: "the-word-of-the-first-tab"}
	two := registering{t: t, s: s, c: c, word: "the-word-of-the-second-tab"}
	one.begin("ada@example.org", "3331112223")
	one.prove()
	c.advance(canteen.CodePause)
	two.begin("ada@example.org", "3331112223")
	two.prove()
	one.describe(ada)
	two.describe(ada)
	if _, ok := one.finish(); !ok {
		t.Error("the first tab got no account")
	}
	if u, ok := two.finish(); ok || u.Login != "" {
		t.Errorf("the second tab got %+v", u)
	}
	people, err := s.Users(Console())
	if err != nil || len(people) != 1 {
		t.Errorf("%d logins, %v; want 1", len(people), err)
	}
}

// A person the record knows, imported from the old system, keeps what it is when
// it proves a contact the record has; a stranger with the same codice fiscale
// ends at the office, and is told nothing that an account's owner is not.
func TestRegistration_ofSomebodyImported(t *testing.T) {
	s, c := open(t)
	town := fill(t, s)
	pan := town.pupils[0]
	var imported canteen.Guardian
	err := s.update(Console(), func(tx *tx) error {
		imported, _ = tx.guardian(town.parent[pan])
		imported.CodiceFiscale, imported.Email, imported.Surname = ada.CodiceFiscale, "ADA@example.org", "Marrone Rossi"
		tx.putGuardian(imported)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	stranger := registering{t: t, s: s, c: c, word: "the-word-of-a-stranger"}
	stranger.begin("altri@example.org", "3339998887")
	stranger.prove()
	stranger.describe(ada)
	if u, ok := stranger.finish(); ok {
		t.Fatalf("a stranger became %+v", u)
	}
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	r.prove()
	r.describe(ada)
	u, ok := r.finish()
	if !ok || u.Guardian != imported.ID {
		t.Fatalf("the imported person: %+v, %t; want guardian %d", u, ok, imported.ID)
	}
	me, err := s.Myself(Act{Actor: u.Actor()})
	if err != nil || me.Person.Surname != "Marrone Rossi" || me.Person.Phone != "+393331112223" {
		t.Errorf("the person: %+v, %v; want the record's name and the proved phone", me.Person, err)
	}
	again := registering{t: t, s: s, c: c, word: "the-word-of-a-third-form"}
	again.begin("terza@example.org", "3337776665")
	again.prove()
	again.describe(ada)
	if _, ok := again.finish(); ok {
		t.Error("a second account for one codice fiscale")
	}
	last := func(to string) string { all := letters(t, s, to); return all[len(all)-1].Kind }
	if a, b := last("altri@example.org"), last("terza@example.org"); a != kindOffice || b != kindOffice {
		t.Errorf("who is not known and who has an account were sent %q and %q, want the same", a, b)
	}
	if n := len(personLetters(t, s, imported.ID, kindTried)); n != 2 {
		t.Errorf("the person was told %d times that somebody tried, want 2", n)
	}
}

func personLetters(t *testing.T, s *Store, id canteen.GuardianID, kind string) (all []Message) {
	t.Helper()
	err := s.view(Job(), func(tx *tx) error {
		for _, m := range loadAll[Message](tx, messages) {
			if m.Person == id && m.Kind == kind {
				all = append(all, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whoever looks for other people's codici fiscali has three guesses a contact.
func TestRegistration_guessesAreFew(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	r.prove()
	r.describe(ada)
	r.finish()
	r = registering{t: t, s: s, c: c, word: "the-word-of-a-curious-one"}
	r.begin("curioso@example.org", "3339998887")
	r.prove()
	for range registrationAttempts {
		r.describe(ada)
		if _, ok := r.finish(); ok {
			t.Fatal("became somebody who has an account")
		}
	}
	cf, err := canteen.ComputeCodiceFiscale("Verde", "Luca", 'M', 19800101, "D643")
	if err != nil {
		t.Fatal(err)
	}
	free := ada
	free.CodiceFiscale = cf
	r.describe(free)
	if _, ok := r.finish(); ok {
		t.Error("after three guesses a fourth was answered")
	}
}

// A wrong code is counted although it is refused: five tries, then a new code.
func TestRegistration_triesAreCounted(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	right := codeTo(t, s, "ada@example.org")
	wrong := strings.Map(func(d rune) rune { return '0' + (d-'0'+1)%10 }, right)
	for n := 1; n < canteen.CodeTries; n++ {
		if err := s.ProveRegistration(Act{}, r.word, wrong, ""); !refusedAs(err, "emailCode", "error.code.wrong") {
			t.Errorf("wrong try %d: %v", n, err)
		}
	}
	for _, typed := range []string{wrong, right} {
		if err := s.ProveRegistration(Act{}, r.word, typed, ""); !refusedAs(err, "emailCode", "error.code.spent") {
			t.Errorf("the tries are spent: %v", err)
		}
	}
	if err := s.ResendCodes(Act{}, r.word); !refusedAs(err, "email", "error.code.wait") {
		t.Errorf("a new code at once: %v, want to wait", err)
	}
	c.advance(canteen.CodePause)
	if err := s.ResendCodes(Act{}, r.word); err != nil {
		t.Errorf("a new code after a minute: %v", err)
	}
	r.prove()
	if now := r.state(); !now.Proved() {
		t.Error("the new code does not prove")
	}
	c.advance(registrationLife)
	if _, err := s.Registration(r.word); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the registration after its life: %v, want not found", err)
	}
	if n, err := s.Sweep(Job()); err != nil || n == 0 {
		t.Errorf("sweep: %d, %v; want the expired registration gone", n, err)
	}
}

func TestRegistration_refusesHostileContacts(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	for _, email := range []string{"", "ada", "ada@example.org\r\nBcc: all@example.org", "ada@example.org\nSubject: x", "Ada <ada@example.org>",
		"ada@example.org,altri@example.org", "ada@localhost", "ada\x00@example.org"} {
		if err := r.tryBegin(email, "3331112223"); !refusedAs(err, "email", "error.email") {
			t.Errorf("e-mail %q: %v", email, err)
		}
	}
	for phone, key := range map[string]string{"": "error.phone", "12": "error.phone", "0881 123456": "error.phone.mobile", "3331112223;ls": "error.phone"} {
		if err := r.tryBegin("ada@example.org", phone); !refusedAs(err, "phone", key) {
			t.Errorf("phone %q: %v, want %s", phone, err, key)
		}
	}
}

// TestStory37_accountsLiveOn: credentials gone each September, all redone
// (Termoli 2021). Here a login of last year works and has nothing to redo.
func TestStory37_accountsLiveOn(t *testing.T) {
	s, c := open(t)
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	r.prove()
	r.describe(ada)
	u, _ := r.finish()
	for range 3 { // three summers
		c.advance(366 * 24 * time.Hour)
		for range 3 {
			if _, err := s.Sweep(Job()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.ExpireMessages(Job()); err != nil {
			t.Fatal(err)
		}
	}
	now, err := s.User("ada@example.org")
	if err != nil || now.Disabled || now.Hash != u.Hash || now.Epoch != u.Epoch {
		t.Errorf("the login after three years: %+v, %v", now, err)
	}
	me, err := s.Myself(Act{Actor: now.Actor()})
	if err != nil || !me.Verified(canteen.ChannelEmail) || !me.Verified(canteen.ChannelSMS) || len(me.Profile.Privacy) != 1 {
		t.Errorf("the person after three years: %+v, %v; want everything as it was", me, err)
	}
}
