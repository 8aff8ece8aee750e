package render

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"refettorio/assets"
)

func staticHandler(t *testing.T, dist fstest.MapFS) http.Handler {
	t.Helper()
	o := smallOptions(t, small())
	o.Dist = dist
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.Static()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const sheetPath = "/static/css/app.0123456789.css"

func TestStaticChoosesTheEncoding(t *testing.T) {
	h := staticHandler(t, builtDist())
	for _, c := range []struct{ accept, encoding, body, tag string }{
		{"", "", "body{color:red}", `"0123456789"`},
		{"gzip, deflate, br", "br", "BR", `"0123456789-br"`},
		{"gzip", "gzip", "GZ", `"0123456789-gzip"`},
		{"br;q=0, gzip;q=0.5", "gzip", "GZ", `"0123456789-gzip"`},
		{"BR", "br", "BR", `"0123456789-br"`},
		{"br;q=0.0", "", "body{color:red}", `"0123456789"`},
		{"brotli", "", "body{color:red}", `"0123456789"`},
	} {
		r := httptest.NewRequest("GET", sheetPath, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		head := w.Header()
		if w.Code != 200 || w.Body.String() != c.body || head.Get("Content-Encoding") != c.encoding || head.Get("ETag") != c.tag {
			t.Errorf("Accept-Encoding %q: got %d %q %q %q, want 200 %q %q %q", c.accept,
				w.Code, w.Body, head.Get("Content-Encoding"), head.Get("ETag"), c.body, c.encoding, c.tag)
		}
		for name, want := range map[string]string{
			"Content-Type": "text/css; charset=utf-8", "Vary": "Accept-Encoding",
			"Cache-Control": "public, max-age=31536000, immutable",
		} {
			if got := head.Get(name); got != want {
				t.Errorf("Accept-Encoding %q: %s: got %q, want %q", c.accept, name, got, want)
			}
		}
	}
}

func TestStaticAnswersWhatIsNotAPlainGet(t *testing.T) {
	h := staticHandler(t, builtDist())
	for _, c := range []struct {
		method, path, ifNoneMatch string
		status                    int
		length                    int
	}{
		{"HEAD", sheetPath, "", 200, 0},
		{"POST", sheetPath, "", 405, -1},
		{"GET", sheetPath, `"0123456789"`, 304, 0},
		{"GET", sheetPath, `W/"other", W/"0123456789"`, 304, 0},
		{"GET", sheetPath, `"other"`, 200, len("body{color:red}")},
		{"GET", "/static/", "", 404, -1},
		{"GET", "/static/css", "", 404, -1},
		{"GET", "/static/css/", "", 404, -1},
		{"GET", "/static/css/app.css", "", 404, -1},
		{"GET", "/static/manifest.json", "", 404, -1},
		{"GET", "/static/pdf/font.ttf", "", 404, -1},
		{"GET", "/static/../manifest.json", "", 404, -1},
		{"GET", sheetPath + ".br", "", 404, -1},
	} {
		r := httptest.NewRequest(c.method, "http://x"+c.path, nil)
		r.Header.Set("If-None-Match", c.ifNoneMatch)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || c.length >= 0 && w.Body.Len() != c.length {
			t.Errorf("%s %s: got %d with %d bytes, want %d with %d", c.method, c.path, w.Code, w.Body.Len(), c.status, c.length)
		}
	}
	r := httptest.NewRequest("HEAD", sheetPath, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got, want := w.Header().Get("Content-Length"), "15"; got != want {
		t.Errorf("HEAD: Content-Length %q, want %q", got, want)
	}
}

func TestABareCheckoutServesPagesWithoutStyle(t *testing.T) {
	h := staticHandler(t, fstest.MapFS{".gitkeep": {}})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/static/css/app.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("got %d, want 404", w.Code)
	}
}

// TestTheBuiltAssetsFitTheirBudget holds the real build, when there is one, to 60 KB
// of styles and scripts for a family page (ui.md).
func TestTheBuiltAssetsFitTheirBudget(t *testing.T) {
	d, err := loadDist(assets.Dist())
	if err != nil {
		t.Fatal(err)
	}
	if !d.built() {
		t.Skip("the asset build has not run")
	}
	total := 0
	for _, name := range []string{"css/app.css", "js/app.js"} {
		f, err := readStatic(assets.Dist(), d.files[name])
		if err != nil {
			t.Fatal(err)
		}
		if len(f.encoded) != 2 || !strings.Contains(d.files[name], f.tag) {
			t.Errorf("%s: got %d encodings and tag %q for %q", name, len(f.encoded), f.tag, d.files[name])
		}
		total += len(f.encoded["br"])
	}
	if total > 60<<10 {
		t.Errorf("styles and scripts are %d bytes compressed, want at most %d", total, 60<<10)
	}
}
