package canteen

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Layer says who speaks about a day. Layers are ordered: a greater one is nearer
// to the child, and its word wins (rules R10.2).
type Layer uint8

// The layers, from the farthest. The zero value is no layer.
const (
	Nation Layer = iota + 1
	Region
	Town
	SchoolLayer
	ClassLayer
)

var layerNames = [...]string{"", "nation", "region", "town", "school", "class"}

// String names the layer as files and the API do.
func (l Layer) String() string {
	if int(l) < len(layerNames) {
		return layerNames[l]
	}
	return ""
}

// ParseLayer reads a layer by its name. The error key is "error.layer".
func ParseLayer(s string) (Layer, error) {
	if i := slices.Index(layerNames[:], s); i > 0 {
		return Layer(i), nil
	}
	return 0, Invalid("", "error.layer", s)
}

// MarshalText writes String.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what ParseLayer reads.
func (l *Layer) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLayer(string(text))
	return err
}

// DayRule is the word of one layer about the days From to To, both included: the
// canteen is closed, or open in spite of the layers above.
//
// Scope is the school's code in the school layer and the class's key in the
// class layer, empty above them. A class's key must be its own in the whole
// town: a bare "3A" would speak for every 3A.
type DayRule struct {
	Layer  Layer  `json:"layer"`
	Scope  string `json:"scope,omitempty"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`
	Open   bool   `json:"open,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Validate refuses a rule that could never speak, or would speak for nobody.
func (r *DayRule) Validate() error {
	switch {
	case r.Layer < Nation || r.Layer > ClassLayer:
		return Invalid("layer", "error.layer", r.Layer.String())
	case (r.Layer >= SchoolLayer) != (r.Scope != ""):
		return Invalid("scope", "error.dayRule.scope", r.Scope)
	case r.From.IsZero():
		return Invalid("from", "error.date", "")
	case r.To < r.From:
		return Invalid("to", "error.dayRule.range", r.From.String(), r.To.String())
	}
	return nil
}

// SchoolYear has its name, "2026/27", its limits, and those of the canteen,
// which opens later than the school (seed letter: 14 October 2024). All limits
// are included; a zero service limit is that of the year.
type SchoolYear struct {
	Name        string `json:"name"`
	From        Date   `json:"from"`
	To          Date   `json:"to"`
	ServiceFrom Date   `json:"service_from,omitempty"`
	ServiceTo   Date   `json:"service_to,omitempty"`
}

// serves tells whether a day is in the canteen's period.
func (y *SchoolYear) serves(d Date) bool {
	from, to := y.ServiceFrom, y.ServiceTo
	if from == 0 {
		from = y.From
	}
	if to == 0 {
		to = y.To
	}
	return d >= from && d <= to
}

const september = int(time.September)

// YearOf names the school year a day belongs to, "2026/27": years turn on 1
// September.
func YearOf(d Date) string {
	first := d.Year()
	if int(d.Month()) < september {
		first--
	}
	return yearName(first)
}

func yearName(first int) string {
	next := (first + 1) % 100
	return strconv.Itoa(first) + "/" + string([]byte{'0' + byte(next/10), '0' + byte(next%10)})
}

// ParseYear reads the name of a school year, "2026/27" or "2026/2027", also with
// a dash, and returns the year of that name from 1 September to 31 August, with
// no limits to the service of its own. The error key is "error.schoolYear".
func ParseYear(s string) (SchoolYear, error) {
	first, second, found := strings.Cut(strings.Replace(strings.TrimSpace(s), "-", "/", 1), "/")
	y, okY := digits(first)
	next, okNext := digits(second)
	if len(second) == 2 {
		next += (y + 1) / 100 * 100
	}
	if !found || !okY || !okNext || len(first) != 4 || len(second) != 2 && len(second) != 4 ||
		next != y+1 || y < firstYearTyped || y >= lastYearTyped {
		return SchoolYear{}, Invalid("", "error.schoolYear", s)
	}
	return SchoolYear{
		Name: yearName(y),
		From: packDate(y, september, 1),
		To:   packDate(y+1, september-1, 31),
	}, nil
}

// Closure says why there is no meal on a day. Reason is the name of the holiday
// or the words of the rule, and is empty where the kind says it all.
type Closure struct {
	Kind   ClosureKind `json:"kind"`
	Reason string      `json:"reason,omitempty"`
}

// ClosureKind is the sort of reason of a closure.
type ClosureKind uint8

// The kinds. The zero value is an open day.
const (
	NotClosed      ClosureKind = iota
	OutOfService               // outside the period of the canteen
	OnHoliday                  // a national holiday
	ClosedByNation             // a rule of the layer
	ClosedByRegion
	ClosedByTown
	ClosedBySchool
	ClosedByClass
	OffWeekday // not one of the class's days of the week
)

var closureNames = [...]string{"", "out-of-service", "holiday", "nation", "region", "town", "school", "class", "weekday"}

// String names the kind as the API and the catalogues do.
func (k ClosureKind) String() string {
	if int(k) < len(closureNames) {
		return closureNames[k]
	}
	return ""
}

// MarshalText writes String.
func (k ClosureKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *ClosureKind) UnmarshalText(text []byte) error {
	i := slices.Index(closureNames[:], string(text))
	if i < 0 {
		return Invalid("", "error.closure", string(text))
	}
	*k = ClosureKind(i)
	return nil
}

// Calendar answers whether there is a meal. Rules stand in the order in which
// they were decided: of two rules of one layer about one day the later wins, so
// that a school can close a week and then reopen a day of it.
type Calendar struct {
	Years []SchoolYear `json:"years"`
	Rules []DayRule    `json:"rules"`
}

// Service tells whether the canteen is open on a day for a class with those
// canteen days, and if not, why. School is the school's code, class the class's
// key, as in DayRule.Scope.
//
// Outside the canteen's period it never is. Within, the most specific layer that
// speaks decides (class, school, town, region, nation with its holidays); where
// it opens, or none speaks, the days of the week decide, except that an opening
// of the class layer stands above those too.
func (c *Calendar) Service(d Date, school, class string, weekdays Weekdays) (open bool, why Closure) {
	v := c.Day(d)
	return v.Service(school, class, weekdays)
}

// maxSearch bounds NextService: a day more distant is of another school year,
// and not yet known.
const maxSearch = 400

// NextService returns the first day after a day on which a class eats; false
// when there is none in the next 400 days.
func (c *Calendar) NextService(after Date, school, class string, weekdays Weekdays) (Date, bool) {
	d := after
	for range maxSearch {
		d = d.AddDays(1)
		if open, _ := c.Service(d, school, class, weekdays); open {
			return d, true
		}
	}
	return 0, false
}

// DayView is the calendar of one day, ready to be asked about thousands of
// classes. It does not change when the calendar does.
type DayView struct {
	weekday time.Weekday
	general Closure            // the word of the period and of the layers above the schools
	schools map[string]Closure // the words of the scopes that speak; NotClosed is an opening
	classes map[string]Closure
}

// Day prepares the view of a day.
func (c *Calendar) Day(d Date) DayView {
	if !c.serves(d) {
		return DayView{general: Closure{Kind: OutOfService}}
	}
	v := DayView{weekday: d.Weekday()}
	speaking := Layer(0)
	if name, ok := NationalHoliday(d); ok {
		speaking, v.general = Nation, Closure{Kind: OnHoliday, Reason: name}
	}
	for i := range c.Rules {
		r := &c.Rules[i]
		switch {
		case d < r.From || d > r.To:
		case r.Layer == ClassLayer:
			put(&v.classes, r)
		case r.Layer == SchoolLayer:
			put(&v.schools, r)
		case r.Layer >= speaking:
			speaking, v.general = r.Layer, r.word()
		}
	}
	return v
}

func (c *Calendar) serves(d Date) bool {
	for i := range c.Years {
		if c.Years[i].serves(d) {
			return true
		}
	}
	return false
}

func put(m *map[string]Closure, r *DayRule) {
	if *m == nil {
		*m = map[string]Closure{}
	}
	(*m)[r.Scope] = r.word()
}

// word is what the rule says of its days: an opening is a closure of no kind.
func (r *DayRule) word() Closure {
	if r.Open {
		return Closure{}
	}
	return Closure{Kind: ClosedByNation + ClosureKind(r.Layer-Nation), Reason: r.Reason}
}

// Service answers as Calendar.Service does, for the day of the view. It does not
// allocate.
func (v *DayView) Service(school, class string, weekdays Weekdays) (open bool, why Closure) {
	if v.general.Kind == OutOfService {
		return false, v.general
	}
	if word, speaks := v.classes[class]; speaks {
		return word.Kind == NotClosed, word
	}
	word, speaks := v.schools[school]
	if !speaks {
		word = v.general
	}
	if word.Kind == NotClosed && !weekdays.Has(v.weekday) {
		word.Kind = OffWeekday
	}
	return word.Kind == NotClosed, word
}

// firstFrancis is the first year in which 4 October is a national holiday (L.
// 8-10-2025 n. 151, in force from 1-1-2026).
const firstFrancis = 2026

// NationalHoliday names the holiday of the nation that falls on a day: those of
// L. 27-5-1949 n. 260, art. 2, as it stands, with Easter itself and 4 October
// from 2026. Other Sundays are not named: the days of the week of each class
// take care of them.
func NationalHoliday(d Date) (name string, ok bool) {
	switch d % 10000 {
	case 101:
		return "Capodanno", true
	case 106:
		return "Epifania", true
	case 425:
		return "Liberazione", true
	case 501:
		return "Festa del Lavoro", true
	case 602:
		return "Festa della Repubblica", true
	case 815:
		return "Ferragosto", true
	case 1004:
		if d.Year() >= firstFrancis {
			return "San Francesco", true
		}
	case 1101:
		return "Ognissanti", true
	case 1208:
		return "Immacolata", true
	case 1225:
		return "Natale", true
	case 1226:
		return "Santo Stefano", true
	}
	return easterHoliday(d)
}

func easterHoliday(d Date) (name string, ok bool) {
	if month := d.Month(); month != time.March && month != time.April {
		return "", false
	}
	switch easter := Easter(d.Year()); d {
	case easter:
		return "Pasqua", true
	case easter.AddDays(1):
		return "Lunedì dell'Angelo", true
	}
	return "", false
}

// Easter returns Easter Sunday of a year of the Gregorian calendar, by the
// method of Meeus, Jones and Butcher.
func Easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return NewDate(year, n/31, n%31+1)
}
