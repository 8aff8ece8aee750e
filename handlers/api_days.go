package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
)

// apiDayStatus is where a day stands, for the town and school by school.
type apiDayStatus struct {
	Date     canteen.Date     `json:"date"`
	State    canteen.DayState `json:"state"`
	Cutoff   *time.Time       `json:"cutoff"`    // the latest of the schools'; null without service
	ClosedAt *time.Time       `json:"closed_at"` // null until every school is closed
	apiMeals
	Schools []apiSchoolDay `json:"schools"`
}

type apiSchoolDay struct {
	Code   string           `json:"code"`
	State  canteen.DayState `json:"state"`
	Cutoff *time.Time       `json:"cutoff"`
	apiMeals
}

// apiMeals counts pupils' meals: ordered is enrolled less absent, white is the
// part of it in bianco.
type apiMeals struct {
	Enrolled int `json:"enrolled"`
	Absent   int `json:"absent"`
	White    int `json:"white"`
	Ordered  int `json:"ordered"`
}

func apiMealsOf(c canteen.Counts) apiMeals {
	return apiMeals{c.Enrolled, c.Absent, c.White, c.Ordered()}
}

// apiDay tells where a day stands.
func (s *Server) apiDay(w http.ResponseWriter, r *http.Request) error {
	date, err := civilDay("date", routeVar(r, "date"))
	if err != nil {
		return err
	}
	day, err := s.store.Day(act(r), date)
	if err != nil {
		return err
	}
	answer := apiDayStatus{Date: day.Date, State: day.State, Cutoff: apiCutoff(day.State, day.Cutoff),
		ClosedAt: instant(day.ClosedAt), apiMeals: apiMealsOf(day.Counts), Schools: make([]apiSchoolDay, 0, len(day.Schools))}
	for i := range day.Schools {
		one := &day.Schools[i]
		answer.Schools = append(answer.Schools, apiSchoolDay{one.School.Code, one.State, apiCutoff(one.State, one.Cutoff), apiMealsOf(one.Counts)})
	}
	return s.json(w, http.StatusOK, answer)
}

// apiCutoff is the cut-off of a day; one without service has none.
func apiCutoff(state canteen.DayState, c canteen.Cutoff) *time.Time {
	if state == canteen.DayVoid {
		return nil
	}
	return instant(c.At)
}
