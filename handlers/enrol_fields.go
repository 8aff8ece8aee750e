package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// fields makes the questions of a step, filled with what the draft holds. The
// name of a field is the word by which the rules refuse it. say puts a message
// into the reader's language.
func (p *EnrolStepPage) fields(say func(key string, args ...any) string) {
	a := &p.View.Application
	switch p.Step {
	case canteen.StepPrivacy:
		p.Form = officeForm{{Name: "privacy", Type: render.TypeCheckbox, Label: "enrol.field.privacy", Checked: a.Privacy == canteen.PrivacyNotice}}
	case canteen.StepChild:
		p.Form = p.childFields()
	case canteen.StepSchool:
		p.Form = p.schoolFields()
	case canteen.StepDays:
		p.Form = officeForm{{Name: "from", Type: render.TypeDate, Label: "enrol.field.from", Hint: "enrol.field.fromHint", Value: a.From.String(), Optional: true, Short: true}}
		p.Weekdays = weekdayFields(p.View.Offer.Days(a), a.Weekdays)
	case canteen.StepDiet:
		p.Form = officeForm{{Name: "diet", Type: render.TypeRadio, Label: "enrol.field.diet", Options: []render.Option{
			{Value: "none", Text: "enrol.diet.none"},
			{Value: string(canteen.DietHealth), Text: "enrol.diet.health", Note: "enrol.diet.healthNote"},
			{Value: string(canteen.DietEthical), Text: "enrol.diet.ethical", Note: "enrol.diet.ethicalNote"}}}}
		pick(p.Form[0], orNone(string(a.Diet), a.Step >= int(p.Step)))
	case canteen.StepRelief:
		f := &render.Field{Name: "band", Type: render.TypeRadio, Label: "enrol.field.band", Hint: "enrol.field.bandHint",
			Options: []render.Option{{Value: "none", Text: "enrol.band.none"}}}
		for _, band := range p.View.Offer.Bands {
			text := say("enrol.summary.band", band)
			if band == canteen.BandExempt {
				text = "enrol.band.exempt"
			}
			f.Options = append(f.Options, render.Option{Value: band, Text: text})
		}
		p.Form = officeForm{f}
		pick(f, orNone(a.Band, a.Step >= int(p.Step)))
	}
}

// orNone is the option that stands for a value: "none" for the empty one, once the
// question has been answered.
func orNone(value string, answered bool) string {
	if value == "" && answered {
		return "none"
	}
	return value
}

func (p *EnrolStepPage) childFields() officeForm {
	c := &p.View.Child
	if p.Known {
		return nil
	}
	sex := &render.Field{Name: "sex", Type: render.TypeSelect, Label: "enrol.field.sex", Optional: true, Options: []render.Option{
		{Value: "", Text: "enrol.sex.unsaid"}, {Value: "F", Text: "enrol.sex.f"}, {Value: "M", Text: "enrol.sex.m"}}}
	pick(sex, c.Sex)
	return officeForm{
		{Name: "name", Label: "enrol.field.name", Value: c.Name, MaxLength: 60},
		{Name: "surname", Label: "enrol.field.surname", Value: c.Surname, MaxLength: 60},
		{Name: "cf", Label: "enrol.field.cf", Hint: "enrol.field.cfHint", Value: string(c.CodiceFiscale), MaxLength: 20, Short: true},
		{Name: "born", Type: render.TypeDate, Label: "enrol.field.born", Value: c.Born.String(), Short: true},
		sex,
		{Name: "birthplace", Label: "enrol.field.birthplace", Value: c.Birthplace, MaxLength: 60, Optional: true},
		{Name: "outside", Type: render.TypeCheckbox, Label: "enrol.field.outside", Checked: c.NonResident, Optional: true}}
}

func (p *EnrolStepPage) schoolFields() officeForm {
	a, o := &p.View.Application, &p.View.Offer
	school := &render.Field{Name: "school", Type: render.TypeSelect, Label: "enrol.field.school", Options: []render.Option{{Text: "enrol.choose"}}}
	grades := []string{}
	for i := range o.Schools {
		s := &o.Schools[i]
		school.Options = append(school.Options, render.Option{Value: s.Code, Text: s.Name})
		if s.ID == a.School {
			school.Value = s.Code
		}
		grades = append(grades, canteen.Grades(s.Stage)...)
	}
	sections := []string{}
	for i := range o.Classes {
		grades, sections = append(grades, o.Classes[i].Grade), append(sections, o.Classes[i].Section)
	}
	grade := &render.Field{Name: "grade", Type: render.TypeSelect, Label: "enrol.field.grade", Short: true, Options: []render.Option{{Text: "enrol.choose"}}}
	for _, g := range distinct(grades) {
		grade.Options = append(grade.Options, render.Option{Value: g, Text: g})
	}
	section := &render.Field{Name: "section", Type: render.TypeSelect, Label: "enrol.field.section", Hint: "enrol.field.sectionHint", Optional: true,
		Options: []render.Option{{Text: "enrol.section.unknown"}}}
	for _, x := range distinct(sections) {
		section.Options = append(section.Options, render.Option{Value: x, Text: x})
	}
	for i := range o.Classes {
		if o.Classes[i].ID == a.Class {
			section.Value = o.Classes[i].Section
		}
	}
	pick(school, school.Value)
	pick(grade, a.Grade)
	pick(section, section.Value)
	return officeForm{school, grade, section}
}

// distinct sorts words and drops what comes twice.
func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// weekdayKeys name the days of the week, Monday first.
var weekdayKeys = [...]string{"enrol.day.mon", "enrol.day.tue", "enrol.day.wed", "enrol.day.thu", "enrol.day.fri", "enrol.day.sat", "enrol.day.sun"}

// weekdayFields is a box for each day on which the class eats; without a choice
// of the child's own all are ticked.
func weekdayFields(offered, chosen canteen.Weekdays) (boxes []*render.Field) {
	if chosen == 0 {
		chosen = offered
	}
	for i, key := range weekdayKeys {
		day := time.Weekday((i + 1) % 7)
		if offered.Has(day) {
			boxes = append(boxes, &render.Field{Name: "day-" + strconv.Itoa(i), Type: render.TypeCheckbox, Label: key, Checked: chosen.Has(day), Optional: true})
		}
	}
	return boxes
}

// weekdaysOf reads the boxes: no days of its own where all are ticked, and a
// refusal where none is.
func weekdaysOf(boxes []*render.Field) (days canteen.Weekdays, err error) {
	all := true
	for _, box := range boxes {
		n, _ := strconv.Atoi(strings.TrimPrefix(box.Name, "day-")) // we wrote it
		if box.Checked {
			days |= 1 << n
		} else {
			all = false
		}
	}
	if days == 0 {
		return 0, canteen.Invalid("weekdays", "error.application.noDays")
	}
	if all {
		days = 0
	}
	return days, nil
}

// weekdaysMessages are the days of a set in words, in order.
func weekdaysMessages(days canteen.Weekdays) (words []render.Message) {
	for i, key := range weekdayKeys {
		if days.Has(time.Weekday((i + 1) % 7)) {
			words = append(words, render.Message{Key: key})
		}
	}
	return words
}

// answers reads what the family sent for the step. What cannot be read is an
// error of its field.
func (p *EnrolStepPage) answers() (a canteen.Application, err error) {
	a = p.View.Application
	f := func(name string) *render.Field {
		return p.Form[slices.IndexFunc(p.Form, func(f *render.Field) bool { return f.Name == name })]
	}
	switch p.Step {
	case canteen.StepPrivacy:
		a.Privacy = 0
		if f("privacy").Checked {
			a.Privacy = canteen.PrivacyNotice
		}
	case canteen.StepChild:
		if p.Known {
			return a, nil
		}
		a.Child = canteen.Child{Name: f("name").Value, Surname: f("surname").Value, CodiceFiscale: fieldOf(f("cf"), canteen.ParseCodiceFiscale),
			Born: fieldOf(f("born"), canteen.ParseDate), Sex: f("sex").Value, Birthplace: f("birthplace").Value, NonResident: f("outside").Checked}
		p.Form.missing()
	case canteen.StepSchool:
		p.Form.missing()
		p.chooseClass(&a, f("school"), f("grade"), f("section"))
	case canteen.StepDays:
		a.From = fieldOf(f("from"), canteen.ParseDate)
		a.Weekdays, err = weekdaysOf(p.Weekdays)
	case canteen.StepDiet:
		p.Form.missing()
		a.Diet = canteen.DietKind(strings.TrimSuffix(f("diet").Value, "none"))
	case canteen.StepRelief:
		p.Form.missing()
		a.Band = strings.TrimSuffix(f("band").Value, "none")
	}
	return a, err
}

// chooseClass finds the school and the class behind the words. A section the
// school does not have is refused with those it has.
func (p *EnrolStepPage) chooseClass(a *canteen.Application, school, grade, section *render.Field) {
	a.School, a.Class, a.Grade = 0, 0, grade.Value
	for i := range p.View.Offer.Schools {
		if s := &p.View.Offer.Schools[i]; s.Code == school.Value {
			a.School = s.ID
		}
	}
	if a.School == 0 || section.Value == "" {
		return
	}
	var have []string
	for i := range p.View.Offer.Classes {
		c := &p.View.Offer.Classes[i]
		if c.School != a.School || c.Grade != a.Grade {
			continue
		}
		have = append(have, c.Name())
		if c.Section == section.Value {
			a.Class = c.ID
		}
	}
	if a.Class != 0 {
		return
	}
	if len(have) == 0 {
		section.Error = render.Msg("error.application.noClass", a.Grade)
		return
	}
	section.Error = render.Msg("error.application.otherClass", a.Grade+section.Value, strings.Join(have, ", "))
}
