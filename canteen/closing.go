package canteen

import "time"

// Meal is what a closed day holds for an enrolled pupil.
type Meal uint8

// The meals of a register. The last two letters of a tray: a white meal of a
// pupil with a diet is white and keeps its diet, because rice in bianco can
// still hurt (story 44).
const (
	MealAbsent Meal = iota + 1
	MealStandard
	MealWhite
	MealDiet
)

var mealNames = [...]string{MealAbsent: "absent", MealStandard: "standard", MealWhite: "white", MealDiet: "diet"}

// String names the meal as the API and the catalogues do.
func (m Meal) String() string {
	if int(m) < len(mealNames) {
		return mealNames[m]
	}
	return ""
}

// Ordered tells whether the kitchen cooks it.
func (m Meal) Ordered() bool { return m >= MealStandard && m <= MealDiet }

// MealOf decides the meal of an enrolled pupil from what stands at the close:
// present by default (mission 11).
func MealOf(s Seat, kind CommunicationKind) Meal {
	switch {
	case kind == Absence:
		return MealAbsent
	case kind == White:
		return MealWhite
	case s.Diet != "":
		return MealDiet
	}
	return MealStandard
}

// Order is one line of a register: the meal of a pupil on a closed day with
// its price and where the price comes from. It is also the charge: an order
// with a price moved that much from the pupil's ledger to income, as line Line
// of the account, and left Balance behind. An absent or exempt pupil has Line
// 0 and no charge (mission 14).
type Order struct {
	Pupil   PAN
	Meal    Meal
	Diet    string
	Price   Cents
	Rate    uint8 // the place in the tariff's rates
	Line    uint32
	Balance Cents
}

// Charged tells whether the order took money.
func (o *Order) Charged() bool { return o.Line != 0 }

// Register is every order of a class on a closed day (foglio presenze): one
// record, never changed once written.
type Register struct {
	Day    Date
	School SchoolID
	Class  ClassID
	Tariff uint16
	Staff  int
	Closed time.Time
	Orders []Order // in order of PAN
}

// Counts are the numbers of a class, a school or a whole sheet. Total is what
// is cooked: Standard + White + the diets + Staff. WhiteDiets says how many of
// the white meals belong to a diet as well.
type Counts struct {
	Enrolled   int            `json:"enrolled"`
	Absent     int            `json:"absent"`
	Standard   int            `json:"standard"`
	White      int            `json:"white"`
	Diets      map[string]int `json:"diets"`
	WhiteDiets map[string]int `json:"white_diets,omitempty"`
	Staff      int            `json:"staff"`
	Total      int            `json:"total"`
}

// Ordered is the number of pupils' meals.
func (c *Counts) Ordered() int { return c.Enrolled - c.Absent }

// AddMeal counts one pupil.
func (c *Counts) AddMeal(m Meal, diet string) {
	c.Enrolled++
	switch m {
	case MealAbsent:
		c.Absent++
		return
	case MealStandard:
		c.Standard++
	case MealWhite:
		c.White++
		if diet != "" {
			bump(&c.WhiteDiets, diet, 1)
		}
	case MealDiet:
		bump(&c.Diets, diet, 1)
	}
	c.Total++
}

// AddStaff counts the meals of teachers and helpers; a class in which nobody
// eats needs none.
func (c *Counts) AddStaff(n int) {
	if c.Ordered() > 0 {
		c.Staff += n
		c.Total += n
	}
}

// Add adds the numbers of another row.
func (c *Counts) Add(o Counts) {
	c.Enrolled += o.Enrolled
	c.Absent += o.Absent
	c.Standard += o.Standard
	c.White += o.White
	c.Staff += o.Staff
	c.Total += o.Total
	for code, n := range o.Diets {
		bump(&c.Diets, code, n)
	}
	for code, n := range o.WhiteDiets {
		bump(&c.WhiteDiets, code, n)
	}
}

func bump(m *map[string]int, key string, n int) {
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[key] += n
}

// Count counts a register.
func (r *Register) Count() Counts {
	var c Counts
	for i := range r.Orders {
		c.AddMeal(r.Orders[i].Meal, r.Orders[i].Diet)
	}
	c.AddStaff(r.Staff)
	return c
}

// Sheet is what a kitchen must cook on a day (foglio di produzione): numbered
// versions, none ever changed (mission 13).
type Sheet struct {
	Date     Date       `json:"date"`
	Kitchen  string     `json:"kitchen"` // the kitchen's code
	Name     string     `json:"kitchen_name"`
	Version  int        `json:"version"` // 0 is a forecast, not yet issued
	IssuedAt time.Time  `json:"issued_at"`
	Cutoff   time.Time  `json:"cutoff"`
	Rows     []SheetRow `json:"rows"` // by school, then class
	Totals   Counts     `json:"totals"`
	Legend   []Diet     `json:"legend,omitempty"` // the diets that occur, with the foods to leave out
}

// DaySheets are the sheets of a day, as the API and the close command give them.
type DaySheets struct {
	Date   Date    `json:"date"`
	Sheets []Sheet `json:"sheets"`
}

// SheetRow is one class of a sheet.
type SheetRow struct {
	School     string `json:"school"` // codice meccanografico
	SchoolName string `json:"school_name"`
	Class      string `json:"class"`
	Counts
}

// DayState is where a service day stands.
type DayState string

// The states of design §11.
const (
	DayPlanned    DayState = "planned"    // a service day to come
	DayOpen       DayState = "open"       // today, before the cut-off
	DayClosing    DayState = "closing"    // the cut-off has passed, the close is due
	DayClosed     DayState = "closed"     // sheets written, meals charged
	DayVoid       DayState = "void"       // no service
	DayUnattended DayState = "unattended" // a past service day nobody closed: the office decides
)

// StateOf says where a school's day stands at an instant.
func StateOf(day Date, service, closed bool, cutoff Cutoff, now time.Time) DayState {
	today := DateOf(now)
	switch {
	case closed:
		return DayClosed
	case !service:
		return DayVoid
	case day < today:
		return DayUnattended
	case day > today:
		return DayPlanned
	case cutoff.Passed(now):
		return DayClosing
	}
	return DayOpen
}
