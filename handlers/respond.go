package handlers

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// statuses translates kinds: the one place where a refusal becomes a number.
var statuses = map[canteen.Kind]int{
	canteen.KindInternal:        http.StatusInternalServerError,
	canteen.KindInvalid:         http.StatusUnprocessableEntity,
	canteen.KindNotFound:        http.StatusNotFound,
	canteen.KindForbidden:       http.StatusForbidden,
	canteen.KindUnauthenticated: http.StatusUnauthorized,
	canteen.KindConflict:        http.StatusConflict,
	canteen.KindTooLate:         http.StatusConflict,
	canteen.KindUnavailable:     http.StatusServiceUnavailable,
}

// statusOf is the status of an error; the web's own bounds are told apart.
func statusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	return statuses[canteen.KindOf(err)]
}

// fail answers an error: a page for people, a problem for programs. What is
// internal is logged and shown only as a reference.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.failWith(w, r, statusOf(err), err)
}

func (s *Server) failWith(w http.ResponseWriter, r *http.Request, status int, err error) {
	st := stateOf(r)
	if status >= http.StatusInternalServerError {
		st.failure = err
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	if isAPI(r) {
		s.problem(w, r, status, err)
		return
	}
	p := render.NewErrorPage(s.newPage(r, ""), status, "")
	if refused, ok := errors.AsType[*canteen.Error](err); ok && s.catalog.Has(refused.Key) {
		p.Why = render.Msg(refused.Key, refused.Args...)
	}
	if status >= http.StatusInternalServerError {
		p.Reference = st.reference()
	}
	s.render(w, r, status, "error", p)
}

// problem is an error for programs (RFC 9457). An answer that says more embeds it.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Code     string `json:"code,omitempty"`
	Field    string `json:"field,omitempty"`
	Instance string `json:"instance,omitempty"`
}

const problemJSON = "application/problem+json"

func (s *Server) newProblem(r *http.Request, status int, err error) problem {
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Instance: "urn:ref:" + stateOf(r).reference()}
	if refused, ok := errors.AsType[*canteen.Error](err); ok {
		p.Code, p.Field = refused.Key, refused.Field
		if s.catalog.Has(refused.Key) {
			p.Detail = s.catalog.T(s.langOf(r), refused.Key, refused.Args...)
		}
	}
	return p
}

func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, err error) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, status, problemJSON, s.newProblem(r, status, err))
}

// writeJSON answers a program.
func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic("handlers: an answer that is not JSON: " + err.Error())
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a client that hung up has no answer to lose
}

func (s *Server) json(w http.ResponseWriter, status int, v any) error {
	writeJSON(w, status, "application/json", v)
	return nil
}

// page answers a person with a page.
func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, name string, data any) error {
	s.render(w, r, status, name, data)
	return nil
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	h, lang := w.Header(), s.langOf(r)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return
	}
	late := lateStatus{ResponseWriter: w, status: status}
	if err := s.engine.Render(s.within(&late), lang, name, data); err != nil && !late.wrote {
		stateOf(r).failure = errors.Join(stateOf(r).failure, err)
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(s.engine.Failure(lang))
	}
}

// lateStatus sends the status with the first byte: a page that cannot be
// rendered has written none.
type lateStatus struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *lateStatus) Write(b []byte) (int, error) {
	if !w.wrote {
		w.wrote = true
		w.WriteHeader(w.status)
	}
	return w.ResponseWriter.Write(b)
}

func urlQuery(s string) string { return url.QueryEscape(s) }
