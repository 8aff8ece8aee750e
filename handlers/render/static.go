package render

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// staticFile is one file of the manifest in the encodings the build prepared.
type staticFile struct {
	contentType string
	tag         string
	identity    []byte
	encoded     map[string][]byte // by Content-Encoding
}

// encodings in order of preference, with the suffix of the prepared file.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// Static serves the files of the manifest under [StaticPrefix], from memory. A
// name contains the hash of its content, so browsers may keep it for ever; any
// other path is 404 and there are no listings.
func (e *Engine) Static() (http.Handler, error) {
	files := map[string]staticFile{}
	for _, hashed := range e.dist.files {
		f, err := readStatic(e.distFiles, hashed)
		if err != nil {
			return nil, err
		}
		files[hashed] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[strings.TrimPrefix(r.URL.Path, StaticPrefix)]
		switch {
		case !ok:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		default:
			f.serve(w, r)
		}
	}), nil
}

func readStatic(fsys fs.FS, name string) (staticFile, error) {
	identity, err := fs.ReadFile(fsys, name)
	if err != nil {
		return staticFile{}, err
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	f := staticFile{
		contentType: contentType(path.Ext(name)),
		tag:         stem[strings.LastIndexByte(stem, '.')+1:],
		identity:    identity,
		encoded:     map[string][]byte{},
	}
	for _, encoding := range encodings {
		if data, err := fs.ReadFile(fsys, name+encoding.suffix); err == nil {
			f.encoded[encoding.name] = data
		}
	}
	return f, nil
}

// contentType does not depend on the mime tables of the machine.
func contentType(extension string) string {
	switch extension {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(extension)
}

func (f staticFile) serve(w http.ResponseWriter, r *http.Request) {
	body, etag := f.identity, `"`+f.tag+`"`
	h := w.Header()
	if len(f.encoded) > 0 {
		h.Set("Vary", "Accept-Encoding")
	}
	for _, encoding := range encodings {
		if data := f.encoded[encoding.name]; data != nil && accepts(r, encoding.name) {
			body, etag = data, `"`+f.tag+"-"+encoding.name+`"`
			h.Set("Content-Encoding", encoding.name)
			break
		}
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader has gone: nobody to tell
	}
}

// accepts reads Accept-Encoding (RFC 9110 §12.5.3) for a coding named outright;
// a quality of zero refuses it.
func accepts(r *http.Request, coding string) bool {
	for _, item := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, q, found := strings.Cut(quality, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !found || err != nil || value > 0
	}
	return false
}

// matches reads If-None-Match: a list of tags, or "*".
func matches(header, etag string) bool {
	for _, item := range strings.Split(header, ",") {
		item = strings.TrimPrefix(strings.TrimSpace(item), "W/")
		if item == etag || item == "*" {
			return true
		}
	}
	return false
}
