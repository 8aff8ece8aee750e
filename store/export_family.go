package store

import (
	"time"

	"refettorio/canteen"
)

// ExportFormat is the version of the form of a FamilyExport: it grows when a key
// changes its meaning, not when one is added.
const ExportFormat = 1

// FamilyExport is everything the record holds about a guardian and its pupils
// that this guardian may see (rules R5.8, GDPR art. 15 and 20). Nothing in it is
// of another guardian of the same pupils: no contact, no login, no reference of a
// payment. Amounts are cents, days "2026-10-14", instants in UTC.
type FamilyExport struct {
	Format        int             `json:"format"`
	Made          time.Time       `json:"made"`
	Person        ExportPerson    `json:"person"`
	Profile       Profile         `json:"profile"`
	Logins        []ExportLogin   `json:"logins"`
	Sessions      []ExportSession `json:"sessions"` // that are open
	Children      []ExportChild   `json:"children"`
	Applications  []ExportRequest `json:"applications"`
	Messages      []ExportMessage `json:"messages"`
	Corrections   []Correction    `json:"corrections"`
	Accesses      []ExportAccess  `json:"accesses"` // staff who read your data, and your own logins
	AccessesBegin time.Time       `json:"accesses_begin,omitzero"`
}

// ExportPerson is who the guardian is, with its own contacts.
type ExportPerson struct {
	CodiceFiscale canteen.CodiceFiscale `json:"cf,omitempty"`
	Surname       string                `json:"surname"`
	Name          string                `json:"name"`
	Phone         string                `json:"phone,omitempty"`
	Email         string                `json:"email,omitempty"`
	Address       string                `json:"address,omitempty"`
	PostCode      string                `json:"postcode,omitempty"`
	City          string                `json:"city,omitempty"`
}

// ExportLogin is a login of the person. What protects it is not in the export.
type ExportLogin struct {
	Login    string       `json:"login"`
	Role     canteen.Role `json:"role"`
	Since    time.Time    `json:"since"`
	Disabled bool         `json:"disabled,omitempty"`
}

// ExportSession is a browser in which the person is logged in now.
type ExportSession struct {
	Began    time.Time `json:"began"`
	Until    time.Time `json:"until"`
	Device   string    `json:"device,omitempty"`   // a word: "firefox/android"
	Address  string    `json:"address,omitempty"`  // masked, as it is kept
	Provider string    `json:"provider,omitempty"` // of the identity; none for a password
}

// ExportChild is a pupil of the guardian.
type ExportChild struct {
	PAN            canteen.PAN           `json:"pan"`
	CodiceFiscale  canteen.CodiceFiscale `json:"cf,omitempty"`
	Surname        string                `json:"surname"`
	Name           string                `json:"name"`
	Born           canteen.Date          `json:"born"`
	Sex            string                `json:"sex,omitempty"`
	Birthplace     string                `json:"birthplace,omitempty"`
	NonResident    bool                  `json:"non_resident,omitempty"`
	Guardians      int                   `json:"guardians"` // how many act for the child with equal rights
	Delegates      []ExportDelegate      `json:"delegates"`
	Enrolments     []ExportEnrolment     `json:"enrolments"`
	Communications []ExportReceipt       `json:"communications"`
	Balance        canteen.Cents         `json:"balance_cents"`
	Movements      []ExportMovement      `json:"movements"`
	Diets          []ExportDiet          `json:"diets"`
}

// ExportDelegate is a person who may act for the child within listed rights.
type ExportDelegate struct {
	Surname string          `json:"surname"`
	Name    string          `json:"name"`
	Rights  []canteen.Right `json:"rights"`
	Until   canteen.Date    `json:"until,omitempty"`
	Since   time.Time       `json:"since"`
}

// ExportEnrolment is a place of the child in a class.
type ExportEnrolment struct {
	Year     string           `json:"year"`
	School   string           `json:"school"`
	Class    string           `json:"class"`
	State    string           `json:"state"`
	From     canteen.Date     `json:"from"`
	Until    canteen.Date     `json:"until,omitempty"`
	Weekdays canteen.Weekdays `json:"weekdays,omitempty"`
	Rank     uint8            `json:"rank,omitempty"`
	Bands    []canteen.Since  `json:"bands,omitempty"`
	Diets    []canteen.Since  `json:"diets,omitempty"`
}

// ExportReceipt is a receipt of something said about the child's meals. By is
// "you", "guardian" (another one) or the role of the staff.
type ExportReceipt struct {
	Number   canteen.ReceiptNumber `json:"number"`
	Kind     string                `json:"kind"`
	What     string                `json:"what,omitempty"`
	Days     []canteen.Date        `json:"days"`
	Received time.Time             `json:"received"`
	Channel  canteen.Channel       `json:"channel"`
	By       string                `json:"by"`
}

// ExportMovement is a line of the child's account. Source and Reason are left out
// where they could name another guardian's payment.
type ExportMovement struct {
	Line    uint32            `json:"line"`
	Day     canteen.Date      `json:"day"`
	At      time.Time         `json:"at"`
	Kind    canteen.EntryKind `json:"kind"`
	Amount  canteen.Cents     `json:"amount_cents"`
	Balance canteen.Cents     `json:"balance_cents"`
	Meal    string            `json:"meal,omitempty"`
	Diet    string            `json:"diet,omitempty"`
	Tariff  string            `json:"tariff,omitempty"` // the act behind the price
	Source  string            `json:"source,omitempty"`
	Reason  string            `json:"reason,omitempty"`
}

// ExportDiet is a diet asked for the child. Words is what the family wrote;
// the certificate is downloaded on the diets' page, by Handle.
type ExportDiet struct {
	Handle      string            `json:"handle"`
	State       canteen.DietState `json:"state"`
	Kind        canteen.DietKind  `json:"kind"`
	Code        string            `json:"code,omitempty"`
	From        canteen.Date      `json:"from,omitempty"`
	Until       canteen.Date      `json:"until,omitempty"`
	Sent        time.Time         `json:"sent,omitzero"`
	Words       string            `json:"words,omitempty"`
	Certificate string            `json:"certificate,omitempty"` // its media type
	AskedBy     string            `json:"asked_by"`
	History     []ExportStep      `json:"history"`
	sealed      []byte            // opened outside the transaction
}

// ExportRequest is an application of the person's own.
type ExportRequest struct {
	Handle    string                `json:"handle"`
	State     string                `json:"state"`
	Year      string                `json:"year"`
	Child     canteen.Child         `json:"child"`
	School    string                `json:"school,omitempty"`
	Grade     string                `json:"grade,omitempty"`
	Weekdays  canteen.Weekdays      `json:"weekdays,omitempty"`
	From      canteen.Date          `json:"from,omitempty"`
	Band      string                `json:"band,omitempty"`
	Diet      canteen.DietKind      `json:"diet,omitempty"`
	Privacy   int                   `json:"privacy,omitempty"`
	Receipt   canteen.ReceiptNumber `json:"receipt,omitzero"`
	Started   time.Time             `json:"started"`
	Submitted time.Time             `json:"submitted,omitzero"`
	History   []ExportStep          `json:"history"`
}

// ExportStep is a line of a history, by role and not by name.
type ExportStep struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	What   string    `json:"what"`
	Reason string    `json:"reason,omitempty"`
}

// ExportMessage is a message sent to the person.
type ExportMessage struct {
	At    time.Time    `json:"at"`
	Kind  string       `json:"kind"`
	Child string       `json:"child,omitempty"` // first name
	Day   canteen.Date `json:"day,omitempty"`
	Facts []Fact       `json:"facts,omitempty"`
	State string       `json:"state"`
}

// ExportAccess is a line of the register about the person or its pupils: the
// role that looked and not who, because the staff act for the town (design §12).
type ExportAccess struct {
	At     time.Time    `json:"at"`
	By     canteen.Role `json:"by"`
	What   string       `json:"what"`
	Child  string       `json:"child,omitempty"` // first name
	Result string       `json:"result"`
}

// FamilyData gathers the export of the guardian or delegate who asks;
// KindForbidden for anybody else, also for an operator who acts for it: what a
// family wrote about a diet is read by the family and by the diets officer only
// (rules R5.2). The tables that have no index by person are read in stretches, so
// that no read of the file is long.
func (s *Store) FamilyData(act Act) (x FamilyExport, err error) {
	var e exporter
	err = s.view(act, func(tx *tx) error {
		g, ok := tx.guardian(act.Actor.Guardian)
		if !ok || act.Actor.Role != canteen.RoleGuardian && act.Actor.Role != canteen.RoleDelegate {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		e = tx.exporter(g)
		x = e.person(tx)
		return nil
	})
	if err != nil {
		return FamilyExport{}, err
	}
	if err := s.exportReceipts(act, &e, &x); err != nil {
		return FamilyExport{}, err
	}
	if err := s.exportMessages(act, &e, &x); err != nil {
		return FamilyExport{}, err
	}
	if err := s.openDiets(&x); err != nil {
		return FamilyExport{}, err
	}
	return x, s.exportAccesses(act, &e, &x)
}
