package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/store"
)

// limitProblem is the refusal of white meals beyond the limit: it says the limit
// that was applied (rules R9.4).
type limitProblem struct {
	problem
	Limit int `json:"limit"` // white meals on school days in a row
	apiOutcomes
}

// apiOverLimit answers a request of which nothing could be accepted because it
// needs a certificate.
func (s *Server) apiOverLimit(w http.ResponseWriter, r *http.Request, out *store.PupilOutcome) error {
	refused := canteen.Refuse(canteen.KindInvalid, "diet.white.over", out.Limit)
	p := limitProblem{s.newProblem(r, statusOf(refused), refused), out.Limit, outcomesOf(out)}
	p.Code = string(canteen.OverLimit)
	writeJSON(w, p.Status, problemJSON, p)
	return nil
}
