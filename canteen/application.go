package canteen

import "time"

// Application is an enrolment before the school has validated it (mission 1 and
// 2): what a family asks for one child and one school year. When it is validated
// it becomes a Pupil with a PAN and an Enrolment, and stays as their origin.
// Handle is the random word that stands for it in addresses.
type Application struct {
	Handle    string         `json:"handle"`
	State     EnrolmentState `json:"state"`
	Applicant GuardianID     `json:"applicant"`
	Year      string         `json:"year"`            // "2026/27"
	Pupil     PAN            `json:"pupil,omitempty"` // known from the start for a child already in the service, given at validation to the others
	Child     Child          `json:"child"`
	School    SchoolID       `json:"school,omitempty"`
	Grade     string         `json:"grade,omitempty"`
	Class     ClassID        `json:"class,omitempty"`      // as the family knows it; the school may correct it
	Weekdays  Weekdays       `json:"weekdays,omitempty"`   // the child's own canteen days; 0: those of the class
	From      Date           `json:"from,omitempty"`       // asked first day; 0: the start of the service
	Band      string         `json:"band,omitempty"`       // band or exemption asked
	Diet      DietKind       `json:"diet,omitempty"`       // kind of diet asked, empty for none
	DietAsked string         `json:"diet_asked,omitempty"` // handle of the diet request it opened
	Privacy   int            `json:"privacy,omitempty"`    // version of the notice shown and accepted
	Step      int            `json:"step,omitempty"`       // the last step of a draft that was filled in
	Renewal   bool           `json:"renewal,omitempty"`    // proposed from the year before, story 37
	Reserve   string         `json:"reserve,omitempty"`    // why an official let it through in spite of a debt (mission 4, story 39)
	Receipt   ReceiptNumber  `json:"receipt,omitzero"`     // of the submission
	Started   time.Time      `json:"started"`
	Changed   time.Time      `json:"changed"`
	Submitted time.Time      `json:"submitted,omitzero"`
	History   []StepTaken    `json:"history,omitempty"`
}

// Child is who an application is for, as the family declares it.
type Child struct {
	CodiceFiscale CodiceFiscale `json:"cf,omitempty"` // empty only when the office enters a child without one (rules R11.2)
	Surname       string        `json:"surname"`
	Name          string        `json:"name"`
	Born          Date          `json:"born"`
	Sex           string        `json:"sex,omitempty"` // "M", "F" or ""
	Birthplace    string        `json:"birthplace,omitempty"`
	NonResident   bool          `json:"non_resident,omitempty"`
}

// StepTaken is one line of the history of an application or a diet request: who
// did what, and why where a reason is due.
type StepTaken struct {
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	OnBehalf string    `json:"on_behalf,omitempty"`
	What     string    `json:"what"` // the name of the new state, or of another event
	Reason   string    `json:"reason,omitempty"`
}
