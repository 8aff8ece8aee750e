package canteen

import (
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	var all time.Duration
	before := time.Duration(0)
	n := 0
	for {
		pause, ok := RetryAfter(n + 1)
		if !ok {
			break
		}
		if pause < before {
			t.Errorf("pause %d is %v, shorter than the one before", n+1, pause)
		}
		before, all, n = pause, all+pause, n+1
	}
	if n < 5 || all > MessageLife("anything") {
		t.Errorf("%d tries in %v; want some, within the life of a message", n, all)
	}
	if _, ok := RetryAfter(0); ok {
		t.Error("a pause before the first try")
	}
}

func TestKindsOfMessages(t *testing.T) {
	for kind, want := range map[string]struct {
		life   time.Duration
		topic  string
		secret bool
	}{
		"code-email":      {CodeLife, TopicAccount, true},
		"code-reset":      {CodeLife, TopicAccount, true},
		"low-credit":      {48 * time.Hour, TopicCredit, false},
		"account-welcome": {7 * 24 * time.Hour, TopicAccount, false},
		"enrolment":       {7 * 24 * time.Hour, TopicService, false},
	} {
		if MessageLife(kind) != want.life || TopicOf(kind) != want.topic || CarriesCode(kind) != want.secret {
			t.Errorf("%s: %v, %s, %t; want %+v", kind, MessageLife(kind), TopicOf(kind), CarriesCode(kind), want)
		}
	}
}

func TestGSM7(t *testing.T) {
	for text, want := range map[string]int{"": 0, "Mensa: e' {0}": 15, "perché": 6, "€": 2, "però": 4, "l’aria": -1, "È": -1} {
		n, ok := GSM7(text)
		if ok != (want >= 0) || ok && n != want {
			t.Errorf("%q: %d, %t; want %d", text, n, ok, want)
		}
	}
}
