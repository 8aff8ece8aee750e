package intake

import (
	"io"
	"time"

	"refettorio/canteen"
)

var (
	menuSeason = &column{name: "Menù", need: filled,
		also: []string{"Stagione", "Nome menù", "Menù stagionale", "Season"}}
	menuFrom = &column{name: "Dal", need: filled,
		also: []string{"Inizio", "Valido dal", "From"}}
	menuTo = &column{name: "Al", need: filled,
		also: []string{"Fine", "Valido al", "To"}}
	menuWeek = &column{name: "Settimana", need: filled,
		also: []string{"Sett.", "N. settimana", "Week"}}
	menuWeekday = &column{name: "Giorno", need: filled,
		also: []string{"Giorno della settimana", "Day", "Weekday"}}
	menuStage = &column{name: "Ordine",
		also: []string{"Ordine di scuola", "Ordine scolastico", "Stage"}}
	menuCourse = &column{name: "Portata", need: filled,
		also: []string{"Tipo piatto", "Course"}}
	menuDish = &column{name: "Piatto", need: filled,
		also: []string{"Pietanza", "Descrizione", "Ricetta", "Dish"}}
	menuAllergens = &column{name: "Allergeni", need: filled,
		also: []string{"Allergene", "Allergens"}}
	menuTraces = &column{name: "Tracce",
		also: []string{"Può contenere", "Tracce di", "Traces"}}
	menuFrozen = &column{name: "Surgelato",
		also: []string{"Congelato", "Prodotto surgelato", "Frozen"}}

	menuColumns = []*column{menuSeason, menuFrom, menuTo, menuWeek, menuWeekday, menuStage, menuCourse,
		menuDish, menuAllergens, menuTraces, menuFrozen}
)

// maxWeeks is the longest rotation of a menu (rules R9.1).
const maxWeeks = 9

// Menu reads menu.csv, a line for each dish. A dish without a word on its
// allergens is refused: it could not be served (rules R9.1). All lines of one
// menu must give it the same days, and say each dish of a day once.
func Menu(r io.Reader) (Result[canteen.MenuRow], error) {
	known := menusSeen{seasons: map[string]season{}, dishes: seen[dishKey]{}}
	return read(r, menuColumns, named(menuSeason, menuWeek, menuWeekday, menuDish), func(r *row) canteen.MenuRow {
		v := canteen.MenuRow{
			Line:    r.line,
			Season:  r.text(menuSeason),
			From:    parse(r, menuFrom, canteen.ParseDate),
			To:      parse(r, menuTo, canteen.ParseDate),
			Week:    r.number(menuWeek, 1, maxWeeks),
			Weekday: parse(r, menuWeekday, asWeekday),
			Stage:   parse(r, menuStage, asStage),
			Dish: canteen.Dish{
				Course:    word(r, menuCourse, courses, "error.import.course"),
				Name:      r.text(menuDish),
				Allergens: parse(r, menuAllergens, asAllergens),
				Traces:    parse(r, menuTraces, asAllergens),
				Frozen:    word(r, menuFrozen, yesNo, "error.import.yesNo"),
			},
		}
		known.check(r, &v)
		return v
	})
}

// asWeekday reads one day of the week.
func asWeekday(s string) (time.Weekday, error) {
	days, err := canteen.ParseWeekdays(s)
	if err != nil {
		return 0, err
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if days == weekdaySet(day) {
			return day, nil
		}
	}
	return 0, canteen.Invalid("", "error.import.weekday", s)
}

// weekdaySet is the set of one day: Monday is its bit 0.
func weekdaySet(day time.Weekday) canteen.Weekdays { return 1 << ((day + 6) % 7) }

// asStage reads the stage a dish is for; none where it is for every stage.
func asStage(s string) (canteen.Stage, error) {
	switch fold(s) {
	case "tutti", "tutte", "tuttigliordini", "all":
		return "", nil
	}
	return canteen.ParseStage(s)
}

// courses are the words for the place of a dish in a meal. A one-dish meal
// (piatto unico) takes the place of the first, a dessert that of the fruit.
var courses = map[string]canteen.Course{
	"primo": canteen.CourseFirst, "primi": canteen.CourseFirst, "primopiatto": canteen.CourseFirst,
	"piattounico": canteen.CourseFirst, "first": canteen.CourseFirst,
	"secondo": canteen.CourseSecond, "secondi": canteen.CourseSecond, "secondopiatto": canteen.CourseSecond,
	"second": canteen.CourseSecond, "contorno": canteen.CourseSide, "contorni": canteen.CourseSide,
	"side": canteen.CourseSide, "pane": canteen.CourseBread, "bread": canteen.CourseBread,
	"frutta": canteen.CourseFruit, "fruttaodolce": canteen.CourseFruit, "dolce": canteen.CourseFruit,
	"dessert": canteen.CourseFruit, "finepasto": canteen.CourseFruit, "fruit": canteen.CourseFruit,
}

// menusSeen holds what the lines of a file must agree on.
type menusSeen struct {
	seasons map[string]season
	dishes  seen[dishKey]
}

// season is the days of a menu, as its first line gives them.
type season struct {
	line     int
	from, to canteen.Date
}

// dishKey tells the dishes of a day apart.
type dishKey struct {
	season  string
	week    int
	weekday time.Weekday
	stage   canteen.Stage
	course  canteen.Course
	name    string
}

func (s *menusSeen) check(r *row, v *canteen.MenuRow) {
	if r.problem == nil && v.To < v.From {
		r.invalid(menuTo, "error.dayRule.range", v.From.String(), v.To.String())
	}
	if r.problem != nil {
		return
	}
	name := canteen.Fold(v.Season)
	first, had := s.seasons[name]
	if had && (first.from != v.From || first.to != v.To) {
		r.invalid(menuFrom, "error.import.season", v.Season, first.from.String(), first.to.String(), first.line)
		return
	}
	once(s.dishes, r, menuDish,
		dishKey{name, v.Week, v.Weekday, v.Stage, v.Dish.Course, canteen.Fold(v.Dish.Name)})
	if r.problem == nil && !had {
		s.seasons[name] = season{r.line, v.From, v.To}
	}
}
