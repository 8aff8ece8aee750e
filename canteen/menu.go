package canteen

import "time"

// Course is the place of a dish in a meal (portata).
type Course string

// The courses of a school meal, in the order they are served.
const (
	CourseFirst  Course = "primo"
	CourseSecond Course = "secondo"
	CourseSide   Course = "contorno"
	CourseBread  Course = "pane"
	CourseFruit  Course = "frutta"
)

// Courses lists the courses in serving order.
var Courses = [...]Course{CourseFirst, CourseSecond, CourseSide, CourseBread, CourseFruit}

// Dish is what is served, with the allergens of Reg. EU 1169/2011, Annex II
// (numbers 1 to 14) tied to it, as D.Lgs. 231/2017 art. 19 c. 8 asks.
type Dish struct {
	Course    Course `json:"course"`
	Name      string `json:"name"`
	Allergens []int  `json:"allergens,omitempty"`
	Traces    []int  `json:"traces,omitempty"`
	Frozen    bool   `json:"frozen,omitempty"`
}

// MenuDay is the meal of one weekday of one week of a rotation.
type MenuDay struct {
	Week    int          `json:"week"`
	Weekday time.Weekday `json:"weekday"`
	Stage   Stage        `json:"stage,omitempty"` // empty: every stage
	Dishes  []Dish       `json:"dishes"`          // in serving order
}

// Menu is a season of rotating weeks (rules R9.1).
type Menu struct {
	Name string    `json:"name"`
	From Date      `json:"from"`
	To   Date      `json:"to"`
	Days []MenuDay `json:"days"`
}

// Weeks is the length of the rotation.
func (m *Menu) Weeks() int {
	weeks := 0
	for i := range m.Days {
		weeks = max(weeks, m.Days[i].Week)
	}
	return weeks
}

// On returns the dishes of a day for a stage: those of the stage itself where
// it has its own, else those for all. Week 1 is the one From falls in.
func (m *Menu) On(day Date, stage Stage) []Dish {
	weeks := m.Weeks()
	if weeks == 0 || day < m.From || day > m.To {
		return nil
	}
	monday := m.From.AddDays(-(int(m.From.Weekday()+6) % 7))
	week := monday.DaysUntil(day)/7%weeks + 1
	var common []Dish
	for i := range m.Days {
		d := &m.Days[i]
		if d.Week != week || d.Weekday != day.Weekday() {
			continue
		}
		if d.Stage == stage {
			return d.Dishes
		}
		if d.Stage == "" {
			common = d.Dishes
		}
	}
	return common
}

// MenuOn returns the dishes of a day: of the menu that starts last among those
// that cover it.
func MenuOn(menus []Menu, day Date, stage Stage) []Dish {
	var best *Menu
	for i := range menus {
		if m := &menus[i]; day >= m.From && day <= m.To && (best == nil || m.From > best.From) {
			best = m
		}
	}
	if best == nil {
		return nil
	}
	return best.On(day, stage)
}
