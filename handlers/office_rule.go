package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeRulePage adds a closure or an opening to the calendar, in two steps: what
// it will do, then the confirmation. Page name "office/rule".
type OfficeRulePage struct {
	render.Page
	FormID                        string
	Kind, Place, From, To, Reason render.Field
	Preview                       *store.RuleEffect // nil before the first step
	Rule                          canteen.DayRule   // when Preview is set
	PlaceName                     string
}

// The two things a rule may say.
const (
	ruleClose = "close"
	ruleOpen  = "open"
)

// doConfirm is the button that follows a rehearsal.
const doConfirm = "confirm"

func (p *OfficeRulePage) fields() officeForm {
	return officeForm{&p.Kind, &p.Place, &p.From, &p.To, &p.Reason}
}

// Closes tells whether the rule at hand closes days.
func (p *OfficeRulePage) Closes() bool { return !p.Rule.Open }

func (s *Server) newRulePage(r *http.Request) (*OfficeRulePage, store.Town, error) {
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, town, err
	}
	p := &OfficeRulePage{Page: s.newPage(r, "office.rule.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.calendar.title", URL: s.to("office.calendar")}, render.Crumb{Label: "office.rule.title"}),
		FormID: newFormID(),
		Kind: render.Field{Name: "kind", Type: render.TypeRadio, Label: "office.rule.kind", Options: []render.Option{
			{Value: ruleClose, Text: "office.rule.close", Note: "office.rule.closeNote"}, {Value: ruleOpen, Text: "office.rule.open", Note: "office.rule.openNote"}}},
		Place:  render.Field{Name: "scope", Type: render.TypeSelect, Label: "office.rule.place", Options: s.rulePlaces(town)},
		From:   render.Field{Name: "from", Type: render.TypeDate, Label: "office.rule.from", Short: true},
		To:     render.Field{Name: "to", Type: render.TypeDate, Label: "office.rule.to", Hint: "office.rule.toHint", Short: true, Optional: true},
		Reason: render.Field{Name: "reason", Label: "office.rule.reason", Hint: "office.rule.reasonHint", MaxLength: 120}}
	return p, town, nil
}

// rulePlaces lists where a rule may hold: the town, a school, a class of this
// school year or a later one.
func (s *Server) rulePlaces(town store.Town) []render.Option {
	places := []render.Option{{Value: canteen.Town.String(), Text: "office.rule.town"}}
	year := canteen.YearOf(s.today())
	for i := range town.Schools {
		school := &town.Schools[i]
		places = append(places, render.Option{Value: canteen.SchoolLayer.String() + " " + school.Code, Text: school.Name})
		seen := map[string]bool{}
		for j := range town.Classes {
			if class := &town.Classes[j]; class.School == school.ID && class.Year >= year && !seen[class.Name()] {
				seen[class.Name()] = true
				places = append(places, render.Option{Value: canteen.ClassLayer.String() + " " + classScope(school, class), Text: school.Name + ", " + class.Name()})
			}
		}
	}
	return places
}

func (s *Server) officeRule(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.newRulePage(r)
	if err != nil {
		return err
	}
	pick(&p.Kind, ruleClose)
	return s.page(w, r, http.StatusOK, "office/rule", p)
}

func (s *Server) officeRuleSave(w http.ResponseWriter, r *http.Request) error {
	p, town, err := s.newRulePage(r)
	if err != nil {
		return err
	}
	form := p.fields()
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	rule, ok := p.parse()
	if !ok {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "office/rule", p)
	}
	if r.PostForm.Get("do") == doConfirm {
		if err = s.addRule(r, town, rule); err == nil {
			return s.officeDone(w, r, "flash.office.rule", s.to("office.calendar"))
		}
	} else {
		var effect store.RuleEffect
		if effect, err = s.store.PreviewRule(act(r), rule); err == nil {
			p.Preview, p.Rule, p.PlaceName = &effect, rule, scopeName(town, rule)
			return s.page(w, r, http.StatusOK, "office/rule", p)
		}
	}
	if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "office/rule", p)
}

// addRule adds a rule, unless the last of the calendar says the same already: a
// second click adds nothing.
func (s *Server) addRule(r *http.Request, town store.Town, rule canteen.DayRule) error {
	if n := len(town.Rules); n > 0 && town.Rules[n-1] == rule {
		return nil
	}
	return s.store.AddDayRule(formAct(r), rule)
}

// parse reads the form; an empty last day is the first.
func (p *OfficeRulePage) parse() (rule canteen.DayRule, ok bool) {
	rule.From, rule.To = fieldOf(&p.From, canteen.ParseDate), fieldOf(&p.To, canteen.ParseDate)
	if rule.To.IsZero() {
		rule.To = rule.From
	}
	layer, scope, _ := strings.Cut(p.Place.Value, " ")
	parsed, err := canteen.ParseLayer(layer)
	if err != nil {
		p.Place.Error = render.Msg("office.rule.placeMissing")
	}
	rule.Layer, rule.Scope, rule.Reason = parsed, scope, p.Reason.Value
	rule.Open = p.Kind.Value == ruleOpen
	p.fields().missing()
	return rule, !p.fields().wrong()
}
