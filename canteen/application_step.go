package canteen

import (
	"slices"
	"strconv"
	"strings"
)

// ApplicationStep is one page of the application, in the order of the public
// services' model (rules R4.3).
type ApplicationStep int

// The steps a family fills in. The summary and the receipt follow the last.
const (
	StepPrivacy ApplicationStep = iota + 1
	StepChild
	StepSchool
	StepDays
	StepDiet
	StepRelief
)

// LastStep is the step before the summary.
const LastStep = StepRelief

var stepNames = [...]string{"", "privacy", "child", "school", "days", "diet", "relief"}

// String names the step as the catalogues do.
func (s ApplicationStep) String() string {
	if s >= StepPrivacy && s <= LastStep {
		return stepNames[s]
	}
	return ""
}

// PrivacyNotice is the version of the privacy notice (the texts "legal.privacy" of
// the catalogue, partial "privacy-texts"). Whoever changes its words gives it the
// next number: the version shown is kept with each application and in the profile
// of whoever registers, at home or on the counter's paper (rules R5.9).
const PrivacyNotice = 1

// Offer is what a family may choose from in a school year.
type Offer struct {
	Year    string
	Schools []School
	Classes []Class  // of the year; a school may not have formed them yet
	Bands   []string // those a tariff in force names
	Today   Date
	Office  bool // somebody of the office fills in: a child may lack a codice fiscale (rules R11.2)
}

func (o *Offer) school(id SchoolID) *School {
	for i := range o.Schools {
		if o.Schools[i].ID == id {
			return &o.Schools[i]
		}
	}
	return nil
}

func (o *Offer) class(id ClassID) *Class {
	for i := range o.Classes {
		if o.Classes[i].ID == id {
			return &o.Classes[i]
		}
	}
	return nil
}

// Days are the canteen days a child may choose from: those of its class, or of
// any class of its grade while it has none, or else Monday to Friday.
func (o *Offer) Days(a *Application) Weekdays {
	if c := o.class(a.Class); c != nil {
		return c.Weekdays
	}
	var any Weekdays
	for i := range o.Classes {
		if c := &o.Classes[i]; c.School == a.School && c.Grade == a.Grade {
			any |= c.Weekdays
		}
	}
	if any == 0 {
		return MonToFri
	}
	return any
}

// Editable tells whether the family can still change what it asks.
func (a *Application) Editable() bool { return a.State == Draft || a.State == Returned }

// Live tells whether an application takes the place of another for the same
// child and year: one that waits, was sent back or was accepted. A draft does not:
// it may never be sent.
func (a *Application) Live() bool {
	return a.State == Submitted || a.State == Validated || a.State == Returned
}

// SameChild tells whether two applications are for one child: the same pupil, or
// the same codice fiscale. Two codes of one base form are two people: that is
// what omocodia is for.
func (a *Application) SameChild(b *Application) bool {
	if a.Pupil != 0 && a.Pupil == b.Pupil {
		return true
	}
	return a.Child.CodiceFiscale != "" && a.Child.CodiceFiscale == b.Child.CodiceFiscale
}

// Take copies what one step asks for from what a family answered. The data of a
// child the service knows stay as the record has them (once only, C.SE.1.5); a
// new place drops the days chosen for the old one.
func (a *Application) Take(step ApplicationStep, from *Application) {
	switch step {
	case StepPrivacy:
		a.Privacy = from.Privacy
	case StepChild:
		if a.Pupil == 0 {
			a.Child = from.Child
		}
	case StepSchool:
		if a.School != from.School || a.Grade != from.Grade || a.Class != from.Class {
			a.Weekdays = 0
		}
		a.School, a.Grade, a.Class = from.School, from.Grade, from.Class
	case StepDays:
		a.Weekdays, a.From = from.Weekdays, from.From
	case StepDiet:
		a.Diet = from.Diet
	case StepRelief:
		a.Band = from.Band
	}
	a.Step = max(a.Step, int(step))
}

// Complete checks every step and returns the first that does not hold, with the
// reason: a class may have closed, a school lost a day, while the draft lay. The
// step is 0 when all hold.
func (a *Application) Complete(o *Offer) (ApplicationStep, error) {
	for step := StepPrivacy; step <= LastStep; step++ {
		if err := a.Check(step, o); err != nil {
			return step, err
		}
	}
	return 0, nil
}

// Check says whether what an application holds for one step can stand: Invalid
// with the field that cannot.
func (a *Application) Check(step ApplicationStep, o *Offer) error {
	switch step {
	case StepPrivacy:
		if a.Privacy != PrivacyNotice {
			return Invalid("privacy", "error.application.privacy")
		}
	case StepChild:
		return a.checkChild(o)
	case StepSchool:
		return a.checkSchool(o)
	case StepDays:
		return a.checkDays(o)
	case StepDiet:
		if a.Diet != "" && a.Diet != DietHealth && a.Diet != DietEthical {
			return Invalid("diet", "error.required")
		}
	case StepRelief:
		if a.Band != "" && !slices.Contains(o.Bands, a.Band) {
			return Invalid("band", "error.application.band", a.Band)
		}
	default:
		return Refuse(KindNotFound, "error.notFound")
	}
	return nil
}

// The ages at which children are in a school with a canteen, in whole years at
// the end of the school year's first calendar year: wide, to stop slips of the
// pen and nobody else.
const (
	youngestPupil = 2
	eldestPupil   = 17
)

// maxChildName bounds what a family may write as a name.
const maxChildName = 60

func (a *Application) checkChild(o *Offer) error {
	c := &a.Child
	switch {
	case strings.TrimSpace(c.Surname) == "":
		return Invalid("surname", "error.required")
	case strings.TrimSpace(c.Name) == "":
		return Invalid("name", "error.required")
	case len(c.Surname) > maxChildName*2:
		return Invalid("surname", "error.application.long", maxChildName)
	case len(c.Name) > maxChildName*2:
		return Invalid("name", "error.application.long", maxChildName)
	case c.Born.IsZero():
		return Invalid("born", "error.required")
	case c.Sex != "" && c.Sex != "M" && c.Sex != "F":
		return Invalid("sex", "error.required")
	}
	if a.Pupil == 0 { // a child of the service is as the record has it
		if age := yearBegun(o.Year) - c.Born.Year(); c.Born > o.Today || age < youngestPupil || age > eldestPupil {
			return Invalid("born", "error.application.born", c.Born)
		}
		if c.CodiceFiscale == "" && !o.Office {
			return Invalid("cf", "error.required")
		}
	}
	if c.CodiceFiscale != "" && a.Pupil == 0 {
		if _, err := ParseCodiceFiscale(string(c.CodiceFiscale)); err != nil {
			return Invalid("cf", "error.application.cf")
		}
	}
	return nil
}

// yearBegun is the calendar year in which a school year begins.
func yearBegun(name string) int {
	year, err := ParseYear(name)
	if err != nil {
		return 0
	}
	return year.From.Year()
}

func (a *Application) checkSchool(o *Offer) error {
	school := o.school(a.School)
	if school == nil {
		return Invalid("school", "error.application.school")
	}
	formed := slices.ContainsFunc(o.Classes, func(c Class) bool { return c.School == a.School && c.Grade == a.Grade })
	if !formed && !slices.Contains(Grades(school.Stage), a.Grade) {
		return Invalid("grade", "error.application.grade")
	}
	if a.Class == 0 {
		return nil
	}
	if c := o.class(a.Class); c == nil || c.School != a.School || c.Grade != a.Grade || c.Year != o.Year {
		return Invalid("section", "error.application.class")
	}
	return nil
}

func (a *Application) checkDays(o *Offer) error {
	if days := o.Days(a); a.Weekdays&^days != 0 {
		return Invalid("weekdays", "error.application.weekdays", days)
	}
	if a.From == 0 {
		return nil
	}
	if YearOf(a.From) != o.Year {
		return Invalid("from", "error.application.from", o.Year)
	}
	return nil
}

// lastGrades is how many grades a stage has.
var lastGrades = map[Stage]int{StageInfanzia: 3, StagePrimaria: 5, StageSecondaria: 3}

// Grades lists the grades of a stage in order: "1" to "3" or "5".
func Grades(stage Stage) []string {
	grades := make([]string, lastGrades[stage])
	for i := range grades {
		grades[i] = strconv.Itoa(i + 1)
	}
	return grades
}
