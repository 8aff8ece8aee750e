package canteen

import (
	"strings"
	"time"
)

// The channels by which a message reaches a person (rules R3.2). Acts come in by
// the channels of people.go.
const (
	ChannelEmail Channel = "email"
	ChannelSMS   Channel = "sms"
)

// retries are the pauses between the tries to deliver a message.
var retries = [...]time.Duration{15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour}

// RetryAfter is the pause after the nth failed try to deliver a message, from 1;
// false when it is given up.
func RetryAfter(tries int) (time.Duration, bool) {
	if tries < 1 || tries > len(retries) {
		return 0, false
	}
	return retries[tries-1], true
}

// How long messages are worth sending: a code is void after ten minutes, a low
// credit is soon another, and a letter older than a week confuses.
const (
	lowCreditLife = 48 * time.Hour
	messageLife   = 7 * 24 * time.Hour
)

// MessageLife is how long after it was written a kind of message may still be
// sent. Kinds that carry a code begin with "code".
func MessageLife(kind string) time.Duration {
	switch {
	case CarriesCode(kind):
		return CodeLife
	case kind == "low-credit":
		return lowCreditLife
	}
	return messageLife
}

// CarriesCode tells whether the facts of a kind of message are secret: they are
// removed as soon as the message is out.
func CarriesCode(kind string) bool { return strings.HasPrefix(kind, "code") }

// GSM7 is the length of a text in the alphabet of text messages (GSM 03.38);
// false when a letter is not in it and the message would cost twice as much.
// One segment is 160.
func GSM7(text string) (length int, ok bool) {
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			length++
		case strings.ContainsRune(gsmExtended, r):
			length += 2
		default:
			return 0, false
		}
	}
	return length, true
}

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "^{}\\[~]|€"
)

// The topics of messages a person may choose channels for. What concerns the
// account itself is not a choice.
const (
	TopicCredit  = "credit"  // low credit
	TopicService = "service" // enrolments, diets, whatever the service has to say
	TopicAccount = "account" // contacts, passwords, codes
)

// Topics lists those a person may choose channels for.
var Topics = [...]string{TopicCredit, TopicService}

// TopicOf is the topic of a kind of message.
func TopicOf(kind string) string {
	switch {
	case kind == "low-credit":
		return TopicCredit
	case CarriesCode(kind), strings.HasPrefix(kind, "account-"):
		return TopicAccount
	}
	return TopicService
}
