package canteen

import "testing"

func TestNextYear(t *testing.T) {
	for this, want := range map[string]string{"2026/27": "2027/28", "2099/00": "2100/01", "x": ""} {
		if got := NextYear(this); got != want {
			t.Errorf("after %s: %q, want %q", this, got, want)
		}
	}
}

func TestNextGrade_goesUpToTheEndOfTheStage(t *testing.T) {
	for stage, last := range map[Stage]string{StageInfanzia: "3", StagePrimaria: "5", StageSecondaria: "3"} {
		grades := Grades(stage)
		for i, grade := range grades {
			next, ok := NextGrade(stage, grade)
			if grade == last && ok || grade != last && (!ok || next != grades[i+1]) {
				t.Errorf("%s %s: %q, %t", stage, grade, next, ok)
			}
		}
	}
	if _, ok := NextGrade(StagePrimaria, "U"); ok {
		t.Error("a mixed section has a grade above")
	}
}

func TestPromote(t *testing.T) {
	schools := []School{{ID: 1, Stage: StageInfanzia}, {ID: 2, Stage: StagePrimaria}}
	this := []Class{
		{ID: 1, School: 1, Year: "2026/27", Grade: "3", Section: "A", Weekdays: MonToFri},
		{ID: 2, School: 2, Year: "2026/27", Grade: "1", Section: "B", Weekdays: 0b00101, Staff: 2},
		{ID: 3, School: 2, Year: "2026/27", Grade: "U", Section: "M", Weekdays: MonToFri},
		{ID: 4, School: 9, Year: "2026/27", Grade: "1", Section: "A"},
	}
	next := []Class{{ID: 5, School: 2, Year: "2027/28", Grade: "2", Section: "B"}}
	plan := Promote(schools, this, next)
	if len(plan) != 4 {
		t.Fatalf("%d lines, want infanzia 3A that leaves, a new 1B, 1B to 2B, and the mixed section: %+v", len(plan), plan)
	}
	if p := plan[0]; !p.Leaves() || p.Old.ID != 1 {
		t.Errorf("infanzia 3A: %+v, want it to end", p)
	}
	if p := plan[1]; p.Old.ID != 0 || p.New.Name() != "1B" || p.New.Year != "2027/28" || p.New.Weekdays != 0b00101 || p.New.Staff != 2 || p.Exists {
		t.Errorf("got %+v, want a new 1B like this year's", p)
	}
	if p := plan[2]; p.Old.ID != 2 || p.New.Name() != "2B" || p.New.ID != 0 || !p.Exists {
		t.Errorf("got %+v, want 1B to become the 2B that is there", p)
	}
	if p := plan[3]; p.New.Name() != "UM" || p.Leaves() {
		t.Errorf("got %+v, want the mixed section to stay", p)
	}
}

func TestRenewal(t *testing.T) {
	p := &Pupil{PAN: NewPAN(7), Surname: "Nuovi", Name: "Luce", Born: 20200304}
	e := &Enrolment{Pupil: p.PAN, State: Validated, From: 20260901, Weekdays: 0b00111, Bands: []Since{{20260901, "F1"}}}
	next := []Class{{ID: 8, School: 2, Year: "2027/28", Grade: "2", Section: "B", Weekdays: 0b00101}}
	for _, tt := range []struct {
		stage Stage
		grade string
		want  RenewalKind
		class ClassID
		days  Weekdays
	}{
		{StagePrimaria, "1", RenewSame, 8, 0b00101},
		{StagePrimaria, "2", RenewSame, 0, 0b00111},
		{StagePrimaria, "U", RenewSame, 0, 0b00111},
		{StageInfanzia, "3", RenewChoose, 0, 0},
		{StagePrimaria, "5", RenewChoose, 0, 0},
		{StageSecondaria, "3", RenewOut, 0, 0},
	} {
		class, school := &Class{School: 2, Year: "2026/27", Grade: tt.grade, Section: "B"}, &School{ID: 2, Stage: tt.stage}
		a, kind := Renewal(p, e, class, school, next, 20270301)
		if kind != tt.want || a.Class != tt.class || a.Weekdays != tt.days || (a.School != 0) != (kind == RenewSame) {
			t.Errorf("%s %s: %s %+v, want %s in class %d on %s", tt.stage, tt.grade, kind, a, tt.want, tt.class, tt.days)
		}
		if a.Band != "F1" || !a.Renewal || a.Year != "2027/28" || a.Child.Name != "Luce" || a.Diet != "" {
			t.Errorf("%s %s: %+v, want band and child carried on, and no diet asked again", tt.stage, tt.grade, a)
		}
	}
}
