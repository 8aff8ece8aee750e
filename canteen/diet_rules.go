package canteen

import "strconv"

// DietCategory is the ground of an approval; it decides how long it lasts
// (rules R9.3 and §9). The kitchen never learns it.
type DietCategory string

// The categories of §9.
const (
	DietCoeliac       DietCategory = "coeliac"
	DietDiabetes      DietCategory = "diabetes"
	DietFavism        DietCategory = "favism"
	DietAllergy       DietCategory = "allergy" // allergies and intolerances
	DietInvestigation DietCategory = "investigation"
	DietOtherHealth   DietCategory = "health"
	DietBelief        DietCategory = "belief" // ethical or religious
)

// DietCategories lists every category in a fixed order.
var DietCategories = [...]DietCategory{DietCoeliac, DietDiabetes, DietFavism, DietAllergy, DietInvestigation,
	DietOtherHealth, DietBelief}

// DietTerm is how long an approval lasts.
type DietTerm string

// The terms of §9. Months are those of DietRules.
const (
	TermCycle  DietTerm = "cycle"  // until the pupil leaves its stage
	TermYear   DietTerm = "year"   // until the end of the school year
	TermMonths DietTerm = "months" // a few months from the first day
)

// DietTerms lists the terms, longest first.
var DietTerms = [...]DietTerm{TermCycle, TermYear, TermMonths}

// DietRules are the settings of the diets: changed by the diets officer, with a
// line in the log.
type DietRules struct {
	White  int                       `json:"white"`  // white meals on school days in a row, rules R9.4; 0: no limit
	Warn   int                       `json:"warn"`   // days of warning before an expiry
	Months int                       `json:"months"` // length of TermMonths
	Terms  map[DietCategory]DietTerm `json:"terms"`
}

// DefaultDietRules is the practice of rules §9: three white meals, thirty days of
// warning; lifelong conditions and beliefs for the cycle of the stage, others for
// the school year, what is under investigation for four months.
func DefaultDietRules() DietRules {
	return DietRules{White: 3, Warn: 30, Months: 4, Terms: map[DietCategory]DietTerm{
		DietCoeliac: TermCycle, DietDiabetes: TermCycle, DietFavism: TermCycle, DietBelief: TermCycle,
		DietAllergy: TermYear, DietOtherHealth: TermYear, DietInvestigation: TermMonths}}
}

// Validate refuses settings that cannot work.
func (r *DietRules) Validate() error {
	switch {
	case r.White < 0 || r.White > 30:
		return Invalid("white", "error.diet.rule", 0, 30)
	case r.Warn < 1 || r.Warn > 120:
		return Invalid("warn", "error.diet.rule", 1, 120)
	case r.Months < 1 || r.Months > 12:
		return Invalid("months", "error.diet.rule", 1, 12)
	}
	for _, c := range DietCategories {
		if t := r.Terms[c]; t != TermCycle && t != TermYear && t != TermMonths {
			return Invalid("term-"+string(c), "error.required")
		}
	}
	return nil
}

// CategoriesOf lists the categories a kind of request may be approved under.
func CategoriesOf(kind DietKind) []DietCategory {
	if kind == DietEthical {
		return []DietCategory{DietBelief}
	}
	return DietCategories[:len(DietCategories)-1]
}

// grades is how many years a stage lasts.
var grades = map[Stage]int{StageInfanzia: 3, StagePrimaria: 5, StageSecondaria: 3}

// Last returns the last day of validity an approval of a category may have when
// it begins on a day: validity lasts to the end of that day, midnight in Rome.
// stage and grade are the pupil's in the school year of from; a grade that is no
// number counts as the first. 0 for a category that does not exist.
func (r *DietRules) Last(c DietCategory, from Date, stage Stage, grade string) Date {
	endOfYear := lastOfSchoolYear(from)
	switch r.Terms[c] {
	case TermCycle:
		g, err := strconv.Atoi(grade)
		if err != nil || g < 1 || g > grades[stage] {
			g = 1
		}
		return NewDate(endOfYear.Year()+max(grades[stage]-g, 0), 8, 31)
	case TermYear:
		return endOfYear
	case TermMonths:
		return addMonths(from, r.Months).AddDays(-1)
	}
	return 0
}

// lastOfSchoolYear is 31 August of the school year of a day.
func lastOfSchoolYear(d Date) Date {
	year := d.Year()
	if int(d.Month()) >= september {
		year++
	}
	return NewDate(year, 8, 31)
}
