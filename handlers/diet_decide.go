package handlers

import (
	"errors"
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DietDecisionForm is one thing the officer may decide now. The names of its
// fields begin with its step, so that several forms share a page.
type DietDecisionForm struct {
	Step   canteen.DietStep
	Title  string // key
	Note   render.Message
	Do     string // key
	Open   bool   // the first, or the one that came back
	FormID string
	Fields []render.Field
}

// dietDecisions are the steps an officer takes, in the order of the page.
var dietDecisions = []canteen.DietStep{canteen.DietApprove, canteen.DietExtend, canteen.DietReturn, canteen.DietRefuse, canteen.DietRevoke}

// dietForms are the forms of the steps that are legal now.
func dietForms(f *store.DietFile, diets []canteen.Diet) []DietDecisionForm {
	var forms []DietDecisionForm
	for _, step := range dietDecisions {
		if !f.Standing.Allows(step) {
			continue
		}
		form := DietDecisionForm{Step: step, Title: "diet.decide." + string(step), Do: "diet.do." + string(step), Open: len(forms) == 0, FormID: newFormID()}
		switch step {
		case canteen.DietApprove:
			form.Note = render.Msg("diet.decide.approveNote", f.Earliest)
			form.Fields = append(form.Fields, dietCodeField(f, diets), categoryField(f),
				render.Field{Name: "from", Type: render.TypeDate, Label: "diet.decide.from", Value: f.Earliest.String(), Min: f.Earliest.String(), Short: true},
				untilField(), reasonField("diet.decide.note", true))
		case canteen.DietExtend:
			form.Fields = append(form.Fields, categoryField(f), untilField(), reasonField("diet.decide.reason", false))
		default:
			form.Fields = append(form.Fields, reasonField("diet.decide.reason", false))
		}
		for i := range form.Fields {
			form.Fields[i].Name = string(step) + "-" + form.Fields[i].Name
		}
		forms = append(forms, form)
	}
	return forms
}

func dietCodeField(f *store.DietFile, diets []canteen.Diet) render.Field {
	field := render.Field{Name: "code", Type: render.TypeSelect, Label: "diet.decide.code", Hint: "diet.decide.codeHint", Options: []render.Option{{Text: "diet.decide.choose"}}}
	for _, d := range diets {
		field.Options = append(field.Options, render.Option{Value: d.Code, Text: d.Code + " – " + d.Name})
	}
	pick(&field, f.Request.Code)
	return field
}

// categoryField asks for the ground of an approval: the one of the last decision,
// or the only one there is.
func categoryField(f *store.DietFile) render.Field {
	field := render.Field{Name: "category", Type: render.TypeSelect, Label: "diet.decide.category", Hint: "diet.decide.categoryHint"}
	all := canteen.CategoriesOf(f.Request.Kind)
	if len(all) > 1 {
		field.Options = []render.Option{{Text: "diet.decide.choose"}}
	}
	for _, c := range all {
		field.Options = append(field.Options, render.Option{Value: string(c), Text: "diet.category." + string(c)})
	}
	field.Value = string(all[0])
	if len(all) > 1 {
		field.Value = ""
	}
	for _, d := range f.Decisions {
		if d.Category != "" {
			field.Value = string(d.Category)
		}
	}
	pick(&field, field.Value)
	return field
}

func untilField() render.Field {
	return render.Field{Name: "until", Type: render.TypeDate, Label: "diet.decide.until", Hint: "diet.decide.untilHint", Optional: true, Short: true}
}

func reasonField(label string, optional bool) render.Field {
	return render.Field{Name: "reason", Type: render.TypeTextArea, Label: label, Hint: "diet.decide.reasonHint", MaxLength: 500, Optional: optional}
}

// dietDecide takes a decision and returns to the desk.
func (s *Server) dietDecide(w http.ResponseWriter, r *http.Request) error {
	p, err := s.dietRequestPage(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	step := canteen.DietStep(r.PostForm.Get("step"))
	form := p.form(step)
	if form == nil {
		return canteen.Refuse(canteen.KindConflict, "error.diet.step") // decided meanwhile by somebody else
	}
	fields := form.fields()
	if form.FormID, err = fields.read(r); err != nil {
		return err
	}
	decision := form.decision()
	fields.missing()
	if !fields.wrong() {
		err := s.store.DecideDiet(formAct(r), p.File.Request.Handle, decision)
		if err == nil {
			return s.officeDone(w, r, "flash.diet."+string(step), s.to("diet.home"))
		}
		if e, ok := errors.AsType[*canteen.Error](err); ok && e.Field != "" {
			named := *e
			named.Field = string(step) + "-" + e.Field
			err = &named
		}
		if err := fields.refuse(&p.Page, err); err != nil {
			return err
		}
	} else {
		p.Problems = fields.problems()
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "diet/request", p)
}

// form is the form of a step; the one sent is open and the others closed.
func (p *DietRequestPage) form(step canteen.DietStep) (found *DietDecisionForm) {
	for i := range p.Forms {
		if p.Forms[i].Step == step {
			found = &p.Forms[i]
		}
	}
	if found == nil {
		return nil
	}
	for i := range p.Forms {
		p.Forms[i].Open = p.Forms[i].Step == step
	}
	return found
}

func (f *DietDecisionForm) fields() officeForm {
	form := make(officeForm, len(f.Fields))
	for i := range f.Fields {
		form[i] = &f.Fields[i]
	}
	return form
}

// decision reads the form's answers; what cannot be read is marked in its field.
func (f *DietDecisionForm) decision() store.DietDecision {
	d := store.DietDecision{Step: f.Step}
	for i := range f.Fields {
		field := &f.Fields[i]
		switch field.Name[len(f.Step)+1:] {
		case "code":
			d.Code = field.Value
			needed(field, "error.diet.code")
		case "category":
			d.Category = canteen.DietCategory(field.Value)
			needed(field, "error.diet.category")
		case "from":
			d.From = fieldOf(field, canteen.ParseDate)
		case "until":
			d.Until = fieldOf(field, canteen.ParseDate)
		case "reason":
			d.Reason = field.Value
			needed(field, "error.diet.reason")
		}
	}
	return d
}

// needed says in its own words what a question without an answer asks for.
func needed(f *render.Field, key string) {
	if f.Value == "" && !f.Optional {
		f.Error = render.Msg(key)
	}
}
