package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// SchoolHomePage is a school's first page: what waits, and its classes. Page name
// "school/home".
type SchoolHomePage struct {
	render.Page
	Schools []SchoolCard
	Waiting int
	Late    int
	Back    int // returned to the family
}

// SchoolCard is a school in a school year with its classes.
type SchoolCard struct {
	store.SchoolOverview
	Rows []ClassRow
}

// ClassRow is a class with the address of its roll.
type ClassRow struct {
	store.ClassOverview
	URL  string
	Days string
}

func (s *Server) schoolHome(w http.ResponseWriter, r *http.Request) error {
	overviews, err := s.store.SchoolOverviews(act(r))
	if err != nil {
		return err
	}
	p := SchoolHomePage{Page: s.newPage(r, "school.home.title")}
	for _, o := range overviews {
		card := SchoolCard{SchoolOverview: o}
		for _, c := range o.Classes {
			card.Rows = append(card.Rows, ClassRow{c, s.rollURL(&o.School, &c.Class), s.weekdayWords(p.Lang, c.Class.Weekdays)})
		}
		p.Schools = append(p.Schools, card)
		p.Waiting, p.Late, p.Back = p.Waiting+o.Waiting, p.Late+o.Late, p.Back+o.Returned
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "school/home", p)
}

// schoolCrumbs lead from a school's first page to here.
func (s *Server) schoolCrumbs(here string) []render.Crumb {
	return []render.Crumb{{Label: "school.nav.home", URL: s.to("school.home")}, {Label: here}}
}

// classSlug is the word for a class in an address: the school's code and the
// letters and digits of its name.
func classSlug(school *canteen.School, class *canteen.Class) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, class.Name())
	return school.Code + "-" + name
}

// yearQuery carries a school year in an address: "2026-27".
const yearQuery = "anno"

// rollURL is the address of a class's roll.
func (s *Server) rollURL(school *canteen.School, class *canteen.Class) string {
	return s.to("school.roll", classSlug(school, class)) + "?" + yearQuery + "=" + url.QueryEscape(strings.Replace(class.Year, "/", "-", 1))
}

// classAsked finds the class an address names, in the year it names or else in
// this one. Whose it is the record says.
func (s *Server) classAsked(r *http.Request) (canteen.ClassID, error) {
	year := canteen.YearOf(s.today())
	if asked, err := canteen.ParseYear(r.FormValue(yearQuery)); err == nil {
		year = asked.Name
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return 0, err
	}
	for i := range town.Classes {
		class, school := placeOf(town, town.Classes[i].ID)
		if class != nil && class.Year == year && classSlug(school, class) == routeVar(r, "classe") {
			return class.ID, nil
		}
	}
	return 0, canteen.Refuse(canteen.KindNotFound, "error.class.notFound")
}

// weekdayWords writes the days of a week: "lun, mer, ven", or "da lun a ven".
func (s *Server) weekdayWords(lang string, days canteen.Weekdays) string {
	if days == canteen.MonToFri {
		return s.catalog.T(lang, "school.week")
	}
	short := strings.Split(s.catalog.T(lang, "format.weekdaysShort"), ",") // Sunday first, as in time.Weekday
	var words []string
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); days.Has(day) {
			words = append(words, short[day])
		}
	}
	return strings.Join(words, ", ")
}
