package render

import (
	"time"

	"refettorio/canteen"
)

// Page is what every page knows; page structs embed it. Title, and the Label of
// a NavItem or Crumb, may be a message key or a text shown as it is.
type Page struct {
	Title    string // of the document; without personal data (it stays in histories)
	Lang     string
	Langs    []LangLink
	User     *User // nil for who has not logged in
	Nav      []NavItem
	Crumbs   []Crumb
	Flash    *Flash
	Problems []Problem // of the form just sent; listed at the top of the page
	Town     Town
	Now      time.Time
	Path     string
	Behalf   *Behalf // on the pages by which the counter acts for a family
}

// Behalf is the person a desk user acts for: the banner of each such page says
// it, and leads out.
type Behalf struct {
	Name    string
	Born    int    // year of birth, 0 if unknown: tells namesakes apart
	EndURL  string // back to the counter
	NoteURL string // to enter what was told by telephone
}

// Today is the civil day of the page.
func (p Page) Today() canteen.Date { return canteen.DateOf(p.Now) }

// PrivacyNotice is the version of the privacy notice that pages show.
func (Page) PrivacyNotice() int { return canteen.PrivacyNotice }

// LangLink is one language of the switch: URL is the same page in that language.
type LangLink struct {
	Language
	URL    string
	Active bool
}

// User is who is logged in.
type User struct {
	Name string // shortened: "Elena R."
	Role string // message key of the role, "role.guardian"
	URL  string // of what the person may change about itself
}

// NavItem is an entry of the main navigation: a link, or the name of a group of
// links, which has no URL and is active when one of them is.
type NavItem struct {
	Label  string
	URL    string
	Active bool
	Items  []NavItem
}

// Crumb is a step of the breadcrumb; the last, the page itself, has no URL.
type Crumb struct {
	Label string
	URL   string
}

// FlashKind is the tone of a flash message.
type FlashKind string

// The tones, named like their classes.
const (
	FlashSuccess FlashKind = "success"
	FlashInfo    FlashKind = "info"
	FlashWarning FlashKind = "warning"
	FlashError   FlashKind = "error"
)

// Flash is said once, on the page after an action.
type Flash struct {
	Kind FlashKind
	Text string
}

// Town is who offers the service, and where the links a municipality must show
// lead (rules §4, R4.2). An empty address leaves its link out.
type Town struct {
	Name    string // "Comune di Borgoluce"
	Crest   string // the letter in the crest: "B"
	Region  string // "Regione Puglia"
	Service string // "Refezione scolastica"

	AccessibilityURL string // the statement at form.agid.gov.it
	PrivacyURL       string
	LegalURL         string
	FAQURL           string
	InefficiencyURL  string
	AppointmentsURL  string
}

// Message is a text still to be put into the reader's language. The zero Message
// is no message.
type Message struct {
	Key  string
	Args []any
}

// Msg makes a Message.
func Msg(key string, args ...any) Message { return Message{Key: key, Args: args} }

// Countdown is the time left before an instant. The page shows it and a script
// keeps it true; Now is the server's, so that a wrong clock does not matter.
type Countdown struct {
	Deadline time.Time
	Now      time.Time
}

// Over tells whether the instant has come.
func (c Countdown) Over() bool { return !c.Now.Before(c.Deadline) }

// Hours and Minutes are the time left, rounded down: never promise more than
// there is.
func (c Countdown) Hours() int { return int(c.left() / time.Hour) }

// Minutes is the part of the time left beyond the hours.
func (c Countdown) Minutes() int { return int(c.left() % time.Hour / time.Minute) }

// LastMinute tells whether less than a minute is left.
func (c Countdown) LastMinute() bool { return !c.Over() && c.left() < time.Minute }

func (c Countdown) left() time.Duration { return max(0, c.Deadline.Sub(c.Now)) }

// Meal is the state of a child's meal on a day, as people see it. The partial
// "meal" draws it as a badge: word, colour and sign.
type Meal string

// The states, named like their classes.
const (
	MealEats      Meal = "eats"
	MealAbsent    Meal = "absent"
	MealWhite     Meal = "white"
	MealDiet      Meal = "diet"
	MealClosed    Meal = "closed"    // no service, or not a canteen day of the class
	MealSuspended Meal = "suspended" // by a named decision
	MealEaten     Meal = "eaten"     // after the roll call
	MealNotEaten  Meal = "notEaten"  // ordered, but the child was not there
	MealWalkIn    Meal = "walkin"    // ate without being on the list
)

// Pagination is the foot of a long list. PageURL empty leaves a direction out.
type Pagination struct {
	Page, Pages int // from 1
	PreviousURL string
	NextURL     string
}
