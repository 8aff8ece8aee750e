package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeCalendarPage is the school years and the rules that close and open days.
// Page name "office/calendar".
type OfficeCalendarPage struct {
	render.Page
	Years    []OfficeYearLine
	Holidays []Holiday
	Layers   []RuleLayer // rules of today and later, from the farthest layer
	Past     []RuleLine  // rules whose days are over, newest first
}

// OfficeYearLine is a school year.
type OfficeYearLine struct {
	canteen.SchoolYear
	Current bool
	Untold  bool // the service starts on the first day of a new file: nobody set it
	URL     string
}

// Holiday is a national holiday of the current school year.
type Holiday struct {
	Day  canteen.Date
	Name string
}

// RuleLayer is the rules of one layer, by their first day.
type RuleLayer struct {
	Layer string // message key
	Rules []RuleLine
}

// RuleLine is a rule with the name of its place.
type RuleLine struct {
	canteen.DayRule
	Place string // the school or class; empty for everybody
	Layer string // message key
}

func (s *Server) officeCalendar(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	today := s.today()
	p := OfficeCalendarPage{Page: s.newPage(r, "office.calendar.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.calendar.title"})}
	for _, y := range town.Years {
		line := OfficeYearLine{SchoolYear: y, Current: y.Name == canteen.YearOf(today), URL: s.to("office.year") + "?anno=" + urlQuery(y.Name)}
		line.Untold = line.Current && y.ServiceFrom == canteen.DefaultYear(today).ServiceFrom
		p.Years = append(p.Years, line)
		if line.Current {
			p.Holidays = holidaysOf(y)
		}
	}
	slices.SortFunc(p.Years, func(a, b OfficeYearLine) int { return cmp.Compare(b.Name, a.Name) })
	p.rules(town, today)
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/calendar", p)
}

// rules sorts the rules by layer and day.
func (p *OfficeCalendarPage) rules(town store.Town, today canteen.Date) {
	byLayer := map[canteen.Layer][]RuleLine{}
	for _, rule := range town.Rules {
		line := RuleLine{DayRule: rule, Place: scopeName(town, rule), Layer: "office.layer." + rule.Layer.String()}
		if rule.To < today {
			p.Past = append(p.Past, line)
			continue
		}
		byLayer[rule.Layer] = append(byLayer[rule.Layer], line)
	}
	byDay := func(a, b RuleLine) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Place, b.Place)) }
	for layer := canteen.Nation; layer <= canteen.ClassLayer; layer++ {
		if lines := byLayer[layer]; len(lines) > 0 {
			slices.SortStableFunc(lines, byDay)
			p.Layers = append(p.Layers, RuleLayer{Layer: lines[0].Layer, Rules: lines})
		}
	}
	slices.SortStableFunc(p.Past, func(a, b RuleLine) int { return byDay(b, a) })
}

// holidaysOf lists the national holidays of a school year that fall on a weekday.
func holidaysOf(y canteen.SchoolYear) (found []Holiday) {
	for day := y.From; day <= y.To; day = day.AddDays(1) {
		if name, ok := canteen.NationalHoliday(day); ok && canteen.MonToFri.Has(day.Weekday()) {
			found = append(found, Holiday{day, name})
		}
	}
	return found
}

// classScope names a class in a rule of the calendar: "FGEE82001P 1A".
func classScope(school *canteen.School, class *canteen.Class) string {
	return school.Code + " " + class.Name()
}

// scopeName is the place of a rule in words.
func scopeName(town store.Town, rule canteen.DayRule) string {
	for i := range town.Schools {
		school := &town.Schools[i]
		if rule.Layer == canteen.SchoolLayer && school.Code == rule.Scope {
			return school.Name
		}
		for j := range town.Classes {
			class := &town.Classes[j]
			if rule.Layer == canteen.ClassLayer && class.School == school.ID && classScope(school, class) == rule.Scope {
				return school.Name + ", " + class.Name()
			}
		}
	}
	return rule.Scope
}

// OfficeYearPage sets the limits of a school year. Page name "office/year".
type OfficeYearPage struct {
	render.Page
	FormID                                 string
	Year, From, To, ServiceFrom, ServiceTo render.Field
}

func (p *OfficeYearPage) fields() officeForm {
	return officeForm{&p.Year, &p.From, &p.To, &p.ServiceFrom, &p.ServiceTo}
}

func (s *Server) newYearPage(r *http.Request) OfficeYearPage {
	date := func(name, label, hint string) render.Field {
		return render.Field{Name: name, Type: render.TypeDate, Label: label, Hint: hint, Short: true}
	}
	return OfficeYearPage{Page: s.newPage(r, "office.year.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.calendar.title", URL: s.to("office.calendar")}, render.Crumb{Label: "office.year.title"}),
		FormID:      newFormID(),
		Year:        render.Field{Name: "year", Label: "office.year.name", Hint: "office.year.nameHint", MaxLength: 9, Short: true},
		From:        date("from", "office.year.from", ""),
		To:          date("to", "office.year.to", ""),
		ServiceFrom: date("serviceFrom", "office.year.serviceFrom", "office.year.serviceHint"),
		ServiceTo:   date("serviceTo", "office.year.serviceTo", "")}
}

func (s *Server) officeYear(w http.ResponseWriter, r *http.Request) error {
	p := s.newYearPage(r)
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	asked := r.FormValue("anno")
	if asked == "" {
		asked = canteen.YearOf(s.today())
	}
	for _, y := range town.Years {
		if y.Name == asked {
			p.Year.Value, p.From.Value, p.To.Value = y.Name, y.From.String(), y.To.String()
			p.ServiceFrom.Value, p.ServiceTo.Value = y.ServiceFrom.String(), y.ServiceTo.String()
		}
	}
	return s.page(w, r, http.StatusOK, "office/year", p)
}

func (s *Server) officeYearSave(w http.ResponseWriter, r *http.Request) error {
	p := s.newYearPage(r)
	form := p.fields()
	var err error
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	year := fieldOf(&p.Year, canteen.ParseYear)
	year.From, year.To = fieldOf(&p.From, canteen.ParseDate), fieldOf(&p.To, canteen.ParseDate)
	year.ServiceFrom, year.ServiceTo = fieldOf(&p.ServiceFrom, canteen.ParseDate), fieldOf(&p.ServiceTo, canteen.ParseDate)
	form.missing()
	if !form.wrong() && (year.ServiceFrom < year.From || year.ServiceTo > year.To) {
		p.ServiceFrom.Error = render.Msg("office.year.outside")
	}
	if !form.wrong() {
		if err = s.store.PutSchoolYear(formAct(r), year); err == nil {
			return s.officeDone(w, r, "flash.office.year", s.to("office.calendar"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/year", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "office/year", p)
}
