package canteen

import "slices"

// NextYear names the school year after another; empty when it is none.
func NextYear(name string) string {
	year, err := ParseYear(name)
	if err != nil {
		return ""
	}
	return YearOf(year.To.AddDays(1))
}

// NextGrade is the grade after another in the same stage; false where the stage
// ends and the family chooses another school.
func NextGrade(stage Stage, grade string) (string, bool) {
	grades := Grades(stage)
	i := slices.Index(grades, grade)
	if i < 0 || i+1 >= len(grades) {
		return "", false
	}
	return grades[i+1], true
}

// NextStage is the stage a child goes on to when one ends; false after the last.
func NextStage(stage Stage) (Stage, bool) {
	switch stage {
	case StageInfanzia:
		return StagePrimaria, true
	case StagePrimaria:
		return StageSecondaria, true
	}
	return "", false
}

// ClassPromotion is what becomes of one class, or of one place for a new class,
// at the turn of the year.
type ClassPromotion struct {
	Old    Class // without ID: a new first class
	New    Class // without ID; without Grade: the stage ends and its pupils leave
	Exists bool  // next year's class is in the record already
}

// Leaves tells whether the pupils of the class leave their school.
func (p *ClassPromotion) Leaves() bool { return p.New.Grade == "" }

// Promote plans next year's classes from this year's (rules R10.1): each class
// goes up a grade with its section, its canteen days and its staff meals; the
// last grade of a stage ends; and a new first grade is formed like this year's.
// Classes whose grade is no number of their stage (a mixed section, "U") go on as
// they are. The list is in the order of the classes given; nothing is created
// twice.
func Promote(schools []School, this, next []Class) []ClassPromotion {
	stages := map[SchoolID]Stage{}
	for i := range schools {
		stages[schools[i].ID] = schools[i].Stage
	}
	var plan []ClassPromotion
	for i := range this {
		old := this[i]
		stage, known := stages[old.School]
		if !known {
			continue
		}
		grades := Grades(stage)
		to := old
		to.ID, to.Year = 0, NextYear(old.Year)
		switch n := slices.Index(grades, old.Grade); {
		case n == 0:
			plan = append(plan, promotion(Class{}, to, next)) // the new first grade
			to.Grade = grades[1]
		case n > 0 && n+1 < len(grades):
			to.Grade = grades[n+1]
		case n > 0:
			to.Grade = ""
		}
		plan = append(plan, promotion(old, to, next))
	}
	return plan
}

func promotion(old, to Class, next []Class) ClassPromotion {
	exists := slices.ContainsFunc(next, func(c Class) bool {
		return c.School == to.School && c.Year == to.Year && c.Grade == to.Grade && c.Section == to.Section
	})
	return ClassPromotion{Old: old, New: to, Exists: exists}
}

// RenewalKind says what the new year brings to a child who eats this year.
type RenewalKind string

// The kinds of story 37: nobody starts again from nothing in September.
const (
	RenewSame   RenewalKind = "same"   // the next class of the same school
	RenewChoose RenewalKind = "choose" // a stage ends: the family chooses the school
	RenewOut    RenewalKind = "out"    // the last grade of the last stage: the child leaves the service
)

// Renewal proposes next year's application of a child from this year's
// enrolment. Days and band stay; a diet is not asked again, because it goes on by
// its own rules. class is this year's, next the classes of the year after.
func Renewal(p *Pupil, e *Enrolment, class *Class, school *School, next []Class, on Date) (Application, RenewalKind) {
	a := Application{State: Draft, Year: NextYear(class.Year), Pupil: p.PAN, Child: ChildOf(p), Renewal: true,
		Weekdays: e.Weekdays, Band: InForce(e.Bands, on)}
	grade, goesOn := NextGrade(school.Stage, class.Grade)
	if !slices.Contains(Grades(school.Stage), class.Grade) {
		grade, goesOn = class.Grade, true // a mixed section stays what it is
	}
	if !goesOn {
		a.Weekdays = 0 // another school has other days
		if _, more := NextStage(school.Stage); !more {
			return a, RenewOut
		}
		return a, RenewChoose
	}
	a.School, a.Grade = school.ID, grade
	for i := range next {
		if c := &next[i]; c.School == school.ID && c.Year == a.Year && c.Grade == grade && c.Section == class.Section {
			a.Class, a.Weekdays = c.ID, e.Weekdays&c.Weekdays
		}
	}
	return a, RenewSame
}

// ChildOf is a pupil as an application declares it: once-only data, taken from
// the record (C.SE.1.5).
func ChildOf(p *Pupil) Child {
	return Child{CodiceFiscale: p.CodiceFiscale, Surname: p.Surname, Name: p.Name, Born: p.Born, Sex: p.Sex,
		Birthplace: p.Birthplace, NonResident: p.NonResident}
}
