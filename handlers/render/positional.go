package render

import (
	"strconv"
	"strings"

	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// positional is go-i18n's template language reduced to what translators need:
// "{0}" is the first argument. Anything else in braces stays as written.
type positional struct{}

func (positional) Cacheable() bool { return true }

func (positional) Parse(source, _, _ string) (i18ntemplate.ParsedTemplate, error) {
	return positionalText(source), nil
}

type positionalText string

// Execute fills the text; data is the []string of arguments already in words.
func (t positionalText) Execute(data any) (string, error) {
	words, _ := data.([]string)
	rest := string(t)
	var b strings.Builder
	for {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		inside, tail, closed := strings.Cut(after, "}")
		if n, err := strconv.Atoi(inside); closed && err == nil && n >= 0 && n < len(words) {
			b.WriteString(words[n])
			rest = tail
			continue
		}
		b.WriteByte('{')
		rest = after
	}
}
