package canteen

import "strconv"

// GuardianID is the internal number of a person who acts for pupils. It never
// appears in an address or on paper.
type GuardianID uint64

// Guardian is a person who acts for pupils: a parent or tutor (genitore,
// tutore), or a delegate. Guardians of a pupil have equal rights (mission 5).
// Handle is the random word that stands for the person in addresses.
type Guardian struct {
	ID            GuardianID    `json:"id"`
	Handle        string        `json:"handle"`
	CodiceFiscale CodiceFiscale `json:"cf"`
	Surname       string        `json:"surname"`
	Name          string        `json:"name"`
	Phone         string        `json:"phone,omitempty"` // E.164
	Email         string        `json:"email,omitempty"`
	Address       string        `json:"address,omitempty"`
	PostCode      string        `json:"postcode,omitempty"`
	City          string        `json:"city,omitempty"`
	Merged        GuardianID    `json:"merged,omitempty"` // the person this one turned out to be; nothing links to it any more
}

// Pupil is a child in the service. Its PAN is for life and never reused
// (mission 3). Guardians are declared links, never guessed from surnames
// (story 43). Handle is the random word that stands for the pupil in
// addresses: a PAN identifies, it opens nothing (story 34).
type Pupil struct {
	PAN           PAN           `json:"pan"`
	Handle        string        `json:"handle"`
	CodiceFiscale CodiceFiscale `json:"cf,omitempty"`
	Surname       string        `json:"surname"`
	Name          string        `json:"name"`
	Born          Date          `json:"born"`
	Sex           string        `json:"sex,omitempty"` // "M", "F" or ""
	Birthplace    string        `json:"birthplace,omitempty"`
	Guardians     []GuardianID  `json:"guardians,omitempty"`
	Class         ClassID       `json:"class"` // the class of the latest enrolment: where its account lies
	NonResident   bool          `json:"non_resident,omitempty"`
}

// HasGuardian tells whether g is one of the pupil's guardians.
func (p *Pupil) HasGuardian(g GuardianID) bool {
	for _, have := range p.Guardians {
		if have == g {
			return true
		}
	}
	return false
}

// Role is what a user does here; design §12 lists who sees what.
type Role string

// The roles of design §12.
const (
	RoleGuardian  Role = "guardian"
	RoleDelegate  Role = "delegate"
	RoleDesk      Role = "desk"
	RoleOffice    Role = "office"
	RoleDiets     Role = "diets"
	RoleSchool    Role = "school"
	RoleRefectory Role = "refectory"
	RoleKitchen   Role = "kitchen"
	RoleAuditor   Role = "auditor"
	RoleAdmin     Role = "admin"
)

// Roles lists every role in a fixed order.
var Roles = [...]Role{RoleGuardian, RoleDelegate, RoleDesk, RoleOffice, RoleDiets,
	RoleSchool, RoleRefectory, RoleKitchen, RoleAuditor, RoleAdmin}

// ParseRole reads a role by its name.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles {
		if string(r) == s {
			return r, nil
		}
	}
	return "", Invalid("role", "error.role", s)
}

// Actor is who performs an act: a user, an API token, the scheduler or the
// command line. It is written beside everything the act leaves behind.
type Actor struct {
	Login    string     `json:"login"` // "maria.rossi", "token:voce", "job", "console"
	Role     Role       `json:"role,omitempty"`
	Guardian GuardianID `json:"guardian,omitempty"` // the person behind a guardian's login
	Scopes   []string   `json:"scopes,omitempty"`   // of an API token
}

// The two actors without a login: the scheduler and whoever stands at the
// server's own console.
var (
	JobActor     = Actor{Login: "job"}
	ConsoleActor = Actor{Login: "console", Role: RoleAdmin}
)

// HasScope tells whether the actor's token carries a scope.
func (a Actor) HasScope(scope string) bool {
	for _, s := range a.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}

// Channel is the way an act came in; every channel leaves the same record and
// gives the same receipt.
type Channel string

// The channels of this system.
const (
	ChannelWeb     Channel = "web"
	ChannelDesk    Channel = "desk"
	ChannelAPI     Channel = "api"
	ChannelConsole Channel = "console"
	ChannelJob     Channel = "job"
)

// ReceiptNumber numbers the receipts of one calendar year without a gap.
type ReceiptNumber struct {
	Year uint16
	N    uint32
}

// String writes the number as families see it: "2026/004183".
func (n ReceiptNumber) String() string {
	if n.N == 0 {
		return ""
	}
	digits := strconv.FormatUint(uint64(n.N), 10)
	for len(digits) < 6 {
		digits = "0" + digits
	}
	return strconv.Itoa(int(n.Year)) + "/" + digits
}

// IsZero tells whether there is no receipt.
func (n ReceiptNumber) IsZero() bool { return n.N == 0 }

// MarshalText writes the number as String does.
func (n ReceiptNumber) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText wrote; the empty text is no receipt.
func (n *ReceiptNumber) UnmarshalText(text []byte) error {
	*n = ReceiptNumber{}
	if len(text) == 0 {
		return nil
	}
	if len(text) < 6 || text[4] != '/' {
		return Invalid("receipt", "error.receipt", string(text))
	}
	year, err := strconv.ParseUint(string(text[:4]), 10, 16)
	if err != nil {
		return Invalid("receipt", "error.receipt", string(text))
	}
	number, err := strconv.ParseUint(string(text[5:]), 10, 32)
	if err != nil || number == 0 {
		return Invalid("receipt", "error.receipt", string(text))
	}
	*n = ReceiptNumber{Year: uint16(year), N: uint32(number)}
	return nil
}
