package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeKitchensPage is the kitchens with their schools, and the diets. Page name
// "office/kitchens".
type OfficeKitchensPage struct {
	render.Page
	Kitchens   []OfficeKitchenLine
	Diets      []OfficeDietLine
	NewDietURL string
}

// OfficeKitchenLine is a kitchen.
type OfficeKitchenLine struct {
	canteen.Kitchen
	Schools []canteen.School
	URL     string
}

// OfficeDietLine is a diet.
type OfficeDietLine struct {
	canteen.Diet
	URL string
}

// newDiet is the place of a diet's code in the address of a new one; a code has no
// lower-case letters.
const newDiet = "nuova"

func (s *Server) officeKitchens(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p := OfficeKitchensPage{Page: s.newPage(r, "office.kitchens.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.kitchens.title"}), NewDietURL: s.to("office.diet", newDiet)}
	for _, k := range town.Kitchens {
		line := OfficeKitchenLine{Kitchen: k, URL: s.to("office.kitchen", k.Code)}
		for _, school := range town.Schools {
			if school.Kitchen == k.ID {
				line.Schools = append(line.Schools, school)
			}
		}
		p.Kitchens = append(p.Kitchens, line)
	}
	for _, d := range town.Diets {
		p.Diets = append(p.Diets, OfficeDietLine{d, s.to("office.diet", d.Code)})
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/kitchens", p)
}

// OfficeKitchenPage changes the cut-off of a kitchen. Page name "office/kitchen".
type OfficeKitchenPage struct {
	render.Page
	FormID    string
	Kitchen   canteen.Kitchen
	At, Limit render.Field
}

func (s *Server) officeKitchenPage(r *http.Request) (*OfficeKitchenPage, error) {
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	for _, k := range town.Kitchens {
		if k.Code == routeVar(r, "kitchen") {
			return &OfficeKitchenPage{Page: s.newPage(r, "office.kitchen.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
				render.Crumb{Label: "office.kitchens.title", URL: s.to("office.kitchens")}, render.Crumb{Label: k.Name}),
				FormID: newFormID(), Kitchen: k,
				At:    render.Field{Name: "at", Type: typeTime, Label: "office.kitchen.at", Hint: "office.kitchen.atHint", Value: k.Cutoff.String(), Short: true},
				Limit: render.Field{Name: "limit", Type: typeTime, Label: "office.kitchen.limit", Hint: "office.kitchen.limitHint", Value: k.Limit.String(), Short: true}}, nil
		}
	}
	return nil, canteen.Refuse(canteen.KindNotFound, "error.kitchen.notFound", routeVar(r, "kitchen"))
}

func (s *Server) officeKitchen(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeKitchenPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "office/kitchen", p)
}

func (s *Server) officeKitchenSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officeKitchenPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.At, &p.Limit}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	at, limit := fieldOf(&p.At, canteen.ParseClock), fieldOf(&p.Limit, canteen.ParseClock)
	form.missing()
	if !form.wrong() {
		if err = s.store.SetCutoff(formAct(r), p.Kitchen.Code, at, limit); err == nil {
			return s.officeDone(w, r, "flash.office.kitchen", s.to("office.kitchens"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/kitchen", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "office/kitchen", p)
}

// dietDoor is a way to the form of a diet: the office comes from its kitchens, the
// diets officer from the codes.
type dietDoor struct {
	crumbs []render.Crumb // without addresses: URL names a route
	back   string         // the list's route
	save   string         // the form's
}

var (
	fromKitchens = dietDoor{[]render.Crumb{{Label: "office.nav.home", URL: "office.home"}, {Label: "office.kitchens.title", URL: "office.kitchens"}},
		"office.kitchens", "office.diet.save"}
	fromCodes = dietDoor{[]render.Crumb{{Label: "diet.home.title", URL: "diet.home"}, {Label: "diet.codes.title", URL: "diet.codes"}},
		"diet.codes", "diet.code.save"}
)

// OfficeDietPage says what a diet leaves out. Page name "office/diet".
type OfficeDietPage struct {
	render.Page
	FormID               string
	SaveURL, BackURL     string
	New                  bool
	Diet                 canteen.Diet
	Code, Name, Excludes render.Field
	Allergens            []render.Field // the 14, in order
}

// lastAllergen is the number of allergens of Reg. EU 1169/2011, Annex II.
const lastAllergen = 14

func (p *OfficeDietPage) fields() officeForm {
	form := officeForm{&p.Code, &p.Name, &p.Excludes}
	for i := range p.Allergens {
		form = append(form, &p.Allergens[i])
	}
	return form
}

func (s *Server) officeDietPage(r *http.Request, door dietDoor) (*OfficeDietPage, error) {
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	p := &OfficeDietPage{FormID: newFormID(), New: routeVar(r, "code") == newDiet,
		SaveURL: s.to(door.save, routeVar(r, "code")), BackURL: s.to(door.back)}
	if found, ok := dietOf(town, routeVar(r, "code")); ok {
		p.Diet = found
	} else if !p.New {
		return nil, canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	label := p.Diet.Code
	if p.New {
		label = "office.diet.new"
	}
	crumbs := slices.Clone(door.crumbs)
	for i := range crumbs {
		crumbs[i].URL = s.to(crumbs[i].URL)
	}
	p.Page = s.newPage(r, "office.diet.title", append(crumbs, render.Crumb{Label: label})...)
	p.Code = render.Field{Name: "code", Label: "office.diet.code", Value: p.Diet.Code, MaxLength: canteen.MaxCode, Short: true, ReadOnly: !p.New}
	if p.New {
		p.Code.Hint = "office.diet.codeHint"
	}
	p.Name = render.Field{Name: "name", Label: "office.diet.name", Value: p.Diet.Name, MaxLength: 80}
	p.Excludes = render.Field{Name: "excludes", Type: render.TypeTextArea, Label: "office.diet.excludes", Hint: "office.diet.excludesHint", Value: p.Diet.Excludes, MaxLength: 500}
	for n := 1; n <= lastAllergen; n++ {
		number := strconv.Itoa(n)
		p.Allergens = append(p.Allergens, render.Field{Name: "allergen-" + number, Type: render.TypeCheckbox, Label: "allergen." + number,
			Optional: true, Checked: slices.Contains(p.Diet.Allergens, n)})
	}
	return p, nil
}

func dietOf(town store.Town, code string) (canteen.Diet, bool) {
	i := slices.IndexFunc(town.Diets, func(d canteen.Diet) bool { return d.Code == code })
	if i < 0 {
		return canteen.Diet{}, false
	}
	return town.Diets[i], true
}

func (s *Server) officeDiet(w http.ResponseWriter, r *http.Request) error {
	return s.codeForm(w, r, fromKitchens)
}

func (s *Server) officeDietSave(w http.ResponseWriter, r *http.Request) error {
	return s.codeFormSave(w, r, fromKitchens)
}

func (s *Server) codeForm(w http.ResponseWriter, r *http.Request, door dietDoor) error {
	p, err := s.officeDietPage(r, door)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "office/diet", p)
}

func (s *Server) codeFormSave(w http.ResponseWriter, r *http.Request, door dietDoor) error {
	p, err := s.officeDietPage(r, door)
	if err != nil {
		return err
	}
	saved, err := s.saveDiet(r, p)
	if err != nil {
		return err
	}
	if saved {
		return s.officeDone(w, r, "flash.office.diet", p.BackURL)
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "office/diet", p)
}

// saveDiet reads the form of a diet and writes what it says; false when the form
// goes back to the person.
func (s *Server) saveDiet(r *http.Request, p *OfficeDietPage) (saved bool, err error) {
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return false, err
	}
	diet := canteen.Diet{Code: p.Diet.Code, Name: p.Name.Value, Excludes: p.Excludes.Value}
	if p.New {
		diet.Code = fieldOf(&p.Code, func(text string) (string, error) { return canteen.ParseCode("code", text) })
		if err := s.dietTaken(r, p, diet.Code); err != nil {
			return false, err
		}
	}
	for i := range p.Allergens {
		if p.Allergens[i].Checked {
			diet.Allergens = append(diet.Allergens, i+1)
		}
	}
	form.missing()
	if form.wrong() {
		p.Problems = form.problems()
		return false, nil
	}
	return true, s.store.PutDiet(formAct(r), diet)
}

// dietTaken refuses a new diet under a code that says something else already; the
// same form sent twice finds its own.
func (s *Server) dietTaken(r *http.Request, p *OfficeDietPage, code string) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	if have, taken := dietOf(town, code); taken && have.Name != p.Name.Value {
		p.Code.Error = render.Msg("office.diet.taken", code)
	}
	return nil
}
