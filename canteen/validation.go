package canteen

// ValidationOutcome is the answer of a school's validation (vidimazione) to one
// application (mission 2).
type ValidationOutcome string

// The outcomes. Only the first one writes.
const (
	ValidationDone     ValidationOutcome = "validated"
	ValidationAlready  ValidationOutcome = "already"  // it was validated before, or the child has a place that year
	ValidationStopped  ValidationOutcome = "stopped"  // an old debt of the applicant, mission 4
	ValidationNoClass  ValidationOutcome = "noClass"  // the class is missing, or of another school or year
	ValidationOver     ValidationOutcome = "over"     // the school year has no day left to begin on
	ValidationMoved    ValidationOutcome = "moved"    // returned or withdrawn meanwhile
	ValidationTwins    ValidationOutcome = "twins"    // the codice fiscale belongs to two pupils: the office merges them first
	ValidationStranger ValidationOutcome = "stranger" // the child is in the service and the applicant is none of its guardians: the family or the office links them first
	ValidationNotFound ValidationOutcome = "notFound" // no such application in this school
)

// PlaceChange compares the place an application asks for with the pupil's place
// in the school year before.
type PlaceChange string

// The changes a school looks for. A section that goes up a grade is the same.
const (
	PlaceNew    PlaceChange = "new"
	PlaceSame   PlaceChange = "same"
	PlaceClass  PlaceChange = "class"
	PlaceSchool PlaceChange = "school"
)

// CompareClasses tells what has changed from last year's class to the one asked;
// nil is no class.
func CompareClasses(last, asked *Class) PlaceChange {
	switch {
	case last == nil:
		return PlaceNew
	case asked == nil:
		return PlaceClass
	case last.School != asked.School:
		return PlaceSchool
	case last.Section != asked.Section || last.Grade > asked.Grade:
		return PlaceClass
	}
	return PlaceSame
}

// PreviousYear names the school year before, "2025/26" for "2026/27"; empty when
// the name is not one.
func PreviousYear(name string) string {
	y, err := ParseYear(name)
	if err != nil {
		return ""
	}
	return yearName(y.From.Year() - 1)
}

// StartDay is the day from which a validated enrolment holds: the day asked, or
// the first of the school year, and never one that can no longer be ordered for.
// Free tells whether today is still open: not closed, its cut-off ahead. A day
// asked outside the year does not count. It returns 0 when no day is left.
func StartDay(year SchoolYear, asked, today Date, free bool) Date {
	start, first := year.From, today
	if asked > start && asked <= year.To {
		start = asked
	}
	if !free {
		first = today.AddDays(1)
	}
	if start = max(start, first); start > year.To {
		return 0
	}
	return start
}
