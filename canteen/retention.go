package canteen

// KeepClass names a class of records that are not kept for ever (rules R5.7).
type KeepClass string

// The classes, in the order in which the retention job takes them.
const (
	KeepDrafts       KeepClass = "drafts"       // applications never submitted
	KeepCodes        KeepClass = "codes"        // codes that prove a contact
	KeepInvitations  KeepClass = "invitations"  // invitations used or not
	KeepCertificates KeepClass = "certificates" // documents and words of a diet request
	KeepAppointments KeepClass = "appointments" // visits to the counter
	KeepMessages     KeepClass = "messages"     // what was said to whom in a message
	KeepAccesses     KeepClass = "accesses"     // the register of accesses, rules R1.13
	KeepAccounts     KeepClass = "accounts"     // meals and accounts
)

// KeepUnit is what the number of a period counts.
type KeepUnit string

// The units of the periods.
const (
	KeepDays   KeepUnit = "days"
	KeepMonths KeepUnit = "months"
	KeepYears  KeepUnit = "years"
)

// KeepRule says how long a class is kept. Standard is the period of rules R5.7;
// an administrator may choose another between Least and Most. Reported says that
// the job tells what is due and removes nothing: a ledger that proves itself
// loses no line, so what is older than ten years leaves by an act of the town's
// archive and not by night.
type KeepRule struct {
	Class                 KeepClass
	Unit                  KeepUnit
	Standard, Least, Most int
	Reported              bool
}

// KeepRules lists the rules, one for each class. The register of accesses stays
// at least six months (rules R5.6), books and accounts ten years (art. 2220 of
// the civil code).
var KeepRules = [...]KeepRule{
	{Class: KeepDrafts, Unit: KeepDays, Standard: 90, Least: 7, Most: 365},
	{Class: KeepCodes, Unit: KeepDays, Standard: 1, Least: 1, Most: 30},
	{Class: KeepInvitations, Unit: KeepDays, Standard: 30, Least: 1, Most: 365},
	{Class: KeepCertificates, Unit: KeepMonths, Standard: 12, Least: 1, Most: 60},
	{Class: KeepAppointments, Unit: KeepDays, Standard: 90, Least: 1, Most: 365},
	{Class: KeepMessages, Unit: KeepMonths, Standard: 24, Least: 6, Most: 120},
	{Class: KeepAccesses, Unit: KeepMonths, Standard: 24, Least: 6, Most: 120},
	{Class: KeepAccounts, Unit: KeepYears, Standard: 10, Least: 10, Most: 40, Reported: true},
}

// KeepRuleOf returns the rule of a class.
func KeepRuleOf(class KeepClass) (KeepRule, bool) {
	for _, r := range KeepRules {
		if r.Class == class {
			return r, true
		}
	}
	return KeepRule{}, false
}

// Periods are the numbers chosen by the administrator; a missing class has its
// standard.
type Periods map[KeepClass]int

// Of returns the period of a rule.
func (p Periods) Of(r KeepRule) int {
	if n, ok := p[r.Class]; ok {
		return n
	}
	return r.Standard
}

// Validate refuses a period outside the limits of its rule, naming the class as
// the field.
func (p Periods) Validate() error {
	for class, n := range p {
		r, ok := KeepRuleOf(class)
		if !ok {
			return Invalid("class", "error.keep.class", string(class))
		}
		if n < r.Least || n > r.Most {
			return Invalid(string(class), "error.keep.period", r.Least, r.Most)
		}
	}
	return nil
}

// LastDay is the last day on which a record is kept whose period of n units
// began on a day. The day itself is not counted and the last one is whole; a
// month without that day ends the term on its own last day (art. 2963 of the
// civil code).
func (r KeepRule) LastDay(from Date, n int) Date {
	switch r.Unit {
	case KeepMonths:
		return addMonths(from, n)
	case KeepYears:
		return addMonths(from, 12*n)
	}
	return from.AddDays(n)
}

// Due tells whether a record whose period began on a day has served its time
// today. A zero day never has.
func (r KeepRule) Due(from Date, n int, today Date) bool {
	return !from.IsZero() && today > r.LastDay(from, n)
}

// Hold keeps everything about a subject from the retention job until a day
// (included; zero has no end): a quarrel, an inspection, a request of a court.
type Hold struct {
	Subject Subject `json:"subject"`
	Reason  string  `json:"reason"`
	By      string  `json:"by"` // login
	Since   Date    `json:"since"`
	Until   Date    `json:"until,omitempty"`
}

// On tells whether the hold stands on a day.
func (h *Hold) On(day Date) bool { return h.Until.IsZero() || day <= h.Until }

// Subject names a person or a pupil in holds and corrections, by the random word
// that stands for it in addresses.
type Subject string

// PersonSubject names a person by handle.
func PersonSubject(handle string) Subject { return Subject("person/" + handle) }

// PupilSubject names a pupil by handle.
func PupilSubject(handle string) Subject { return Subject("pupil/" + handle) }
