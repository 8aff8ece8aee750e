package canteen

import (
	"regexp"
	"strings"
)

// KitchenID, SchoolID and ClassID number the places of the service. They are
// internal: pages and the API speak of codes and names.
type (
	KitchenID uint16
	SchoolID  uint16
	ClassID   uint32
)

// Stage is the order of a school (ordine di scuola).
type Stage string

// The stages a canteen serves.
const (
	StageInfanzia   Stage = "infanzia"
	StagePrimaria   Stage = "primaria"
	StageSecondaria Stage = "secondaria"
)

// ParseStage reads a stage as offices write it: "Infanzia", "Scuola primaria",
// "Secondaria I grado", or the type letters of a school code (AA, EE, MM).
func ParseStage(s string) (Stage, error) {
	low := strings.ToLower(strings.TrimSpace(s))
	switch {
	case low == "aa", strings.Contains(low, "infanzia"), strings.Contains(low, "materna"):
		return StageInfanzia, nil
	case low == "ee", strings.Contains(low, "primaria"), strings.Contains(low, "elementare"):
		return StagePrimaria, nil
	case low == "mm", strings.Contains(low, "secondaria"), strings.Contains(low, "media"):
		return StageSecondaria, nil
	}
	return "", Invalid("stage", "error.stage", s)
}

// Kitchen is a cooking centre (centro di cottura). Cutoff is the time of day
// until which it takes changes; Limit is how far a fair extension may move it
// (design §3).
type Kitchen struct {
	ID     KitchenID `json:"id"`
	Code   string    `json:"code"` // short word for addresses and the API, made from the name
	Name   string    `json:"name"`
	Cutoff ClockTime `json:"cutoff"`
	Limit  ClockTime `json:"limit"`
}

// The cut-off of a new kitchen (mission 11) and the furthest a fair extension
// may move it (design §3).
const (
	DefaultCutoff = ClockTime(9*60 + 30)
	DefaultLimit  = ClockTime(10 * 60)
)

// School is one building (plesso) with its codice meccanografico.
type School struct {
	ID        SchoolID  `json:"id"`
	Code      string    `json:"code"`
	Name      string    `json:"name"`
	Stage     Stage     `json:"stage"`
	Institute string    `json:"institute"`
	Kitchen   KitchenID `json:"kitchen"`
	Cutoff    ClockTime `json:"cutoff,omitempty"` // overrides the kitchen's; 0 is none
}

var schoolCode = regexp.MustCompile(`^[A-Z]{4}[0-9A-Z]{6}$`)

// ParseSchoolCode checks the form of a codice meccanografico (rules R10.1):
// four letters and six letters or digits.
func ParseSchoolCode(s string) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if !schoolCode.MatchString(code) {
		return "", Invalid("school", "error.schoolCode", s)
	}
	return code, nil
}

// Class belongs to a school and a school year. Weekdays are its canteen days;
// Staff is the number of meals for teachers and helpers it usually orders.
type Class struct {
	ID       ClassID  `json:"id"`
	School   SchoolID `json:"school"`
	Year     string   `json:"year"` // "2026/27"
	Grade    string   `json:"grade"`
	Section  string   `json:"section"`
	Weekdays Weekdays `json:"weekdays"`
	Staff    int      `json:"staff,omitempty"`
}

// Name writes a class as a school does: "3A".
func (c *Class) Name() string { return c.Grade + c.Section }

// Diet is a special diet as the kitchen knows it: a code and what to leave
// out. The reason (health, faith, choice) is never here (rules R5.3).
// Allergens are the numbers 1 to 14 of Reg. EU 1169/2011, Annex II.
type Diet struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	Excludes  string `json:"excludes,omitempty"`
	Allergens []int  `json:"allergens,omitempty"`
}

// MaxCode is the greatest length in bytes of a diet code or a band name.
const MaxCode = 12

// ParseCode normalises a diet code or band name: upper case, letters, digits
// and hyphens, at most MaxCode bytes.
func ParseCode(field, s string) (string, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	if code == "" || len(code) > MaxCode {
		return "", Invalid(field, "error.code", s)
	}
	for _, r := range code {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return "", Invalid(field, "error.code", s)
		}
	}
	return code, nil
}
