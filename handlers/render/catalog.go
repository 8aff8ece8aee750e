package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// DefaultLanguage is the language of the originals, and of whoever asks for none
// of ours.
const DefaultLanguage = "it"

// Language is one the pages exist in.
type Language struct {
	Code string // "it"
	Name string // in the language itself: "Italiano"
}

// Catalog holds every message in every language. It does not change after
// [LoadCatalog] and may be used by many goroutines.
type Catalog struct {
	languages []Language
	matcher   language.Matcher
	books     map[string]*book
}

// book is the catalogue of one language. Messages without arguments are plain
// strings, found without asking go-i18n; the others keep their shape.
type book struct {
	plain     map[string]string
	shaped    map[string]shape
	localizer *i18n.Localizer
	formats   *Formats
}

// shape is what a message with arguments expects.
type shape struct {
	args   int // how many it names: the highest placeholder + 1
	plural bool
}

// LoadCatalog reads every *.json of fsys. A file's language is the last part of
// its name: "it.json" and "family.it.json" are both Italian, so that each area
// may keep its own. A file is one flat object from key to text; a text names its
// arguments by place, "{0}"; a text with plural forms is an object of CLDR forms
// ("one", "other", also "many", "few" … where the language has them).
//
// A key given twice, a key missing in a language, a text that names an argument
// its translation does not, or a missing calendar word are errors: they would be
// holes in a page.
func LoadCatalog(fsys fs.FS) (*Catalog, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Italian)
	messages := map[string]map[string]*i18n.Message{}
	for _, name := range names {
		if err := readMessages(fsys, name, bundle, messages); err != nil {
			return nil, fmt.Errorf("locales/%s: %w", name, err)
		}
	}
	if messages[DefaultLanguage] == nil {
		return nil, fmt.Errorf("locales: no messages in %q", DefaultLanguage)
	}
	if err := sameKeys(messages); err != nil {
		return nil, err
	}
	return newCatalog(bundle, messages)
}

func newCatalog(bundle *i18n.Bundle, messages map[string]map[string]*i18n.Message) (*Catalog, error) {
	c := &Catalog{books: map[string]*book{}}
	var tags []language.Tag
	for _, code := range languageOrder(messages) {
		b := &book{plain: map[string]string{}, shaped: map[string]shape{}, localizer: i18n.NewLocalizer(bundle, code)}
		for key, m := range messages[code] {
			if s := shapeOf(m); s.plural || s.args > 0 {
				b.shaped[key] = s
			} else {
				b.plain[key] = m.Other
			}
		}
		var err error
		if b.formats, err = newFormats(messages[code]); err != nil {
			return nil, fmt.Errorf("locales, %s: %w", code, err)
		}
		c.books[code] = b
		c.languages = append(c.languages, Language{Code: code, Name: b.plain["language.name"]})
		tags = append(tags, language.Make(code))
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// languageOrder puts the default first (the matcher falls back to it), then the
// others by code.
func languageOrder(messages map[string]map[string]*i18n.Message) []string {
	codes := []string{DefaultLanguage}
	for code := range messages {
		if code != DefaultLanguage {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes[1:])
	return codes
}

func readMessages(fsys fs.FS, name string, bundle *i18n.Bundle, into map[string]map[string]*i18n.Message) error {
	stem := strings.TrimSuffix(path.Base(name), ".json")
	code := stem[strings.LastIndexByte(stem, '.')+1:]
	tag, err := language.Parse(code)
	if err != nil {
		return fmt.Errorf("the file name does not end in a language: %w", err)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := noDuplicates(data); err != nil {
		return err
	}
	list, err := bundle.ParseMessageBytes(tag, data, json.Unmarshal)
	if err != nil {
		return err
	}
	if into[code] == nil {
		into[code] = map[string]*i18n.Message{}
	}
	slices.SortFunc(list, func(a, b *i18n.Message) int { return strings.Compare(a.ID, b.ID) })
	var problems []error
	for _, m := range list {
		if into[code][m.ID] != nil {
			problems = append(problems, fmt.Errorf("%q is already in another file", m.ID))
		}
		into[code][m.ID] = m
	}
	return errors.Join(problems...)
}

// noDuplicates refuses an object with the same key twice, which encoding/json
// would resolve silently in favour of the last.
func noDuplicates(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	seen := map[string]bool{}
	depth, isKey := 0, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case json.Delim:
			if token == '{' {
				depth++
			} else if token == '}' {
				depth--
			}
			isKey = depth == 1
		case string:
			if depth == 1 && isKey {
				if seen[token] {
					return fmt.Errorf("%q is given twice", token)
				}
				seen[token] = true
			}
			isKey = depth == 1 && !isKey
		}
	}
}

// sameKeys compares every language with the default one: same keys, same number
// of arguments.
func sameKeys(messages map[string]map[string]*i18n.Message) error {
	var problems []error
	original := messages[DefaultLanguage]
	for code, translated := range messages {
		for key, m := range original {
			switch other := translated[key]; {
			case other == nil:
				problems = append(problems, fmt.Errorf("locales, %s: %q is missing", code, key))
			case shapeOf(other).args != shapeOf(m).args:
				problems = append(problems, fmt.Errorf("locales, %s: %q names %d arguments, the original %d",
					code, key, shapeOf(other).args, shapeOf(m).args))
			}
		}
		for key := range translated {
			if original[key] == nil {
				problems = append(problems, fmt.Errorf("locales, %s: %q is not in the original", code, key))
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(problems...)
}

func shapeOf(m *i18n.Message) shape {
	var s shape
	for _, text := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
		for n := range placeholders(text) {
			s.args = max(s.args, n+1)
		}
	}
	s.plural = m.Zero+m.One+m.Two+m.Few+m.Many != ""
	return s
}

// placeholders yields the argument numbers a text names.
func placeholders(text string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for {
			open := strings.IndexByte(text, '{')
			if open < 0 {
				return
			}
			text = text[open+1:]
			inside, _, closed := strings.Cut(text, "}")
			if n, err := strconv.Atoi(inside); closed && err == nil && n >= 0 && !yield(n) {
				return
			}
		}
	}
}

// Languages lists the languages, the default first.
func (c *Catalog) Languages() []Language { return c.languages }

// Negotiate picks the language of an answer: the person's own choice (may be
// empty), else the best of an Accept-Language header, else Italian.
func (c *Catalog) Negotiate(choice, acceptLanguage string) string {
	if c.books[choice] != nil {
		return choice
	}
	_, i := language.MatchStrings(c.matcher, acceptLanguage)
	return c.languages[i].Code
}

// Formats are the ways of writing dates and amounts in a language.
func (c *Catalog) Formats(lang string) *Formats { return c.book(lang).formats }

// Has tells whether key is a message.
func (c *Catalog) Has(key string) bool {
	b := c.books[DefaultLanguage]
	_, plain := b.plain[key]
	_, shaped := b.shaped[key]
	return plain || shaped
}

// T is the message key in a language. Arguments fill {0}, {1} …: amounts, days
// and instants are written as the language does; the first whole number chooses
// the plural form. A key that is no message comes back as it is, so that a field
// of a page may hold either a key or a text (a child's name); a message that gets
// fewer arguments than it names keeps the bare placeholder, and is seen.
func (c *Catalog) T(lang, key string, args ...any) string {
	return c.book(lang).text(key, args)
}

func (c *Catalog) book(lang string) *book {
	if b := c.books[lang]; b != nil {
		return b
	}
	return c.books[DefaultLanguage]
}

func (b *book) text(key string, args []any) string {
	if text, ok := b.plain[key]; ok {
		return text
	}
	s, ok := b.shaped[key]
	if !ok {
		return key
	}
	config := i18n.LocalizeConfig{MessageID: key, TemplateData: b.formats.words(args), TemplateParser: positional{}}
	if s.plural {
		config.PluralCount = firstCount(args)
	}
	text, err := b.localizer.Localize(&config)
	if err != nil {
		return key
	}
	return text
}

// firstCount is the argument that chooses the plural form; without one, the form
// "other".
func firstCount(args []any) any {
	for _, a := range args {
		switch a.(type) {
		case int, int8, int16, int32, int64:
			return a
		case uint, uint8, uint16, uint32, uint64:
			return fmt.Sprint(a) // go-i18n takes signed numbers and decimal strings
		}
	}
	return nil
}
