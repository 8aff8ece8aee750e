package canteen

import "unicode/utf8"

// DraftDays is how long a draft nobody touches is kept (rules R5.7).
const DraftDays = 90

// Expires is the day after which an application that was never submitted is
// deleted; 0 for one that was, which is kept with its receipt. An abandoned
// draft goes like a forgotten one.
func (a *Application) Expires() Date {
	if !a.Submitted.IsZero() || a.Changed.IsZero() {
		return 0
	}
	return DateOf(a.Changed).AddDays(DraftDays)
}

// TermDays is how many days the office has to answer an application (L. 241/1990
// art. 2, rules R12.1), until the town sets another number.
const TermDays = 30

// Rating is what somebody thought of the service once the application was sent.
// It carries no person, and the day alone, so that nobody can be read from it.
// Reason is the place of the answer among the five of its question, 0 for none.
type Rating struct {
	Service string `json:"service"` // "enrolment"
	Day     Date   `json:"day"`
	Stars   int    `json:"stars"` // 1 to 5
	Reason  int    `json:"reason,omitempty"`
	Text    string `json:"text,omitempty"`
}

// The services one can rate.
const RatingEnrolment = "enrolment"

// RatingReasons is how many answers each of the two questions of rules §4 has.
const RatingReasons = 5

// MaxRatingText bounds the free text of a rating, in characters.
const MaxRatingText = 200

// Liked tells which of the two questions goes with the stars: what was hard (1 to
// 3), or what was good (4 and 5).
func (r *Rating) Liked() bool { return r.Stars >= 4 }

// Validate refuses a rating that is none.
func (r *Rating) Validate() error {
	switch {
	case r.Service != RatingEnrolment:
		return Refuse(KindNotFound, "error.notFound")
	case r.Stars < 1 || r.Stars > 5:
		return Invalid("stars", "error.rating.stars")
	case r.Reason < 0 || r.Reason > RatingReasons:
		return Invalid("reason", "error.rating.stars")
	case utf8.RuneCountInString(r.Text) > MaxRatingText:
		return Invalid("text", "error.rating.long", MaxRatingText)
	}
	return nil
}
