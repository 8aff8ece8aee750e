package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// KitchenPage is a kitchen's day: what to cook, for whom, from which version.
// Page name "kitchen/home". There is no name of a child and no amount of money in
// it (design §12, rules R5.3).
type KitchenPage struct {
	render.Page
	Kitchen   canteen.Kitchen
	Kitchens  []KitchenLink // for the office, when there are several
	Day       canteen.Date
	State     canteen.DayState
	Why       render.Message // why nothing is cooked, when State is void
	Cutoff    canteen.Cutoff
	Left      render.Countdown
	Sheet     *canteen.Sheet // nil when nothing is cooked
	Table     *SheetTable
	Special   int // meals of all diets
	Before    int // the version Table compares with; 0 is none
	Versions  []VersionLink
	Menus     []KitchenMenu
	Next      canteen.Date // the next day with meals, when nothing is cooked; zero if unknown
	Previous  string
	Following string
	TodayURL  string
	NextURL   string
	Files     []FileLink
	EventsURL string
}

// KitchenLink leads to another kitchen.
type KitchenLink struct {
	Name   string
	URL    string
	Active bool
}

// VersionLink leads to a version of the sheet.
type VersionLink struct {
	Sheet  canteen.Sheet
	URL    string
	Active bool
	Delta  int // meals more or less than the version before
}

// Grown tells whether the version has more meals than the one before.
func (v VersionLink) Grown() bool { return v.Delta > 0 }

// FileLink leads to a file of the sheet.
type FileLink struct {
	Name string // "PDF"
	URL  string
}

// IsToday tells whether the page shows the day of the clock.
func (p KitchenPage) IsToday() bool { return p.Day == p.Today() }

// Forecast tells whether the numbers may still change.
func (p KitchenPage) Forecast() bool { return p.Sheet != nil && p.Sheet.Version == 0 }

// kitchenOf finds the kitchen a request is about: that of the user, or for the
// office the one it asks for, else the first. Another's kitchen is forbidden.
func (s *Server) kitchenOf(r *http.Request) (canteen.Kitchen, error) {
	town, err := s.store.Town(act(r))
	if err != nil {
		return canteen.Kitchen{}, err
	}
	code, user := r.FormValue("cucina"), stateOf(r).user
	if user.Role == canteen.RoleKitchen {
		if code != "" && code != user.Kitchen {
			return canteen.Kitchen{}, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		code = user.Kitchen
	}
	if code == "" && len(town.Kitchens) > 0 {
		return town.Kitchens[0], nil
	}
	for _, k := range town.Kitchens {
		if k.Code == code {
			return k, nil
		}
	}
	return canteen.Kitchen{}, canteen.Refuse(canteen.KindNotFound, "error.kitchen.notFound", code)
}

// kitchenAddress is the address of a page or file of a kitchen's day.
func kitchenAddress(path string, k canteen.Kitchen, day canteen.Date, version int) string {
	address := path + "?giorno=" + day.String() + "&cucina=" + k.Code
	if version > 0 {
		address += "&versione=" + strconv.Itoa(version)
	}
	return address
}

// kitchenHome shows a day of a kitchen.
func (s *Server) kitchenHome(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p := KitchenPage{Page: s.newPage(r, "kitchen.title"), Day: s.today()}
	if len(town.Kitchens) == 0 {
		p.Why = render.Msg("kitchen.empty.none")
		return s.page(w, r, http.StatusOK, "kitchen/home", p)
	}
	if p.Kitchen, err = s.kitchenOf(r); err != nil {
		return err
	}
	if p.Day, err = dayVar(r, "giorno", s.today()); err != nil {
		return err
	}
	day, err := s.store.Day(act(r), p.Day)
	if err != nil {
		return err
	}
	p.standing(s, &day)
	if err := s.kitchenSheet(r, &p); err != nil {
		return err
	}
	s.kitchenLinks(r, &p, town)
	if p.Sheet == nil {
		return s.page(w, r, http.StatusOK, "kitchen/home", p)
	}
	if p.Menus, err = s.kitchenMenus(r, &p, town); err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "kitchen/home", p)
}

// standing says where the day stands for the kitchen's schools: the state that
// asks most of the kitchen, the latest of their cut-offs, or why nobody eats.
func (p *KitchenPage) standing(s *Server, day *store.DayStatus) {
	p.State = canteen.DayVoid
	p.Why = render.Msg("kitchen.empty.schools")
	rank := []canteen.DayState{canteen.DayVoid, canteen.DayClosed, canteen.DayPlanned, canteen.DayOpen, canteen.DayClosing, canteen.DayUnattended}
	for _, one := range day.Schools {
		if one.Kitchen != p.Kitchen.Code {
			continue
		}
		if one.State == canteen.DayVoid {
			p.Why = closureMessage(one.Closure)
			continue
		}
		if slices.Index(rank, one.State) > slices.Index(rank, p.State) {
			p.State = one.State
		}
		if one.Cutoff.At.After(p.Cutoff.At) {
			p.Cutoff = one.Cutoff
		}
	}
	p.Left = s.countdown(p.Cutoff.At)
}

// kitchenSheet finds the sheet to show: the version asked for, else the latest,
// else the forecast. A version is compared with the one before.
func (s *Server) kitchenSheet(r *http.Request, p *KitchenPage) error {
	sheet, before, versions, err := s.sheetAsked(r, p.Day, p.Kitchen.Code)
	if err != nil || len(sheet.Rows) == 0 && sheet.Version == 0 {
		return err
	}
	if p.State == canteen.DayVoid && sheet.Version > 0 {
		p.State = canteen.DayClosed
	}
	p.Sheet, p.Table, p.Special = &sheet, tableOf(&sheet, before), specialMeals(sheet.Totals)
	if before != nil {
		p.Before = before.Version
	}
	for i, v := range versions {
		link := VersionLink{Sheet: v, Active: v.Version == sheet.Version,
			URL: kitchenAddress(s.to("kitchen.home"), p.Kitchen, p.Day, v.Version)}
		if i > 0 {
			link.Delta = v.Totals.Total - versions[i-1].Totals.Total
		}
		p.Versions = append(p.Versions, link)
	}
	slices.Reverse(p.Versions)
	return nil
}

// sheetAsked returns the sheet a request asks for, the version before it (nil
// for the first and for a forecast) and all versions, oldest first.
func (s *Server) sheetAsked(r *http.Request, day canteen.Date, kitchen string) (sheet canteen.Sheet, before *canteen.Sheet, versions []canteen.Sheet, err error) {
	if versions, err = s.store.SheetVersions(act(r), day, kitchen); err != nil {
		return sheet, nil, nil, err
	}
	asked := r.FormValue("versione")
	for i := range versions {
		if asked == "" && i == len(versions)-1 || asked == strconv.Itoa(versions[i].Version) {
			if i > 0 {
				before = &versions[i-1]
			}
			return versions[i], before, versions, nil
		}
	}
	if asked != "" {
		return sheet, nil, nil, canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	all, err := s.store.Sheets(act(r), day, kitchen, 0, true)
	if err != nil {
		return sheet, nil, nil, err
	}
	return all[0], nil, nil, nil
}

// searchAhead is how far the next day with meals is looked for.
const searchAhead = 30

// kitchenLinks fills the ways out of a day.
func (s *Server) kitchenLinks(r *http.Request, p *KitchenPage, town store.Town) {
	home := s.to("kitchen.home")
	if stateOf(r).actor.Role == canteen.RoleOffice && len(town.Kitchens) > 1 {
		for _, k := range town.Kitchens {
			p.Kitchens = append(p.Kitchens, KitchenLink{k.Name, kitchenAddress(home, k, p.Day, 0), k.Code == p.Kitchen.Code})
		}
	}
	p.Previous = kitchenAddress(home, p.Kitchen, p.Day.AddDays(-1), 0)
	p.Following = kitchenAddress(home, p.Kitchen, p.Day.AddDays(1), 0)
	p.TodayURL = kitchenAddress(home, p.Kitchen, s.today(), 0)
	if p.Sheet == nil {
		if p.Next = s.nextCooking(r, p); !p.Next.IsZero() {
			p.NextURL = kitchenAddress(home, p.Kitchen, p.Next, 0)
		}
		return
	}
	version := p.Sheet.Version
	for _, f := range [][2]string{{"PDF", "pdf"}, {"Excel", "xlsx"}, {"CSV", "csv"}} {
		p.Files = append(p.Files, FileLink{f[0], kitchenAddress(s.to("kitchen.download", f[1]), p.Kitchen, p.Day, version)})
	}
	p.EventsURL = kitchenAddress(s.to("kitchen.events"), p.Kitchen, p.Day, 0)
}

// nextCooking is the first day behind the page's on which the kitchen cooks.
func (s *Server) nextCooking(r *http.Request, p *KitchenPage) canteen.Date {
	for n := 1; n <= searchAhead; n++ {
		all, err := s.store.Sheets(act(r), p.Day.AddDays(n), p.Kitchen.Code, 0, true)
		if err != nil {
			return 0
		}
		if len(all[0].Rows) > 0 {
			return p.Day.AddDays(n)
		}
	}
	return 0
}

// closureMessage says why there is no meal.
func closureMessage(c canteen.Closure) render.Message {
	key := "office.closure." + c.Kind.String()
	if c.Reason != "" {
		return render.Msg(key+".reason", c.Reason)
	}
	return render.Msg(key)
}
