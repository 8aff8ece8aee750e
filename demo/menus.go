package demo

import (
	"fmt"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// rotation is four weeks of five days; a day is its dishes, first course to
// fruit.
type rotation [4][5]string

var winter = rotation{
	{
		"Pasta al pomodoro e basilico|Frittata al forno con zucchine|Carote julienne|Pane di grano duro|Mela",
		"Passato di verdure con crostini|Polpette di manzo al sugo|Purè di patate|Pane integrale|Arancia",
		"Risotto alla zucca|Petto di pollo alle erbe|Finocchi gratinati|Pane di grano duro|Pera",
		"Pasta e lenticchie|Mozzarella|Spinaci all'olio|Pane di grano duro|Mandarini",
		"Pasta con crema di zucchine|Filetto di merluzzo gratinato|Insalata mista|Pane di grano duro|Banana",
	}, {
		"Orecchiette con cime di rapa|Prosciutto cotto|Patate al forno|Pane di grano duro|Kiwi",
		"Minestrone di farro|Scaloppina di tacchino al limone|Bietole all'olio|Pane integrale|Mela",
		"Pasta e ceci al rosmarino|Ricotta vaccina|Carote al vapore|Pane di grano duro|Arancia",
		"Lasagne al forno|Bocconcini di pollo al forno|Insalata verde|Pane di grano duro|Pera",
		"Riso con piselli|Platessa al forno con olive|Fagiolini all'olio|Pane di grano duro|Yogurt alla frutta",
	}, {
		"Gnocchi di patate al pomodoro|Arista di maiale al forno|Cavolfiore gratinato|Pane di grano duro|Mandarini",
		"Vellutata di zucca con orzo|Hamburger di manzo|Patate al vapore|Pane integrale|Mela",
		"Pasta con i broccoli|Frittata di patate|Carote julienne|Pane di grano duro|Banana",
		"Riso e patate gratinati|Polpette di ceci|Finocchi in insalata|Pane di grano duro|Arancia",
		"Pasta al tonno|Bastoncini di merluzzo al forno|Spinaci all'olio|Pane di grano duro|Kiwi",
	}, {
		"Pasta al forno|Tacchino arrosto|Insalata mista|Pane di grano duro|Pera",
		"Crema di legumi con crostini|Spezzatino di vitello con patate|Carote al vapore|Pane integrale|Mandarini",
		"Risotto allo zafferano|Cotoletta di pollo al forno|Bietole all'olio|Pane di grano duro|Mela",
		"Pasta e fagioli|Caciotta|Finocchi gratinati|Pane di grano duro|Arancia",
		"Cavatelli al ragù di verdure|Polpettine di pesce al forno|Insalata verde|Pane di grano duro|Budino al cioccolato",
	},
}

var summer = rotation{
	{
		"Pasta al pesto|Straccetti di tacchino|Pomodori in insalata|Pane di grano duro|Fragole",
		"Insalata di riso e verdure|Mozzarella|Fagiolini all'olio|Pane integrale|Mela",
		"Pasta con crema di zucchine|Polpette di manzo al sugo|Carote julienne|Pane di grano duro|Banana",
		"Orzotto alle verdure dell'orto|Frittata al forno con zucchine|Insalata verde|Pane di grano duro|Albicocche",
		"Pasta al pomodoro e basilico|Filetto di merluzzo gratinato|Patate al vapore|Pane di grano duro|Kiwi",
	}, {
		"Pasta alla crudaiola con cacioricotta|Hamburger di manzo|Insalata mista|Pane di grano duro|Mela",
		"Riso con piselli|Bocconcini di pollo al forno|Zucchine trifolate|Pane integrale|Fragole",
		"Gnocchi di patate al pomodoro|Fiordilatte e pomodori|Fagiolini all'olio|Pane di grano duro|Pera",
		"Passato di verdure con crostini|Scaloppina di tacchino al limone|Patate al forno|Pane di grano duro|Albicocche",
		"Pasta al tonno|Platessa al forno con olive|Insalata verde|Pane di grano duro|Yogurt alla frutta",
	}, {
		"Troccoli al sugo di pomodoro|Prosciutto cotto|Pomodori in insalata|Pane di grano duro|Melone",
		"Farro con pomodorini|Petto di pollo alle erbe|Bietole all'olio|Pane integrale|Mela",
		"Pasta e lenticchie|Ricotta vaccina|Carote julienne|Pane di grano duro|Fragole",
		"Riso al pomodoro|Uova strapazzate al pomodoro|Zucchine trifolate|Pane di grano duro|Banana",
		"Pasta con melanzane|Bastoncini di merluzzo al forno|Insalata mista|Pane di grano duro|Kiwi",
	}, {
		"Pasta al forno|Tacchino arrosto|Insalata verde|Pane di grano duro|Albicocche",
		"Minestrone di farro|Polpettine morbide di manzo|Purè di patate|Pane integrale|Fragole",
		"Pasta con crema di zucchine|Caciotta|Pomodori in insalata|Pane di grano duro|Mela",
		"Insalata di riso e verdure|Cotoletta di pollo al forno|Fagiolini all'olio|Pane di grano duro|Melone",
		"Cavatelli al ragù di verdure|Polpettine di pesce al forno|Carote julienne|Pane di grano duro|Budino al cioccolato",
	},
}

// importMenus publishes the two menus of a school year.
func (b *builder) importMenus(back int) error {
	first := b.present - back
	year := schoolYear(first)
	spring := canteen.NewDate(first+1, 4, 1)
	rows := menuRows(fmt.Sprintf("Autunno-inverno %s", year.Name), year.From, spring.AddDays(-1), &winter)
	rows = append(rows, menuRows(fmt.Sprintf("Primavera-estate %d", first+1), spring, year.To, &summer)...)
	for i := range rows {
		rows[i].Line = i + 2
	}
	return taken(b.store.ImportMenus(office, rows, store.ImportOptions{}))
}

// menuRows lays out a rotation; a day with dishes too hard for the smallest has
// a menu of the infanzia's own.
func menuRows(season string, from, to canteen.Date, weeks *rotation) (rows []canteen.MenuRow) {
	for week := range weeks {
		for day, dishes := range weeks[week] {
			names := strings.Split(dishes, "|")
			row := canteen.MenuRow{Season: season, From: from, To: to, Week: week + 1, Weekday: time.Monday + time.Weekday(day)}
			rows = append(rows, served(row, names)...)
			if soft, differs := softened(names); differs {
				row.Stage = canteen.StageInfanzia
				rows = append(rows, served(row, soft)...)
			}
		}
	}
	return rows
}

// served is a row for each dish of a day.
func served(row canteen.MenuRow, names []string) (rows []canteen.MenuRow) {
	for _, name := range names {
		p, ok := plates[name]
		if !ok {
			panic("demo: nobody knows how to cook " + name)
		}
		row.Dish = canteen.Dish{Course: p.course, Name: name, Allergens: p.allergens, Traces: p.traces, Frozen: p.frozen}
		rows = append(rows, row)
	}
	return rows
}

func softened(names []string) (soft []string, differs bool) {
	for _, name := range names {
		if instead, ok := softer[name]; ok {
			name, differs = instead, true
		}
		soft = append(soft, name)
	}
	return soft, differs
}
