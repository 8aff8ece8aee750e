package canteen

import "sort"

// EnrolmentState is where an enrolment stands; Next says which steps are legal.
type EnrolmentState uint8

// The states of design §2.
const (
	Draft EnrolmentState = iota + 1
	Submitted
	Validated
	Returned
	Withdrawn
)

var enrolmentStateNames = [...]string{Draft: "draft", Submitted: "submitted",
	Validated: "validated", Returned: "returned", Withdrawn: "withdrawn"}

// String names the state as the catalogues and the API do.
func (s EnrolmentState) String() string {
	if int(s) < len(enrolmentStateNames) {
		return enrolmentStateNames[s]
	}
	return ""
}

// EnrolmentStep is something that happens to an enrolment.
type EnrolmentStep uint8

// The steps: the family submits and withdraws, the school validates or
// returns (mission 1 and 2).
const (
	Submit EnrolmentStep = iota + 1
	Validate
	Return
	Withdraw
)

var enrolmentSteps = map[EnrolmentState]map[EnrolmentStep]EnrolmentState{
	Draft:     {Submit: Submitted, Withdraw: Withdrawn},
	Submitted: {Validate: Validated, Return: Returned, Withdraw: Withdrawn},
	Returned:  {Submit: Submitted, Withdraw: Withdrawn},
	Validated: {Withdraw: Withdrawn},
}

// Next returns the state after a step, or a refusal when the step is not legal
// from s.
func (s EnrolmentState) Next(step EnrolmentStep) (EnrolmentState, error) {
	if to, ok := enrolmentSteps[s][step]; ok {
		return to, nil
	}
	return s, Refuse(KindConflict, "error.enrolment.step", s.String())
}

// Since is a code in force from a day on, until the next of its list.
type Since struct {
	From Date   `json:"from"`
	Code string `json:"code"` // empty: none from that day
}

// InForce returns the code of a list that holds on a day. The list is in order
// of From.
func InForce(list []Since, day Date) string {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].From <= day {
			return list[i].Code
		}
	}
	return ""
}

// SetFrom returns the list with a code in force from a day on: what was said
// for later days is dropped, what was said before stays, and nothing is added
// when the code already holds.
func SetFrom(list []Since, day Date, code string) []Since {
	cut := sort.Search(len(list), func(i int) bool { return list[i].From >= day })
	kept := append([]Since(nil), list[:cut]...)
	if InForce(kept, day) == code {
		return kept
	}
	return append(kept, Since{From: day, Code: code})
}

// Enrolment is a pupil's place in a class for a school year, from a day to a
// day (both included; a zero Until is the end of the year). A change of class
// ends one and starts another, so that past days keep their class.
type Enrolment struct {
	Pupil    PAN
	Class    ClassID
	State    EnrolmentState
	From     Date
	Until    Date
	Weekdays Weekdays // the pupil's own canteen days; 0: those of the class
	Rank     uint8    // 1 for the eldest of the household in the service, 2 for the next…; 0 unknown
	Outside  bool     // lives outside the municipality
	Bands    []Since  // tariff band or exemption
	Diets    []Since
}

// Seat is what the kitchen and the till need to know of an enrolled pupil on
// one day.
type Seat struct {
	Pupil   PAN
	Band    string
	Diet    string
	Rank    uint8
	Outside bool
}

// On returns the seat on a day; ok is false when the enrolment does not hold
// on that day. classDays are the canteen days of the class.
func (e *Enrolment) On(day Date, classDays Weekdays) (Seat, bool) {
	if e.State != Validated || day < e.From || (e.Until != 0 && day > e.Until) {
		return Seat{}, false
	}
	if e.Weekdays != 0 && !(e.Weekdays & classDays).Has(day.Weekday()) {
		return Seat{}, false
	}
	return Seat{Pupil: e.Pupil, Band: InForce(e.Bands, day), Diet: InForce(e.Diets, day),
		Rank: e.Rank, Outside: e.Outside}, true
}
