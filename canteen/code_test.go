package canteen

import (
	"strings"
	"testing"
	"time"
)

var codeSent = time.Date(2026, 10, 14, 8, 0, 0, 0, time.UTC)

func TestCode_try(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		after time.Duration
		tries int
		want  CodeOutcome
	}{
		"right":                     {"042137", time.Minute, 0, CodeRight},
		"right with spaces":         {" 042 137 ", time.Minute, 0, CodeRight},
		"right at the last instant": {"042137", CodeLife, 0, CodeRight},
		"right at the last try":     {"042137", time.Minute, CodeTries - 1, CodeRight},
		"too late":                  {"042137", CodeLife + 1, 0, CodeExpired},
		"before it was sent":        {"042137", -time.Second, 0, CodeExpired},
		"wrong":                     {"042138", time.Minute, 0, CodeWrong},
		"without its zero":          {"42137", time.Minute, 0, CodeWrong},
		"empty":                     {"", time.Minute, 0, CodeWrong},
		"wrong at the last try":     {"042138", time.Minute, CodeTries - 1, CodeSpent},
		"right after too many":      {"042137", time.Minute, CodeTries, CodeSpent},
	} {
		code := NewCode("salt", "042137", codeSent)
		code.Tries = c.tries
		if got := code.Try("salt", c.typed, codeSent.Add(c.after)); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
	other := NewCode("salt", "042137", codeSent)
	if other.Try("another salt", "042137", codeSent) != CodeWrong {
		t.Error("the digits fit under another salt")
	}
	if strings.Contains(string(other.Hash), "042137") {
		t.Error("the digits are kept as they are")
	}
	// A code that was never sent is answered like one that was.
	never := Code{At: codeSent}
	for n := 1; n < CodeTries; n++ {
		if got := never.Try("salt", "", codeSent); got != CodeWrong || never.Left() != CodeTries-n {
			t.Errorf("try %d of a code never sent: %d, %d left", n, got, never.Left())
		}
	}
	if got := never.Try("salt", "000000", codeSent); got != CodeSpent {
		t.Errorf("the last try of a code never sent: %d", got)
	}
}

func TestCodeText(t *testing.T) {
	for random, want := range map[uint32]string{0: "000000", 7: "000007", 999_999: "999999", 1_000_000: "000000", 4_293_999_999: "999999"} {
		if got, ok := CodeText(random); !ok || got != want {
			t.Errorf("%d: got %q, %t; want %q", random, got, ok, want)
		}
	}
	for _, random := range []uint32{4_294_000_000, 1<<32 - 1} {
		if got, ok := CodeText(random); ok {
			t.Errorf("%d gave %q: some codes would be likelier", random, got)
		}
	}
}

func TestMayIssue(t *testing.T) {
	at := func(minutes ...int) (sent []time.Time) {
		for _, m := range minutes {
			sent = append(sent, codeSent.Add(time.Duration(m)*time.Minute))
		}
		return sent
	}
	for name, c := range map[string]struct {
		sent []time.Time
		now  time.Duration
		next time.Duration // from codeSent; 0: at once
	}{
		"the first":                  {nil, 0, 0},
		"a second later":             {at(0), time.Second, time.Minute},
		"a minute later":             {at(0), time.Minute, 0},
		"the sixth in an hour":       {at(0, 2, 4, 6, 8), 20 * time.Minute, time.Hour},
		"after the hour":             {at(0, 2, 4, 6, 8), time.Hour, 0},
		"the clock was put back":     {at(30), time.Minute, 0},
		"the sixth, the fifth fresh": {at(0, 2, 4, 6, 59), 59*time.Minute + 30*time.Second, time.Hour},
	} {
		next, ok := MayIssue(c.sent, codeSent.Add(c.now))
		if ok != (c.next == 0) || !ok && !next.Equal(codeSent.Add(c.next)) {
			t.Errorf("%s: next %v, %t; want after %v", name, next, ok, c.next)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	for password, key := range map[string]string{
		"": "error.password.short", "nove lett": "error.password.short", "dieci lett": "", "èèèèèèèèèè": "",
		"tutte minuscole senza cifre": "", strings.Repeat("a", 200): "", strings.Repeat("a", 201): "error.password.long",
	} {
		err := CheckPassword(password)
		if e, _ := err.(*Error); (err == nil) != (key == "") || e != nil && e.Key != key {
			t.Errorf("%q: %v, want %q", password, err, key)
		}
	}
}

func TestIsMobile(t *testing.T) {
	for phone, want := range map[string]bool{"+393331112223": true, "+390881123456": false, "+40721234567": true, "": false} {
		if got := IsMobile(phone); got != want {
			t.Errorf("%q: %t, want %t", phone, got, want)
		}
	}
}
