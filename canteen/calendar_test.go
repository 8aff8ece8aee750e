package canteen

import (
	"encoding/json"
	"testing"
)

func TestYearOf_turnsOnTheFirstOfSeptember(t *testing.T) {
	for d, want := range map[Date]string{
		20260831: "2025/26", 20260901: "2026/27", 20261231: "2026/27", 20270101: "2026/27", 20270831: "2026/27",
		19990901: "1999/00", 20991001: "2099/00", 20080910: "2008/09",
	} {
		if got := YearOf(d); got != want {
			t.Errorf("YearOf(%s) = %q; want %q", d, got, want)
		}
	}
}

func TestParseYear(t *testing.T) {
	want := SchoolYear{Name: "2026/27", From: 20260901, To: 20270831}
	for _, in := range []string{"2026/27", "2026/2027", "2026-27", "2026-2027", " 2026/27 "} {
		if got, err := ParseYear(in); err != nil || got != want {
			t.Errorf("ParseYear(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
	if got, err := ParseYear("1999/00"); err != nil || got.Name != "1999/00" || got.To != 20000831 {
		t.Errorf("ParseYear(1999/00) = %+v, %v", got, err)
	}
	for _, in := range []string{"", "2026", "2026/", "/27", "2026/28", "2026/26", "2026/2028", "26/27", "2026/027", "2026/7", "2026/27/28", "2026 27", "20x6/27", "1899/00", "2199/00"} {
		if got, err := ParseYear(in); err == nil {
			t.Errorf("ParseYear(%q) = %+v; want an error", in, got)
		}
	}
}

const (
	tueThu    Weekdays = 0b0001010
	monWedFri Weekdays = 0b0010101
	monToSat  Weekdays = 0b0111111
)

// townYear is a year as Apulia and a town of it might set it: the regional
// breaks, the patron saint on Friday 20 November, a primary school closed for
// works, a class on a trip.
func townYear() *Calendar {
	return &Calendar{
		Years: []SchoolYear{{Name: "2026/27", From: 20260914, To: 20270609, ServiceFrom: 20261012, ServiceTo: 20270528}},
		Rules: []DayRule{
			{Layer: Region, From: 20261102, To: 20261102, Reason: "Ponte"},
			{Layer: Region, From: 20261207, To: 20261207, Reason: "Ponte"},
			{Layer: Region, From: 20261223, To: 20270106, Reason: "Vacanze di Natale"},
			{Layer: Region, From: 20270208, To: 20270209, Reason: "Carnevale"},
			{Layer: Region, From: 20270325, To: 20270330, Reason: "Vacanze di Pasqua"},
			{Layer: Town, From: 20261120, To: 20261120, Reason: "Santo patrono"},
			{Layer: SchoolLayer, Scope: "FGEE81901E", From: 20270111, To: 20270115, Reason: "Lavori"},
			{Layer: ClassLayer, Scope: "FGEE81901E/3A", From: 20270513, To: 20270513, Reason: "Gita"},
		},
	}
}

func countService(c *Calendar, from, to Date, school, class string, weekdays Weekdays) (n int) {
	for d := from; d <= to; d = d.AddDays(1) {
		if open, _ := c.Service(d, school, class, weekdays); open {
			n++
		}
	}
	return n
}

// 12 October 2026 (Monday) to 28 May 2027 (Friday) is 33 weeks: 165 working
// days. Closed: 2, 20 November; 7, 8 December; eleven days from 23 December to 6
// January; 8, 9 February; 25, 26, 29, 30 March: 21 days, of which five Tuesdays
// and three Thursdays.
func TestCalendar_wholeSchoolYear(t *testing.T) {
	c := townYear()
	for _, tc := range []struct {
		school, class string
		weekdays      Weekdays
		want          int
	}{
		{"FGEE82001P", "FGEE82001P/3A", MonToFri, 165 - 21},
		{"FGEE82001P", "FGEE82001P/3A", tueThu, 66 - 8},
		{"FGEE82001P", "FGEE82001P/3A", monWedFri, 99 - 13},
		{"FGEE81901E", "FGEE81901E/2A", MonToFri, 165 - 21 - 5},
		{"FGEE81901E", "FGEE81901E/3A", MonToFri, 165 - 21 - 5 - 1},
		{"FGEE81901E", "FGEE81901E/3A", tueThu, 66 - 8 - 2 - 1}, // the trip is on a Thursday
		{"FGEE81901E", "FGEE81901E/3A", 0, 0},
	} {
		if got := countService(c, 20260901, 20270831, tc.school, tc.class, tc.weekdays); got != tc.want {
			t.Errorf("%s on %s eats on %d days; want %d", tc.class, tc.weekdays, got, tc.want)
		}
	}
}

// The regional calendar of Apulia for 2023/24, six days a week, was published
// with its count of lesson days: 205.
func TestCalendar_countsThePublishedDaysOf2023(t *testing.T) {
	c := &Calendar{Years: []SchoolYear{{Name: "2023/24", From: 20230914, To: 20240607}}}
	for _, days := range [][2]Date{
		{20231209, 20231209}, {20231223, 20240107}, {20240212, 20240212}, {20240213, 20240213}, {20240328, 20240402},
	} {
		c.Rules = append(c.Rules, DayRule{Layer: Region, From: days[0], To: days[1], Reason: "Sospensione"})
	}
	if got, want := countService(c, 20230901, 20240831, "", "", monToSat), 205; got != want {
		t.Errorf("%d days of lessons; want %d", got, want)
	}
}

func TestCalendar_saysWhyADayIsClosed(t *testing.T) {
	c := townYear()
	const school, class = "FGEE81901E", "FGEE81901E/3A"
	for d, want := range map[Date]Closure{
		20260914: {OutOfService, ""}, // lessons have begun, the canteen has not
		20261011: {OutOfService, ""},
		20261012: {NotClosed, ""},
		20261017: {OffWeekday, ""}, // Saturday
		20261102: {ClosedByRegion, "Ponte"},
		20261120: {ClosedByTown, "Santo patrono"}, // Friday
		20261208: {OnHoliday, "Immacolata"},
		20261225: {ClosedByRegion, "Vacanze di Natale"},
		20270111: {ClosedBySchool, "Lavori"},
		20270425: {OnHoliday, "Liberazione"}, // Sunday too
		20270513: {ClosedByClass, "Gita"},
		20270528: {NotClosed, ""},
		20270529: {OutOfService, ""},
	} {
		open, why := c.Service(d, school, class, MonToFri)
		if why != want || open != (want.Kind == NotClosed) {
			t.Errorf("Service(%s) = %v, %+v; want %+v", d, open, why, want)
		}
	}
}

func TestCalendar_fourthOfOctoberFrom2026(t *testing.T) {
	c := &Calendar{Years: []SchoolYear{
		{Name: "2024/25", From: 20240901, To: 20250831},
		{Name: "2027/28", From: 20270901, To: 20280831},
	}}
	// 2024: a Friday before the law. 2027: the first that falls on a school day.
	if open, why := c.Service(20241004, "", "", MonToFri); !open {
		t.Errorf("Service(2024-10-04) is closed: %+v; want open", why)
	}
	if open, why := c.Service(20271004, "", "", MonToFri); open || why != (Closure{OnHoliday, "San Francesco"}) {
		t.Errorf("Service(2027-10-04) = %v, %+v; want closed for San Francesco", open, why)
	}
	// 2025: a Saturday, open for a class that eats on Saturdays.
	c.Years = append(c.Years, SchoolYear{Name: "2025/26", From: 20250901, To: 20260831})
	if open, why := c.Service(20251004, "", "", monToSat); !open {
		t.Errorf("Service(2025-10-04) is closed: %+v; want open", why)
	}
}

// Every pair of layers, closing and opening: the nearer to the child wins,
// whatever the order of the rules.
func TestCalendar_theNearestLayerWins(t *testing.T) {
	const (
		day   = Date(20261014) // a Wednesday
		east  = Date(20270329) // a Monday of Easter
		other = "other"
	)
	scope := func(l Layer) string {
		if l >= SchoolLayer {
			return l.String()
		}
		return ""
	}
	for far := Nation; far <= ClassLayer; far++ {
		for near := far + 1; near <= ClassLayer; near++ {
			for _, opens := range []bool{false, true} {
				rules := []DayRule{
					{Layer: far, Scope: scope(far), From: day, To: day, Open: !opens, Reason: "far"},
					{Layer: near, Scope: scope(near), From: day, To: day, Open: opens, Reason: "near"},
				}
				for range 2 {
					rules[0], rules[1] = rules[1], rules[0]
					c := &Calendar{Years: []SchoolYear{{From: 20260901, To: 20270831}}, Rules: rules}
					open, why := c.Service(day, "school", "class", MonToFri)
					if open != opens || !opens && why.Reason != "near" {
						t.Errorf("rules %+v: %v, %+v; want open %v", rules, open, why, opens)
					}
				}
			}
		}
	}
	for l := Nation; l <= ClassLayer; l++ {
		c := &Calendar{
			Years: []SchoolYear{{From: 20260901, To: 20270831}},
			Rules: []DayRule{{Layer: l, Scope: scope(l), From: east, To: east, Open: true}},
		}
		if open, why := c.Service(east, "school", "class", MonToFri); !open {
			t.Errorf("an opening of the layer %s leaves the holiday closed: %+v", l, why)
		}
		open, why := c.Service(east, "school", "class", tueThu)
		if open != (l == ClassLayer) || !open && why != (Closure{Kind: OffWeekday}) {
			t.Errorf("an opening of the layer %s on a day off: %v, %+v; want open %v", l, open, why, l == ClassLayer)
		}
		if open, _ := c.Service(east, other, other, MonToFri); open != (l < SchoolLayer) {
			t.Errorf("an opening of the layer %s opens another school: %v; want %v", l, open, l < SchoolLayer)
		}
		if open, why := c.Service(20260831, "school", "class", MonToFri); open {
			t.Errorf("open outside the period of the canteen: %+v", why)
		}
	}
}

func TestCalendar_ofOneLayerTheLaterRuleWins(t *testing.T) {
	const school = "FGEE81901E"
	c := townYear()
	c.Rules = append(c.Rules, DayRule{Layer: SchoolLayer, Scope: school, From: 20270113, To: 20270114, Open: true, Reason: "Lavori finiti"})
	if got := countService(c, 20270111, 20270115, school, "", MonToFri); got != 2 {
		t.Errorf("the week of the works has %d days; want the 2 reopened", got)
	}
	c.Rules = append(c.Rules, DayRule{Layer: SchoolLayer, Scope: school, From: 20270114, To: 20270114, Reason: "Sciopero"})
	if open, why := c.Service(20270114, school, "", MonToFri); open || why.Reason != "Sciopero" {
		t.Errorf("Service of the strike after the reopening = %v, %+v; want closed", open, why)
	}
}

func TestCalendarNextService(t *testing.T) {
	c := townYear()
	const school, class = "FGEE81901E", "FGEE81901E/3A"
	for _, tc := range []struct {
		after    Date
		weekdays Weekdays
		want     Date
	}{
		{20260701, MonToFri, 20261012},  // the first day of the canteen
		{20261012, MonToFri, 20261013},  // strictly after
		{20261016, MonToFri, 20261019},  // over a weekend
		{20261222, MonToFri, 20270107},  // over Christmas
		{20270107, tueThu, 20270119},    // over the works too
		{20270512, tueThu, 20270518},    // over the trip
		{20270527, MonToFri, 20270528},  // the last
		{20270528, MonToFri, 0},         // none after
		{20250901, MonToFri, 0},         // further than 400 days
		{20250907, MonToFri, 20261012},  // 400 days exactly
		{20261012, 0, 0},                // a class without canteen days
		{20261012, 0b1000000, 20261018}, // Sundays only
	} {
		got, ok := c.NextService(tc.after, school, class, tc.weekdays)
		if got != tc.want || ok != (tc.want != 0) {
			t.Errorf("NextService(%s, %s) = %s, %v; want %s", tc.after, tc.weekdays, got, ok, tc.want)
		}
	}
}

func TestDayView_agreesWithTheCalendarAndStands(t *testing.T) {
	c := townYear()
	for d := Date(20260901); d < 20270901; d = d.AddDays(1) {
		v := c.Day(d)
		for _, class := range []string{"FGEE81901E/3A", "FGEE82001P/3A"} {
			open, why := v.Service(class[:10], class, MonToFri)
			wantOpen, wantWhy := c.Service(d, class[:10], class, MonToFri)
			if open != wantOpen || why != wantWhy {
				t.Errorf("%s, %s: the view says %v, %+v; the calendar %v, %+v", d, class, open, why, wantOpen, wantWhy)
			}
		}
	}
	v := c.Day(20261014)
	c.Rules = append(c.Rules, DayRule{Layer: Town, From: 20261014, To: 20261014, Reason: "Neve"})
	if open, why := v.Service("", "", MonToFri); !open {
		t.Errorf("a view taken before the snow says %+v; want open", why)
	}
}

func TestDayView_costsNoAllocation(t *testing.T) {
	c := townYear()
	v := c.Day(20270513)
	n := testing.AllocsPerRun(100, func() {
		if open, _ := v.Service("FGEE81901E", "FGEE81901E/3A", MonToFri); open {
			t.Error("the class on a trip eats")
		}
	})
	if n != 0 {
		t.Errorf("DayView.Service allocates %v times; want 0", n)
	}
}

func TestDayRuleValidate(t *testing.T) {
	good := []DayRule{
		{Layer: Nation, From: 20261014, To: 20261014},
		{Layer: Town, From: 20261014, To: 20261016, Reason: "Neve"},
		{Layer: SchoolLayer, Scope: "FGEE81901E", From: 20261014, To: 20261014, Open: true},
		{Layer: ClassLayer, Scope: "FGEE81901E/3A", From: 20261014, To: 20261014},
	}
	for _, r := range good {
		if err := r.Validate(); err != nil {
			t.Errorf("Validate(%+v) = %v; want nil", r, err)
		}
	}
	for field, r := range map[string]DayRule{
		"layer": {From: 20261014, To: 20261014},
		"scope": {Layer: SchoolLayer, From: 20261014, To: 20261014},
		"from":  {Layer: Town, To: 20261014},
		"to":    {Layer: Town, From: 20261014, To: 20261013},
	} {
		wantInvalid(t, r.Validate(), field)
	}
	wantInvalid(t, (&DayRule{Layer: Town, Scope: "FGEE81901E", From: 20261014, To: 20261014}).Validate(), "scope")
	wantInvalid(t, (&DayRule{Layer: ClassLayer + 1, Scope: "x", From: 20261014, To: 20261014}).Validate(), "layer")
}

func TestCalendar_textForm(t *testing.T) {
	text, err := json.Marshal(townYear().Rules[7])
	want := `{"layer":"class","scope":"FGEE81901E/3A","from":"2027-05-13","to":"2027-05-13","reason":"Gita"}`
	if err != nil || string(text) != want {
		t.Errorf("Marshal = %s, %v; want %s", text, err, want)
	}
	var back DayRule
	if err := json.Unmarshal(text, &back); err != nil || back != townYear().Rules[7] {
		t.Errorf("Unmarshal(%s) = %+v, %v", text, back, err)
	}
	for _, bad := range []string{`{"layer":""}`, `{"layer":"planet"}`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("Unmarshal(%s) = %+v; want an error", bad, back)
		}
	}
	if text, err = json.Marshal(Closure{OffWeekday, ""}); err != nil || string(text) != `{"kind":"weekday"}` {
		t.Errorf("Marshal of a closure = %s, %v", text, err)
	}
	for l := Nation; l <= ClassLayer; l++ {
		if got := (&DayRule{Layer: l}).word().Kind.String(); got != l.String() {
			t.Errorf("a closure of the layer %s is of the kind %q", l, got)
		}
	}
}

func FuzzParseYear(f *testing.F) {
	f.Add("2026/27")
	f.Add("1999-2000")
	f.Fuzz(func(t *testing.T, s string) {
		y, err := ParseYear(s)
		if err != nil {
			return
		}
		if back, err := ParseYear(y.Name); err != nil || back != y || YearOf(y.From) != y.Name || YearOf(y.To) != y.Name {
			t.Errorf("ParseYear(%q) = %+v, read back as %+v, %v", s, y, back, err)
		}
	})
}

func BenchmarkDayViewService(b *testing.B) {
	c := townYear()
	for name, d := range map[string]Date{"PlainDay": 20261014, "DayWithScopes": 20270513} {
		b.Run(name, func(b *testing.B) {
			v := c.Day(d)
			b.ReportAllocs()
			for b.Loop() {
				v.Service("FGEE81901E", "FGEE81901E/3B", MonToFri)
			}
		})
	}
}

func TestClosureKind_readsWhatItWrites(t *testing.T) {
	for k := NotClosed; k <= OffWeekday; k++ {
		text, err := k.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back ClosureKind
		if err := back.UnmarshalText(text); err != nil || back != k {
			t.Errorf("%q read back as %d, %v; want %d", text, back, err, k)
		}
	}
	var k ClosureKind
	if err := k.UnmarshalText([]byte("mare")); err == nil {
		t.Error("an unknown closure was read")
	}
}
