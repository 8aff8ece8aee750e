package render

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"refettorio/canteen"
)

// functions are what the templates of one language may call. They only format.
func (e *Engine) functions(lang string) template.FuncMap {
	b := e.catalog.book(lang)
	f := b.formats
	return template.FuncMap{
		"t":           func(key string, args ...any) string { return b.text(key, args) },
		"msg":         func(m Message) string { return b.text(m.Key, m.Args) },
		"euro":        f.Euro,
		"euroSigned":  f.SignedEuro,
		"giorno":      f.Day,
		"giornoBreve": f.DayShort,
		"data":        f.Date,
		"mese":        f.Month,
		"ora":         f.Time,
		"instant":     instant,
		"url":         e.route,
		"asset":       e.dist.path,
		"icon":        e.icon,
	}
}

// instant writes an instant for a machine: a datetime or data attribute.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(canteen.Rome()).Format(time.RFC3339)
}

// route is the address of a named route; its parameters may be strings, numbers,
// days or anything that writes itself.
func (e *Engine) route(name string, params ...any) (string, error) {
	words := make([]string, len(params))
	for i, p := range params {
		words[i] = fmt.Sprint(p)
	}
	return e.url(name, words...)
}

// icon draws an icon of the sprite. It is decoration: the word is beside it or in
// a visually hidden text. Classes are added to Bootstrap Italia's "icon".
func (e *Engine) icon(name string, classes ...string) (template.HTML, error) {
	sprite, err := e.dist.path(spriteName)
	if err != nil {
		return "", err
	}
	if e.dist.built() && !e.dist.icons[name] {
		return "", fmt.Errorf("no icon %q in the sprite: build the assets again", name)
	}
	class := strings.Join(append([]string{"icon"}, classes...), " ")
	return template.HTML(`<svg class="` + template.HTMLEscapeString(class) + `" aria-hidden="true" focusable="false"><use href="` +
		template.HTMLEscapeString(sprite+"#"+name) + `"></use></svg>`), nil
}
