package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/gorilla/mux"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// routeVar reads a variable of the route's path.
func routeVar(r *http.Request, name string) string { return mux.Vars(r)[name] }

// home is the public face: what one can do, and until when today.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	day, err := s.store.Day(act(r), s.today())
	if err != nil {
		return err
	}
	p := render.HomePage{Page: s.newPage(r, "home.title"), Service: day.State != canteen.DayVoid, Cutoff: s.countdown(day.Cutoff.At)}
	p.Refectory = stateOf(r).actor.Role == canteen.RoleRefectory
	if !p.Service {
		if p.Next, err = s.nextService(r); err != nil {
			return err
		}
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "home", p)
}

// nextService is the next day on which somebody eats; zero when none is near.
func (s *Server) nextService(r *http.Request) (canteen.Date, error) {
	today := s.today()
	for n := 1; n <= 30; n++ {
		day, err := s.store.Day(act(r), today.AddDays(n))
		if err != nil || day.State != canteen.DayVoid {
			return today.AddDays(n), err
		}
	}
	return 0, nil
}

// MenuPage is the public menu of a week. Page name "menu".
type MenuPage struct {
	render.Page
	Monday         canteen.Date
	Stage          canteen.Stage
	Stages         []MenuStage
	Days           []MenuPageDay
	PreviousURL    string
	NextURL        string
	TodayURL       string
	Empty          bool // no dish is known for the week
	AllergenLegend []Allergen
}

// Allergen is one of the 14 of Reg. EU 1169/2011, Annex II, with its name.
type Allergen struct {
	Number int
	Name   string // message key
}

// allergenOf names an allergen by its number.
func allergenOf(n int) Allergen { return Allergen{n, "allergen." + strconv.Itoa(n)} }

// MenuStage is one choice of school order.
type MenuStage struct {
	Stage  canteen.Stage
	URL    string
	Active bool
}

// MenuPageDay is one day of the menu.
type MenuPageDay struct {
	Day    canteen.Date
	Today  bool
	Dishes []canteen.Dish
}

// Friday is the last day of the week shown.
func (p MenuPage) Friday() canteen.Date { return p.Monday.AddDays(4) }

// menu shows a week's menu for an order of school.
func (s *Server) menu(w http.ResponseWriter, r *http.Request) error {
	day, err := dayVar(r, "settimana", s.today())
	if err != nil {
		return err
	}
	menus, err := s.store.Menus(act(r))
	if err != nil {
		return err
	}
	stages := []canteen.Stage{canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}
	p := MenuPage{Page: s.newPage(r, "menu.title"), Stage: canteen.StagePrimaria}
	if asked := canteen.Stage(r.FormValue("ordine")); slices.Contains(stages, asked) {
		p.Stage = asked
	}
	p.Monday = day.AddDays(-(int(day.Weekday()+6) % 7))
	week := func(d canteen.Date, st canteen.Stage) string {
		return s.to("menu") + "?settimana=" + d.String() + "&ordine=" + string(st)
	}
	for _, st := range stages {
		p.Stages = append(p.Stages, MenuStage{st, week(p.Monday, st), st == p.Stage})
	}
	p.TodayURL = s.to("menu") + "?ordine=" + string(p.Stage)
	p.PreviousURL, p.NextURL = week(p.Monday.AddDays(-7), p.Stage), week(p.Monday.AddDays(7), p.Stage)
	var numbers []int
	for n := range 5 {
		d := p.Monday.AddDays(n)
		one := MenuPageDay{Day: d, Today: d == s.today(), Dishes: canteen.MenuOn(menus, d, p.Stage)}
		for _, dish := range one.Dishes {
			numbers = slices.Concat(numbers, dish.Allergens, dish.Traces)
		}
		p.Empty = len(one.Dishes) == 0 && (n == 0 || p.Empty)
		p.Days = append(p.Days, one)
	}
	slices.Sort(numbers)
	for _, number := range slices.Compact(numbers) {
		p.AllergenLegend = append(p.AllergenLegend, allergenOf(number))
	}
	return s.page(w, r, http.StatusOK, "menu", p)
}

// LegalPage is one of the texts a municipality must show. Page name "legal".
type LegalPage struct {
	render.Page
	Kind string
}

// legal shows the texts behind the footer's links that have no address of the
// municipality's own.
func (s *Server) legal(w http.ResponseWriter, r *http.Request) error {
	kind := routeVar(r, "page")
	if !slices.Contains([]string{"privacy", "note-legali", "domande"}, kind) {
		return canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	return s.page(w, r, http.StatusOK, "legal", LegalPage{Page: s.newPage(r, "legal."+kind), Kind: kind})
}
