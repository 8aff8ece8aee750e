package handlers

import (
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// DietCodesPage lists the codes with what they leave out. Page name "diet/codes".
type DietCodesPage struct {
	render.Page
	Diets  []DietCodeLine
	NewURL string
}

// DietCodeLine is a code with its allergens in words.
type DietCodeLine struct {
	canteen.Diet
	Names []string // keys of the allergens
	URL   string
}

func (s *Server) dietCodes(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p := DietCodesPage{Page: s.newPage(r, "diet.codes.title", render.Crumb{Label: "diet.home.title", URL: s.to("diet.home")},
		render.Crumb{Label: "diet.codes.title"}), NewURL: s.to("diet.code", newDiet)}
	for _, d := range town.Diets {
		line := DietCodeLine{Diet: d, URL: s.to("diet.code", d.Code)}
		for _, n := range d.Allergens {
			line.Names = append(line.Names, "allergen."+strconv.Itoa(n))
		}
		p.Diets = append(p.Diets, line)
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/codes", p)
}

func (s *Server) dietCode(w http.ResponseWriter, r *http.Request) error {
	return s.codeForm(w, r, fromCodes)
}

func (s *Server) dietCodeSave(w http.ResponseWriter, r *http.Request) error {
	return s.codeFormSave(w, r, fromCodes)
}

// DietRulesPage sets the limit of white meals and how long an approval lasts.
// Page name "diet/rules".
type DietRulesPage struct {
	render.Page
	FormID              string
	White, Warn, Months render.Field
	Terms               []render.Field
}

func (s *Server) dietRulesPage(r *http.Request) (*DietRulesPage, error) {
	rules, err := s.store.DietRules(act(r))
	if err != nil {
		return nil, err
	}
	number := func(name string, value int, lowest, highest string) render.Field {
		return render.Field{Name: name, Type: render.TypeNumber, Label: "diet.rules." + name, Hint: "diet.rules." + name + "Hint", InputMode: "numeric",
			Value: strconv.Itoa(value), Min: lowest, Max: highest, Short: true}
	}
	p := &DietRulesPage{FormID: newFormID(), White: number("white", rules.White, "0", "30"), Warn: number("warn", rules.Warn, "1", "120"),
		Months: number("months", rules.Months, "1", "12"),
		Page: s.newPage(r, "diet.rules.title", render.Crumb{Label: "diet.home.title", URL: s.to("diet.home")},
			render.Crumb{Label: "diet.rules.title"})}
	for _, c := range canteen.DietCategories {
		field := render.Field{Name: "term-" + string(c), Type: render.TypeSelect, Label: "diet.category." + string(c)}
		for _, t := range canteen.DietTerms {
			field.Options = append(field.Options, render.Option{Value: string(t), Text: "diet.term." + string(t)})
		}
		pick(&field, string(rules.Terms[c]))
		p.Terms = append(p.Terms, field)
	}
	return p, nil
}

func (s *Server) dietRules(w http.ResponseWriter, r *http.Request) error {
	p, err := s.dietRulesPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "diet/rules", p)
}

func (s *Server) dietRulesSave(w http.ResponseWriter, r *http.Request) error {
	p, err := s.dietRulesPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.White, &p.Warn, &p.Months}
	for i := range p.Terms {
		form = append(form, &p.Terms[i])
	}
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	rules := canteen.DietRules{White: fieldOf(&p.White, wholeNumber), Warn: fieldOf(&p.Warn, wholeNumber), Months: fieldOf(&p.Months, wholeNumber),
		Terms: map[canteen.DietCategory]canteen.DietTerm{}}
	for i, c := range canteen.DietCategories {
		rules.Terms[c] = canteen.DietTerm(p.Terms[i].Value)
	}
	form.missing()
	if !form.wrong() {
		if err = s.store.SetDietRules(formAct(r), rules); err == nil {
			return s.officeDone(w, r, "flash.diet.rules", s.to("diet.rules"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "diet/rules", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "diet/rules", p)
}

func wholeNumber(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, canteen.Invalid("", "error.form")
	}
	return n, nil
}
