package handlers

import (
	"net/http"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// apiOutcomes answers a communication day by day: nothing between accepted and a
// reason (mission 11).
type apiOutcomes struct {
	Days []apiOutcome `json:"days"`
}

type apiOutcome struct {
	Day      canteen.Date    `json:"day"`
	Outcome  canteen.Outcome `json:"outcome"`
	Deadline *time.Time      `json:"deadline"` // the cut-off applied; null without service
	Receipt  *apiReceipt     `json:"receipt"`  // null when nothing stands
}

type apiReceipt struct {
	Number   canteen.ReceiptNumber `json:"number"`
	Received *time.Time            `json:"received_at"` // when the request reached the server
}

func apiReceiptOf(n canteen.ReceiptNumber, received time.Time) *apiReceipt {
	if n.IsZero() {
		return nil
	}
	return &apiReceipt{n, instant(received)}
}

// apiCommunicate records an absence or a white meal on a range of days.
func (s *Server) apiCommunicate(w http.ResponseWriter, r *http.Request) error {
	if !saysJSON(r) {
		s.failWith(w, r, http.StatusUnsupportedMediaType, canteen.Refuse(canteen.KindInvalid, "error.api.contentType"))
		return nil
	}
	fields, err := readFields(w, r, "kind", "from", "to")
	if err != nil {
		return err
	}
	req, err := communicationAsked(fields)
	if err != nil {
		return err
	}
	out, err := s.apiSay(r, req)
	if err != nil {
		return err
	}
	switch {
	case out.Count(canteen.Accepted) > 0:
		return s.json(w, http.StatusCreated, outcomesOf(out))
	case out.Count(canteen.TooLate) > 0:
		return s.apiTooLate(w, r, out)
	case out.Count(canteen.OverLimit) > 0:
		return s.apiOverLimit(w, r, out)
	case out.Count(canteen.Already) > 0:
		return s.json(w, http.StatusOK, outcomesOf(out))
	}
	return s.apiNoService(w, r, out)
}

// apiRevoke takes back what stands on a day.
func (s *Server) apiRevoke(w http.ResponseWriter, r *http.Request) error {
	day, err := civilDay("date", routeVar(r, "date"))
	if err != nil {
		return err
	}
	out, err := s.apiSay(r, store.CommunicationRequest{From: day, To: day})
	switch {
	case err != nil:
		return err
	case out.Count(canteen.Accepted) > 0:
		return s.json(w, http.StatusOK, outcomesOf(out))
	case out.Count(canteen.TooLate) > 0:
		return s.apiTooLate(w, r, out)
	}
	return canteen.Refuse(canteen.KindNotFound, "error.communication.none", day)
}

// maxOnce bounds an Idempotency-Key.
const maxOnce = 255

// apiSay hands a request for the pupil of the address to the record.
func (s *Server) apiSay(r *http.Request, req store.CommunicationRequest) (*store.PupilOutcome, error) {
	pan, err := panVar(r)
	if err != nil {
		return nil, err
	}
	a := act(r)
	if a.Once = r.Header.Get("Idempotency-Key"); len(a.Once) > maxOnce {
		return nil, canteen.Invalid("Idempotency-Key", "error.api.once", maxOnce)
	}
	req.Pupils = []canteen.PAN{pan}
	out, err := s.store.Communicate(a, req)
	if err != nil {
		return nil, err
	}
	return &out[0], nil
}

func communicationAsked(fields map[string]string) (req store.CommunicationRequest, err error) {
	if fields["kind"] == "" {
		return req, canteen.Invalid("kind", "error.required")
	}
	if req.Kind, err = canteen.ParseCommunicationKind(fields["kind"]); err != nil {
		return req, err
	}
	if req.From, err = civilDay("from", fields["from"]); err != nil {
		return req, err
	}
	req.To = req.From
	if to, given := fields["to"]; given {
		req.To, err = civilDay("to", to)
	}
	return req, err
}

func outcomesOf(out *store.PupilOutcome) apiOutcomes {
	answer := apiOutcomes{Days: make([]apiOutcome, len(out.Days))}
	for i, d := range out.Days {
		one := apiOutcome{Day: d.Day, Outcome: d.Outcome, Receipt: apiReceiptOf(d.Receipt, d.Received)}
		if d.Outcome != canteen.NoService {
			one.Deadline = instant(d.Deadline)
		}
		answer.Days[i] = one
	}
	return answer
}

// lateProblem is the refusal of a communication that came too late: it says what
// was applied and what can still be done.
type lateProblem struct {
	problem
	Deadline *time.Time    `json:"deadline"` // of the last day that was too late
	Received *time.Time    `json:"received_at"`
	Next     *canteen.Date `json:"next_day"` // the first day that can still be changed; null when none is in sight
	apiOutcomes
}

func (s *Server) apiTooLate(w http.ResponseWriter, r *http.Request, out *store.PupilOutcome) error {
	var missed store.DayOutcome
	for _, d := range out.Days {
		if d.Outcome == canteen.TooLate {
			missed = d
		}
	}
	refused := canteen.Refuse(canteen.KindTooLate, "error.communication.tooLate", missed.Day, missed.Deadline, out.Next)
	if out.Next.IsZero() {
		refused = canteen.Refuse(canteen.KindTooLate, "error.communication.tooLateLast", missed.Day, missed.Deadline)
	}
	p := lateProblem{problem: s.newProblem(r, statusOf(refused), refused), Deadline: instant(missed.Deadline),
		Received: instant(stateOf(r).received), Next: orNull(out.Next), apiOutcomes: outcomesOf(out)}
	p.Code = string(canteen.TooLate)
	writeJSON(w, p.Status, problemJSON, p)
	return nil
}

// outcomesProblem is a refusal with its days.
type outcomesProblem struct {
	problem
	apiOutcomes
}

func (s *Server) apiNoService(w http.ResponseWriter, r *http.Request, out *store.PupilOutcome) error {
	refused := canteen.Refuse(canteen.KindInvalid, "error.communication.noService")
	p := outcomesProblem{s.newProblem(r, statusOf(refused), refused), outcomesOf(out)}
	p.Code = string(canteen.NoService)
	writeJSON(w, p.Status, problemJSON, p)
	return nil
}
