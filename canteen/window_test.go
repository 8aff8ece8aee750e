package canteen

import (
	"errors"
	"testing"
)

func TestEnrolmentWindow_on(t *testing.T) {
	w := EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430, LateFrom: 20270915}
	for _, tt := range []struct {
		day  Date
		want WindowState
		next Date
	}{
		{20270228, WindowAhead, 20270301}, {20270301, WindowOpen, 20270915}, {20270430, WindowOpen, 20270915},
		{20270501, WindowAhead, 20270915}, {20270914, WindowAhead, 20270915}, {20270915, WindowLate, 0},
		{20280831, WindowLate, 0}, {20280901, WindowClosed, 0},
	} {
		if got := w.On(tt.day); got != tt.want || w.Next(tt.day) != tt.next || w.Takes(tt.day) != (got == WindowOpen || got == WindowLate) {
			t.Errorf("%s: %s, next %s; want %s, next %s", tt.day, got, w.Next(tt.day), tt.want, tt.next)
		}
	}
	w.LateFrom = 0
	if got := w.On(20270501); got != WindowClosed {
		t.Errorf("without late enrolments the day after is %s, want closed", got)
	}
}

func TestEnrolmentWindow_refusalsSayWhen(t *testing.T) {
	for _, tt := range []struct {
		w    EnrolmentWindow
		day  Date
		key  string
		when Date
	}{
		{EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430}, 20270228, "error.window.ahead", 20270301},
		{EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430}, 20270501, "error.window.closed", 20270430},
		{DefaultWindow("2027/28"), 20270501, "error.window.ahead", 20270901},
		{EnrolmentWindow{Year: "2027/28"}, 20270501, "error.window.unset", 0},
	} {
		err := tt.w.MayStart(tt.day)
		refusal, ok := errors.AsType[*Error](err)
		if !ok || refusal.Kind != KindTooLate || refusal.Key != tt.key || tt.when != 0 && refusal.Args[1] != tt.when {
			t.Errorf("%+v on %s: %v, want %s with %s", tt.w, tt.day, err, tt.key, tt.when)
		}
	}
	w := DefaultWindow("2026/27")
	if err := w.MayStart(20261012); err != nil {
		t.Errorf("a service without settings takes nobody: %v", err)
	}
}

func TestEnrolmentWindow_validate(t *testing.T) {
	good := EnrolmentWindow{Year: "2027/28", Opens: 20270301, Closes: 20270430, LateFrom: 20270915}
	if err := good.Validate(); err != nil {
		t.Errorf("refused %+v: %v", good, err)
	}
	for field, spoil := range map[string]func(*EnrolmentWindow){
		"year":   func(w *EnrolmentWindow) { w.Year = "2027" },
		"closes": func(w *EnrolmentWindow) { w.Closes = 0 },
		"late":   func(w *EnrolmentWindow) { w.LateFrom = 20270831 },
	} {
		w := good
		spoil(&w)
		if refusal, ok := errors.AsType[*Error](w.Validate()); !ok || refusal.Field != field {
			t.Errorf("%+v: %v, want a refusal of %s", w, w.Validate(), field)
		}
	}
	backwards, after := good, good
	backwards.Opens, after.Closes = 20270501, 20280901
	if backwards.Validate() == nil || after.Validate() == nil {
		t.Error("a window that runs backwards or behind its year was accepted")
	}
}

func TestFirstMeal_isADayTheKitchenCanStillKnow(t *testing.T) {
	c := &Calendar{Years: []SchoolYear{{Name: "2026/27", From: 20260901, To: 20270630, ServiceFrom: 20261014, ServiceTo: 20270604}},
		Rules: []DayRule{{Layer: Town, From: 20261106, To: 20261106, Reason: "Patrono"}}}
	for _, tt := range []struct {
		name         string
		today, asked Date
		days         Weekdays
		want         Date
	}{
		{"in summer: the day the service begins, not school", 20260801, 0, MonToFri, 20261014},
		{"while it runs: tomorrow", 20261020, 0, MonToFri, 20261021},
		{"on a Friday: Monday", 20261023, 0, MonToFri, 20261026},
		{"before a closed day", 20261105, 0, MonToFri, 20261109},
		{"on the child's days only", 20261020, 0, 0b10000, 20261023},
		{"the day asked for", 20261020, 20261201, MonToFri, 20261201},
		{"a day asked for in the past", 20261020, 20260914, MonToFri, 20261021},
		{"a day asked for without service", 20261020, 20261226, MonToFri, 20261228},
	} {
		got, ok := FirstMeal(c, "2026/27", tt.today, tt.asked, "FGEE00002B", "FGEE00002B 1A", tt.days)
		if !ok || got != tt.want {
			t.Errorf("%s: %s (%t), want %s", tt.name, got, ok, tt.want)
		}
	}
	if got, ok := FirstMeal(c, "2026/27", 20270604, 0, "FGEE00002B", "FGEE00002B 1A", MonToFri); ok {
		t.Errorf("after the last day of service: %s, want none", got)
	}
}
