package render

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

// Options are what an Engine is made of.
type Options struct {
	Templates fs.FS // layout/, partials/, pages/
	Dist      fs.FS // what the asset build left; may be empty
	Catalog   *Catalog
	// Pages names every page the handlers render ("error", "family/home"). The
	// files and this list must agree.
	Pages []string
	// URL is the address of a named route. Routes must be registered before [New],
	// which resolves the constant ones.
	URL func(name string, params ...string) (string, error)
	// Town heads the page shown when a page cannot be rendered.
	Town Town
	// Reload parses a page's templates again each time: for who is writing them.
	Reload bool
	Log    *slog.Logger
}

// Engine renders pages. It may be used by many goroutines.
type Engine struct {
	templates fs.FS
	distFiles fs.FS
	dist      dist
	catalog   *Catalog
	url       func(string, ...string) (string, error)
	reload    bool
	sets      map[pageKey]*template.Template
	failures  map[string][]byte
	buffers   sync.Pool
}

type pageKey struct{ lang, page string }

// New parses every page in every language. It fails on anything that could fail
// later: see the package comment.
func New(o Options) (*Engine, error) {
	d, err := loadDist(o.Dist)
	if err != nil {
		return nil, err
	}
	if !d.built() {
		o.Log.Warn("assets not built: pages are served without style", "missing", "css/app.css")
	}
	e := &Engine{
		templates: o.Templates, distFiles: o.Dist, dist: d, catalog: o.Catalog, url: o.URL, reload: o.Reload,
		sets:     map[pageKey]*template.Template{},
		failures: map[string][]byte{},
		buffers:  sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	if err := e.agree(o.Pages); err != nil {
		return nil, err
	}
	if err := e.parseAll(o.Catalog.Languages(), o.Pages); err != nil {
		return nil, err
	}
	for _, l := range o.Catalog.Languages() {
		if err := e.prepareFailure(l.Code, o.Town); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// parseAll parses the languages side by side: the service starts after it.
func (e *Engine) parseAll(languages []Language, pages []string) error {
	sets, errs := make([]map[pageKey]*template.Template, len(languages)), make([]error, len(languages))
	var wg sync.WaitGroup
	for i, l := range languages {
		wg.Go(func() { sets[i], errs[i] = e.parseLanguage(l.Code, pages) })
	}
	wg.Wait()
	for _, set := range sets {
		maps.Copy(e.sets, set)
	}
	return errors.Join(errs...)
}

// agree compares the pages declared by the handlers with the files.
func (e *Engine) agree(declared []string) error {
	files, err := PageFiles(e.templates)
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range declared {
		if !slices.Contains(files, name) {
			problems = append(problems, fmt.Errorf("page %q is declared and templates/pages/%s.html is missing", name, name))
		}
	}
	for _, name := range files {
		if !slices.Contains(declared, name) {
			problems = append(problems, fmt.Errorf("templates/pages/%s.html is rendered by no handler", name))
		}
	}
	return errors.Join(problems...)
}

// PageFiles lists the pages that have a file, by name and in order.
func PageFiles(templates fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(templates, "pages", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(file) == ".html" {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html"))
		}
		return err
	})
	return names, err
}

func (e *Engine) parseLanguage(lang string, pages []string) (map[pageKey]*template.Template, error) {
	common, err := e.parseCommon(lang)
	if err != nil {
		return nil, err
	}
	sets := make(map[pageKey]*template.Template, len(pages))
	for _, page := range pages {
		if sets[pageKey{lang, page}], err = e.parsePage(common, lang, page); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

// parseCommon parses the layouts and partials in a language.
func (e *Engine) parseCommon(lang string) (*template.Template, error) {
	set := template.New("common").Option("missingkey=error").Funcs(e.functions(lang))
	set, err := set.ParseFS(e.templates, "layout/*.html", "partials/*.html")
	if err != nil {
		return nil, err
	}
	return set, e.fold(set.Templates(), lang)
}

// parsePage adds a page to a copy of the common templates and picks its layout:
// "print" for a page that defines the block "paper", else "base".
func (e *Engine) parsePage(common *template.Template, lang, page string) (*template.Template, error) {
	set, err := common.Clone()
	if err != nil {
		return nil, err
	}
	file := "pages/" + page + ".html"
	if set, err = set.ParseFS(e.templates, file); err != nil {
		return nil, err
	}
	if own := set.Lookup(path.Base(file)); own != nil && own.Tree != nil && strings.TrimSpace(own.Tree.Root.String()) != "" {
		return nil, fmt.Errorf("templates/%s: text outside a block would be lost", file)
	}
	layout, block := "base", "main"
	if set.Lookup("paper") != nil {
		layout, block = "print", "paper"
	}
	if set.Lookup(block) == nil {
		return nil, fmt.Errorf("templates/%s: defines neither the block main nor paper", file)
	}
	own := slices.DeleteFunc(set.Templates(), func(t *template.Template) bool { return common.Lookup(t.Name()) != nil })
	if err := e.fold(own, lang); err != nil {
		return nil, err
	}
	set = set.Lookup(layout)
	return set, escapes(set, file)
}

func (e *Engine) fold(all []*template.Template, lang string) error {
	f := folder{catalog: e.catalog, book: e.catalog.book(lang), funcs: e.functions(lang)}
	for _, t := range all {
		if err := f.fold(t.Tree); err != nil {
			return err
		}
	}
	return nil
}

// escapes makes html/template do now, not at the first reader, the analysis that
// can refuse a template.
func escapes(set *template.Template, file string) error {
	err := set.Execute(refuser{}, nil)
	if refused, ok := errors.AsType[*template.Error](err); ok {
		return fmt.Errorf("templates/%s: %w", file, refused)
	}
	return nil
}

// refuser stops an execution at its first byte.
type refuser struct{}

func (refuser) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Render writes a page in a language (an unknown one is Italian). It writes all
// of the page or, with an error, nothing.
func (e *Engine) Render(w io.Writer, lang, page string, data any) error {
	set, err := e.set(lang, page)
	if err != nil {
		return err
	}
	buffer := e.buffers.Get().(*bytes.Buffer)
	defer e.recycle(buffer)
	if err := set.Execute(buffer, data); err != nil {
		return err
	}
	_, err = w.Write(buffer.Bytes())
	return err
}

// largest is the biggest buffer kept: a year's report must not stay in memory.
const largest = 1 << 20

func (e *Engine) recycle(b *bytes.Buffer) {
	if b.Cap() <= largest {
		b.Reset()
		e.buffers.Put(b)
	}
}

func (e *Engine) set(lang, page string) (*template.Template, error) {
	if e.catalog.books[lang] == nil {
		lang = DefaultLanguage
	}
	set := e.sets[pageKey{lang, page}]
	if set == nil {
		return nil, fmt.Errorf("page %q is not declared", page)
	}
	if !e.reload {
		return set, nil
	}
	common, err := e.parseCommon(lang)
	if err != nil {
		return nil, err
	}
	return e.parsePage(common, lang, page)
}

// Failure is a whole page for status 500, ready since the start: what to send
// when Render fails.
func (e *Engine) Failure(lang string) []byte {
	if page := e.failures[lang]; page != nil {
		return page
	}
	return e.failures[DefaultLanguage]
}

func (e *Engine) prepareFailure(lang string, town Town) error {
	var page bytes.Buffer
	p := Page{Lang: lang, Town: town}
	if err := e.Render(&page, lang, "error", NewErrorPage(p, http.StatusInternalServerError, "")); err != nil {
		return fmt.Errorf("the page for failures: %w", err)
	}
	e.failures[lang] = page.Bytes()
	return nil
}
