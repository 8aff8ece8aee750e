package handlers

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// officeForm is the fields of a form of the office, in their order on the page.
// The name of a field is the word by which the record refuses it.
type officeForm []*render.Field

// newFormID is the random id of a form: it makes the act one act, however often
// it is sent.
func newFormID() string { return rand.Text() }

// formAct is the act of a posted form.
func formAct(r *http.Request) store.Act {
	a := act(r)
	a.Once = r.PostForm.Get("id")
	return a
}

// read takes the values a person sent and returns the form's id.
func (f officeForm) read(r *http.Request) (id string, err error) {
	if err := r.ParseForm(); err != nil {
		return "", formError(err)
	}
	for _, field := range f {
		value := strings.TrimSpace(r.PostForm.Get(field.Name))
		field.Value, field.Checked = value, field.Type == render.TypeCheckbox && value != ""
		for i := range field.Options {
			field.Options[i].Selected = field.Options[i].Value == value
		}
	}
	return r.PostForm.Get("id"), nil
}

// missing marks the required fields that are empty.
func (f officeForm) missing() {
	for _, field := range f {
		if !field.Optional && field.Value == "" && field.Error.Key == "" {
			field.Error = render.Msg("error.required")
		}
	}
}

// wrong tells whether a field has an error.
func (f officeForm) wrong() bool {
	for _, field := range f {
		if field.Error.Key != "" {
			return true
		}
	}
	return false
}

// problems lists the errors of the fields for the top of the page.
func (f officeForm) problems() []render.Problem {
	values := make([]render.Field, len(f))
	for i, field := range f {
		values[i] = *field
	}
	return render.Problems(values...)
}

// refuse puts a refusal of the record where the person can mend it: beside the
// field it names, else at the top of the page. It returns what is no refusal of
// the form.
func (f officeForm) refuse(p *render.Page, err error) error {
	refusal, ok := errors.AsType[*canteen.Error](err)
	if !ok || refusal.Kind != canteen.KindInvalid && refusal.Kind != canteen.KindConflict && refusal.Kind != canteen.KindTooLate {
		return err
	}
	said := render.Msg(refusal.Key, refusal.Args...)
	placed := false
	for _, field := range f {
		if field.Name == refusal.Field {
			field.Error, placed = said, true
		}
	}
	p.Problems = f.problems()
	if !placed {
		p.Problems = append([]render.Problem{{Message: said}}, p.Problems...)
	}
	return nil
}

// fieldOf reads a field with a parser; what cannot be read becomes the field's
// error. An empty field is left to missing.
func fieldOf[T any](f *render.Field, parse func(string) (T, error)) (value T) {
	if f.Value == "" {
		return value
	}
	value, err := parse(f.Value)
	if refusal, ok := errors.AsType[*canteen.Error](err); ok {
		f.Error = render.Msg(refusal.Key, refusal.Args...)
	}
	return value
}

// pick selects an option of a field.
func pick(f *render.Field, value string) {
	f.Value = value
	for i := range f.Options {
		f.Options[i].Selected = f.Options[i].Value == value
	}
}
