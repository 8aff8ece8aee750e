package render

// Field is one question of a form, drawn by the partial "field". Label and Hint
// are message keys (or texts shown as they are).
type Field struct {
	Name         string // of the input, and its id in the page
	Type         FieldType
	Label        string
	Hint         string
	Value        string
	Error        Message
	Options      []Option // of a Select or a Radio
	Autocomplete string   // the purpose, WCAG 1.3.5: "email", "tel", "current-password"
	InputMode    string   // "numeric" for codes
	Pattern      string
	MaxLength    int
	Min, Max     string // of a Date or Number
	Optional     bool   // fields are required unless they say so
	ReadOnly     bool
	Checked      bool // of a Checkbox
	Short        bool // a narrow input: a date, a code
	Accept       string
}

// FieldType is the kind of a Field: an HTML input type or one of ours.
type FieldType string

// The kinds. The zero FieldType is TypeText.
const (
	TypeText     FieldType = ""
	TypeEmail    FieldType = "email"
	TypeTel      FieldType = "tel"
	TypePassword FieldType = "password"
	TypeNumber   FieldType = "number"
	TypeDate     FieldType = "date"
	TypeSearch   FieldType = "search"
	TypeFile     FieldType = "file"
	TypeTextArea FieldType = "textarea"
	TypeSelect   FieldType = "select"
	TypeRadio    FieldType = "radio"
	TypeCheckbox FieldType = "checkbox"
)

// Input is the type attribute of a field drawn as <input>.
func (f Field) Input() string {
	if f.Type == TypeText {
		return "text"
	}
	return string(f.Type)
}

// DescribedBy is the aria-describedby of the input: the hint and the error that
// are there.
func (f Field) DescribedBy() string {
	switch {
	case f.Hint != "" && f.Error.Key != "":
		return f.Name + "-hint " + f.Name + "-error"
	case f.Hint != "":
		return f.Name + "-hint"
	case f.Error.Key != "":
		return f.Name + "-error"
	}
	return ""
}

// FocusID is the id a link of the errors index leads to: the input, or the first
// choice of a group.
func (f Field) FocusID() string {
	if f.Type == TypeRadio && len(f.Options) > 0 {
		return f.Name + "-" + f.Options[0].Value
	}
	return f.Name
}

// Option is a choice of a Select or a Radio. Text and Note are message keys or
// texts shown as they are.
type Option struct {
	Value    string
	Text     string
	Note     string
	Selected bool
}

// Problem is a line of the errors index. Target is the id of the input it is
// about; empty, it concerns the whole form. Label, where the message does not say
// what it speaks of, is the question's.
type Problem struct {
	Target  string
	Message Message
	Label   string
}

// required is the message of every question left empty.
const required = "error.required"

// Problems lists the errors of the fields, in their order on the page.
func Problems(fields ...Field) []Problem {
	var list []Problem
	for _, f := range fields {
		if f.Error.Key != "" {
			p := Problem{Target: f.FocusID(), Message: f.Error}
			if f.Error.Key == required {
				p.Label = f.Label
			}
			list = append(list, p)
		}
	}
	return list
}
