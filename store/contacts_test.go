package store

import (
	"testing"
	"time"

	"refettorio/canteen"
)

// registered is a person with an account, by the pages.
func registered(t *testing.T, s *Store, c *clock) User {
	t.Helper()
	r := registering{t: t, s: s, c: c, word: "the-word-of-this-form"}
	r.begin("ada@example.org", "3331112223")
	r.prove()
	r.describe(ada)
	u, ok := r.finish()
	if !ok {
		t.Fatal("no account")
	}
	c.advance(time.Hour)
	return u
}

// A new e-mail counts when it is proved; the old one is told, and the login is
// the new one.
func TestContacts_changedByCode(t *testing.T) {
	s, c := open(t)
	u := registered(t, s, c)
	act := Act{Actor: u.Actor()}
	pending, err := s.StartContact(act, canteen.ChannelEmail, "Nuova@Example.org", true)
	if err != nil || !pending {
		t.Fatalf("start: %t, %v", pending, err)
	}
	me, err := s.Myself(act)
	if err != nil || me.Person.Email != "ada@example.org" || me.Pending[canteen.ChannelEmail] != "Nuova@example.org" {
		t.Errorf("before the code: %+v, %v", me, err)
	}
	if _, err := s.ProveContact(act, canteen.ChannelEmail, "x"); !refusedAs(err, "code", "error.code.wrong") {
		t.Errorf("a wrong code: %v", err)
	}
	login, err := s.ProveContact(act, canteen.ChannelEmail, codeTo(t, s, "Nuova@example.org"))
	if err != nil || login != "nuova@example.org" {
		t.Fatalf("prove: %q, %v", login, err)
	}
	if _, err := s.User("ada@example.org"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the old login is still there: %v", err)
	}
	now, err := s.User(login)
	if err != nil || now.Guardian != u.Guardian || now.Hash != u.Hash {
		t.Errorf("the new login: %+v, %v", now, err)
	}
	me, err = s.Myself(Act{Actor: now.Actor()})
	if err != nil || me.Person.Email != "Nuova@example.org" || !me.Verified(canteen.ChannelEmail) || len(me.Pending) != 0 {
		t.Errorf("after the code: %+v, %v", me, err)
	}
	old := letters(t, s, "ada@example.org")
	if last := old[len(old)-1]; last.Kind != kindChanged {
		t.Errorf("the old address was sent %q, want to be told", last.Kind)
	}
	if _, err := s.ProveContact(Act{Actor: now.Actor()}, canteen.ChannelEmail, "042137"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("the same code again: %v, want not found", err)
	}
	lines, err := s.Log(Console(), 1)
	if err != nil || lines[0].What != "person.email" || lines[0].Key != me.Person.Handle || lines[0].Detail != "" {
		t.Errorf("the log: %+v, %v; want who and what, no value", lines, err)
	}
}

// An e-mail by which somebody else logs in can be a contact, not the login.
func TestContacts_loginOfSomebodyElse(t *testing.T) {
	s, c := open(t)
	u := registered(t, s, c)
	if err := s.AddUser(Console(), User{Login: "ufficio@example.org", Role: canteen.RoleOffice}, ""); err != nil {
		t.Fatal(err)
	}
	act := Act{Actor: u.Actor()}
	if _, err := s.StartContact(act, canteen.ChannelEmail, "ufficio@example.org", true); err != nil {
		t.Fatal(err)
	}
	login, err := s.ProveContact(act, canteen.ChannelEmail, codeTo(t, s, "ufficio@example.org"))
	if err != nil || login != u.Login {
		t.Errorf("got login %q, %v; want the old one", login, err)
	}
	if other, err := s.User("ufficio@example.org"); err != nil || other.Role != canteen.RoleOffice {
		t.Errorf("the other login: %+v, %v", other, err)
	}
}

func TestContacts_withoutACode(t *testing.T) {
	s, c := open(t)
	act := Act{Actor: func() canteen.Actor { u := registered(t, s, c); return u.Actor() }()}
	pending, err := s.StartContact(act, canteen.ChannelSMS, "0881 123456", true)
	me, _ := s.Myself(act)
	if err != nil || pending || me.Person.Phone != "+390881123456" || me.Verified(canteen.ChannelSMS) {
		t.Errorf("a land line: %t, %v, %+v; want it kept and not verified", pending, err, me.Person)
	}
	if _, err := s.StartContact(act, canteen.ChannelEmail, "x\r\nBcc: y", true); !refusedAs(err, "email", "error.email") {
		t.Errorf("a header in an e-mail: %v", err)
	}
	if _, err := s.StartContact(act, canteen.ChannelEmail, "a@example.org", true); err != nil {
		t.Error(err)
	}
	if _, err := s.StartContact(act, canteen.ChannelEmail, "a@example.org", true); !refusedAs(err, "email", "error.code.wait") {
		t.Errorf("a second code at once: %v, want to wait", err)
	}
	if _, err := s.StartContact(office(), canteen.ChannelEmail, "a@example.org", true); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("an official has no profile: %v, want not found", err)
	}
}

func TestPreferencesAndAddress(t *testing.T) {
	s, c := open(t)
	u := registered(t, s, c)
	act := Act{Actor: u.Actor(), Once: "form"}
	want := Preferences{Lang: "en", Wants: map[string][]canteen.Channel{canteen.TopicCredit: {canteen.ChannelSMS}, canteen.TopicService: {canteen.ChannelEmail}}}
	for range 2 {
		if err := s.ChangePreferences(act, want); err != nil {
			t.Fatal(err)
		}
	}
	act.Once = "another form"
	if err := s.MoveHouse(act, " Via  Nuova 2 ", "71036", "Borgoluce"); err != nil {
		t.Fatal(err)
	}
	me, err := s.Myself(act)
	if err != nil || me.Profile.Lang != "en" || me.Profile.Wants[canteen.TopicCredit][0] != canteen.ChannelSMS || me.Person.Address != "Via Nuova 2" {
		t.Errorf("got %+v, %v", me, err)
	}
	lines, err := s.Log(Console(), 2)
	if err != nil || lines[0].What != "person.address" || lines[1].What != "person.preferences" {
		t.Errorf("the log: %+v, %v; want one line each", lines, err)
	}
	for _, bad := range []Preferences{{Lang: "it"}, {Lang: "it", Wants: map[string][]canteen.Channel{canteen.TopicCredit: {"pigeon"}, canteen.TopicService: {canteen.ChannelSMS}}}} {
		if err := s.ChangePreferences(Act{Actor: u.Actor()}, bad); !refusedAs(err, canteen.TopicCredit, "error.required") {
			t.Errorf("%+v: %v, want refused", bad, err)
		}
	}
	if err := s.MoveHouse(Act{Actor: u.Actor()}, "", "71036", "Borgoluce"); !refusedAs(err, "address", "error.required") {
		t.Errorf("no address: %v", err)
	}
}

// A forgotten password: the code goes to the verified e-mail, once, and every
// session ends. For whom it cannot be done nothing is different on the way.
func TestReset(t *testing.T) {
	s, c := open(t)
	u := registered(t, s, c)
	if err := s.AddUser(Console(), User{Login: "ufficio", Role: canteen.RoleOffice, Hash: "h"}, ""); err != nil {
		t.Fatal(err)
	}
	const word = "the-word-of-the-reset-form"
	for range 2 {
		if err := s.StartReset(Act{}, word, " ADA@example.org "); err != nil {
			t.Fatal(err)
		}
	}
	sent := letters(t, s, "ada@example.org")
	if last := sent[len(sent)-1]; last.Kind != kindCodeReset || len(sent) != 2 {
		t.Fatalf("sent: %d, the last %q; want one code for the form sent twice", len(sent), last.Kind)
	}
	if err := s.StartReset(Act{}, "another-word-of-a-form", "ada@example.org"); !refusedAs(err, "login", "error.code.wait") {
		t.Errorf("another code at once: %v", err)
	}
	for _, login := range []string{"nessuno@example.org", "ufficio"} {
		w := "the-word-of-" + login
		if err := s.StartReset(Act{}, w, login); err != nil {
			t.Errorf("%s: %v, want the answer everybody gets", login, err)
		}
		if err := s.StartReset(Act{}, w+"-again", login); !refusedAs(err, "login", "error.code.wait") {
			t.Errorf("%s at once: %v, want to wait like everybody", login, err)
		}
		if err := s.FinishReset(Act{}, w, "000000", "hash"); !refusedAs(err, "code", "error.code.wrong") {
			t.Errorf("%s with a code: %v, want the answer of a wrong one", login, err)
		}
	}
	if err := s.FinishReset(Act{}, word, codeTo(t, s, "ada@example.org"), "$new"); err != nil {
		t.Fatal(err)
	}
	now, err := s.User(u.Login)
	if err != nil || now.Hash != "$new" || now.Epoch != u.Epoch+1 {
		t.Errorf("the login: %+v, %v", now, err)
	}
	if err := s.FinishReset(Act{}, word, "042137", "$other"); canteen.KindOf(err) != canteen.KindNotFound {
		t.Errorf("used twice: %v, want not found", err)
	}
	if len(personLetters(t, s, u.Guardian, kindPassword)) != 1 {
		t.Error("nobody was told that the password changed")
	}
}

func TestChangePassword(t *testing.T) {
	s, c := open(t)
	u := registered(t, s, c)
	now, err := s.ChangePassword(Act{Actor: u.Actor()}, "$new")
	if err != nil || now.Hash != "$new" || now.Epoch != u.Epoch+1 {
		t.Errorf("got %+v, %v", now, err)
	}
	if _, err := s.ChangePassword(Act{Actor: canteen.Actor{Login: "nobody"}}, "$x"); canteen.KindOf(err) != canteen.KindForbidden {
		t.Errorf("nobody's password: %v, want forbidden", err)
	}
}
