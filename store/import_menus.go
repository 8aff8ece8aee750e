package store

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"refettorio/canteen"
)

// ImportMenus takes the rows of menu.csv. The rows of one season are one menu,
// which takes the place of the menu of that name as a whole when anything in it
// differs: dishes the file no longer has are gone.
func (s *Store) ImportMenus(act Act, rows []canteen.MenuRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "menu", len(rows), opt, func(tx *tx, log *importLog) func() error {
		return planMenus(tx, rows, log)
	})
}

// plannedMenu is a menu as a file draws it, beside the one the record has.
type plannedMenu struct {
	canteen.Menu
	line   int // the first of the season
	days   map[menuDay][]canteen.Dish
	have   *canteen.Menu // nil for a new one
	served map[dishKey]canteen.Dish
}

// menuDay is a day of a rotation; dishKey is a dish of it.
type menuDay struct {
	week    int
	weekday time.Weekday
	stage   canteen.Stage
}

type dishKey struct {
	menuDay
	course canteen.Course
	name   string // folded
}

func planMenus(tx *tx, rows []canteen.MenuRow, log *importLog) func() error {
	stored := map[string]*canteen.Menu{}
	for i, m := range tx.menus() {
		stored[canteen.Fold(m.Name)] = &tx.menus()[i]
	}
	seasons := map[string]*plannedMenu{}
	var order []*plannedMenu
	for i := range rows {
		row := &rows[i]
		key := canteen.Fold(row.Season)
		m := seasons[key]
		if m == nil {
			m = newPlannedMenu(row, stored[key])
			seasons[key], order = m, append(order, m)
		}
		m.add(row, log)
	}
	var changed []canteen.Menu
	for _, m := range order {
		if next := m.drawn(); m.have == nil || !reflect.DeepEqual(next, cleanMenu(*m.have)) {
			changed = append(changed, next)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return func() error {
		for _, m := range changed {
			tx.putMenu(m)
			log.step()
		}
		return tx.err
	}
}

func newPlannedMenu(row *canteen.MenuRow, have *canteen.Menu) *plannedMenu {
	m := &plannedMenu{Menu: canteen.Menu{Name: row.Season, From: row.From, To: row.To}, line: row.Line,
		days: map[menuDay][]canteen.Dish{}, have: have, served: map[dishKey]canteen.Dish{}}
	if have == nil {
		return m
	}
	m.Name = have.Name
	for _, d := range have.Days {
		for _, dish := range d.Dishes {
			m.served[keyOfDish(menuDay{d.Week, d.Weekday, d.Stage}, &dish)] = cleanDish(dish)
		}
	}
	return m
}

func keyOfDish(d menuDay, dish *canteen.Dish) dishKey {
	return dishKey{d, dish.Course, canteen.Fold(dish.Name)}
}

// add puts the dish of a row into the menu and says what the row changes.
func (m *plannedMenu) add(row *canteen.MenuRow, log *importLog) {
	key := m.Name + " " + row.Dish.Name
	if row.From != m.From || row.To != m.To {
		log.refused(row.Line, key, canteen.Invalid(columnFrom, "error.import.season", m.Name, m.From, m.To, m.line))
		return
	}
	day, dish := menuDay{row.Week, row.Weekday, row.Stage}, cleanDish(row.Dish)
	m.days[day] = append(m.days[day], dish)
	have, known := m.served[keyOfDish(day, &dish)]
	differs := !known || m.have.From != m.From || m.have.To != m.To || !reflect.DeepEqual(have, dish)
	log.took(row.Line, key, outcome(known, differs), nil)
}

// drawn is the menu with its days in order and their dishes as they are served.
func (m *plannedMenu) drawn() canteen.Menu {
	menu := m.Menu
	for d, dishes := range m.days {
		slices.SortStableFunc(dishes, func(a, b canteen.Dish) int {
			return slices.Index(canteen.Courses[:], a.Course) - slices.Index(canteen.Courses[:], b.Course)
		})
		menu.Days = append(menu.Days, canteen.MenuDay{Week: d.week, Weekday: d.weekday, Stage: d.stage, Dishes: dishes})
	}
	slices.SortFunc(menu.Days, func(a, b canteen.MenuDay) int {
		return cmp.Or(cmp.Compare(a.Week, b.Week), cmp.Compare(a.Weekday, b.Weekday), cmp.Compare(a.Stage, b.Stage))
	})
	return menu
}

// cleanMenu and cleanDish give a menu and a dish the form they have when they
// are read back: a list of nothing is nil.
func cleanMenu(m canteen.Menu) canteen.Menu {
	m.Days = slices.Clone(m.Days)
	for i := range m.Days {
		m.Days[i].Dishes = slices.Clone(m.Days[i].Dishes)
		for j := range m.Days[i].Dishes {
			m.Days[i].Dishes[j] = cleanDish(m.Days[i].Dishes[j])
		}
	}
	return m
}

func cleanDish(d canteen.Dish) canteen.Dish {
	if len(d.Allergens) == 0 {
		d.Allergens = nil
	}
	if len(d.Traces) == 0 {
		d.Traces = nil
	}
	return d
}
