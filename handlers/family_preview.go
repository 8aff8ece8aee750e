package handlers

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"time"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyPreviewPage says what will happen and asks for a yes; or, when nothing of
// a request could be accepted, why. Page name "family/preview".
type FamilyPreviewPage struct {
	render.Page
	Heading  render.Message
	Refused  bool // a request was sent and changed nothing
	Accepted int  // days that would be accepted, of all children
	Children []PreviewChild
	Handles  []string
	Verb     string
	From, To canteen.Date
	Confirm  render.Message
	ID       string // of this form: a second click is the same act
	EditURL  string
}

// PreviewChild is what happens to one child.
type PreviewChild struct {
	Name  string
	Place string
	Range DayRange
	Today bool // the range is today alone
	What  render.Message
	Until render.Message
	Left  *render.Countdown
	Money render.Message
	Lines []PreviewLine
	Late  *LateNote
}

// PreviewLine is the answer for a day, or for a run of days without canteen.
type PreviewLine struct {
	DayRange
	Meal       render.Meal // empty: refused, it stays as it is
	Over       bool        // refused by the limit of white meals, not by the hour
	Why        render.Message
	Receipt    string
	ReceiptURL string
}

// LateNote is the whole refusal: the hour at which the request came and the day
// that can still be changed, which is offered unless the request holds it too.
type LateNote struct {
	Received render.Message
	Next     canteen.Date
	NextURL  string
}

// familyPreview is the step before the confirmation; it writes nothing.
func (s *Server) familyPreview(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	kids = kids.that(canteen.RightCancel)
	form := s.formPage(r, kids, r.Form)
	ask, ok := readRequest(r.Form, &form)
	if !ok {
		return s.page(w, r, http.StatusUnprocessableEntity, "family/communications", form)
	}
	req, err := ask.toStore(kids)
	if err != nil {
		return err
	}
	out, err := s.store.Preview(act(r), req)
	if err != nil && form.refused(err) {
		return s.page(w, r, http.StatusUnprocessableEntity, "family/communications", form)
	}
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "family/preview", s.previewPage(r, kids, ask, out))
}

// familyCommunicate writes what was confirmed and leads to the receipts. What
// stood already leads to the receipt it has; a request of which nothing could be
// accepted is answered with the reasons and status 409.
func (s *Server) familyCommunicate(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	kids = kids.that(canteen.RightCancel)
	form := s.formPage(r, kids, r.PostForm)
	ask, ok := readRequest(r.PostForm, &form)
	if !ok {
		return s.page(w, r, http.StatusUnprocessableEntity, "family/communications", form)
	}
	req, err := ask.toStore(kids)
	if err != nil {
		return err
	}
	a := act(r)
	a.Once = formID(r.PostForm.Get("id"))
	out, err := s.store.Communicate(a, req)
	if err != nil && form.refused(err) {
		return s.page(w, r, http.StatusUnprocessableEntity, "family/communications", form)
	}
	if err != nil {
		return err
	}
	if to := s.afterCommunicate(kids, a.Once, out); to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	p := s.previewPage(r, kids, ask, out)
	p.Refused = true
	return s.page(w, r, http.StatusConflict, "family/preview", p)
}

// afterCommunicate is where an answered request leads: to what became of it or,
// when all of it stood already, to the one receipt it has. It is empty when the
// request changed nothing and that must be explained.
func (s *Server) afterCommunicate(kids children, id string, out []store.PupilOutcome) string {
	standing := map[string]bool{}
	refused := false
	for i := range out {
		if out[i].Count(canteen.Accepted) > 0 {
			return s.to("family.outcome", id)
		}
		for _, d := range out[i].Days {
			switch {
			case d.Outcome == canteen.Already && !d.Receipt.IsZero():
				standing[s.receiptURL(kids.byPAN(out[i].Pupil).Pupil.Handle, d.Receipt)] = true
			case d.Outcome != canteen.NoService:
				refused = true
			}
		}
	}
	if len(standing) != 1 || refused {
		return ""
	}
	for address := range standing {
		return address
	}
	return ""
}

var goodFormID = regexp.MustCompile(`^[A-Za-z0-9]{16,64}$`)

// formID is the id a form carried, or a new one for a form that lost it.
func formID(sent string) string {
	if goodFormID.MatchString(sent) {
		return sent
	}
	return rand.Text()
}

// The words of each thing a family can say.
var previewWords = map[string]struct{ heading, refused, confirm, what string }{
	verbAbsence: {"family.preview.absence", "family.preview.absenceRefused", "family.preview.absenceConfirm", "family.preview.absenceWhat"},
	verbWhite:   {"family.preview.white", "family.preview.whiteRefused", "family.preview.whiteConfirm", "family.preview.whiteWhat"},
	verbBack:    {"family.preview.back", "family.preview.backRefused", "family.preview.backConfirm", "family.preview.backWhat"},
}

func (s *Server) previewPage(r *http.Request, kids children, ask familyRequest, out []store.PupilOutcome) FamilyPreviewPage {
	words := previewWords[ask.verb]
	p := FamilyPreviewPage{Page: s.newPage(r, "family.preview.title", s.familyCrumbs("family.preview.title")...),
		Heading: render.Msg(words.heading), Confirm: render.Msg(words.confirm), Handles: ask.handles, Verb: ask.verb,
		From: ask.from, To: ask.to, ID: rand.Text(), EditURL: s.to("family.communications") + "?" + ask.query()}
	received, late := act(r).Received, 0
	for i := range out {
		late += out[i].Count(canteen.TooLate)
		p.Accepted += out[i].Count(canteen.Accepted)
		p.Children = append(p.Children, s.previewChild(kids, ask, &out[i], received))
	}
	switch {
	case p.Accepted == 0 && late > 0:
		p.Heading = render.Msg("family.preview.tooLate")
	case p.Accepted == 0:
		p.Heading = render.Msg(words.refused)
	}
	return p
}

func (s *Server) previewChild(kids children, ask familyRequest, out *store.PupilOutcome, received time.Time) PreviewChild {
	f := kids.byPAN(out.Pupil)
	c := PreviewChild{Name: kids.name(f), Place: childPlace(f), Range: DayRange{ask.from, ask.to},
		Today: ask.from == ask.to && ask.from == s.today(), Lines: s.previewLines(f, ask.verb, out)}
	if n := out.Count(canteen.Accepted); n > 0 {
		c.What = render.Msg(previewWords[ask.verb].what)
		c.Until, c.Left = s.until(out)
		c.Money = moneyOf(ask.verb, n, f.Account.Price)
	}
	c.Late = s.lateNote(f, ask, out, received)
	return c
}

// until says until when what will be accepted can still be changed: the hour of
// the only day, or of the first of several.
func (s *Server) until(out *store.PupilOutcome) (render.Message, *render.Countdown) {
	var first store.DayOutcome
	for _, d := range out.Days {
		if d.Outcome == canteen.Accepted {
			first = d
			break
		}
	}
	switch {
	case out.Count(canteen.Accepted) > 1:
		return render.Msg("family.preview.untilEach", first.Deadline), nil
	case first.Day == s.today():
		left := s.countdown(first.Deadline)
		return render.Msg("family.preview.untilToday", first.Deadline), &left
	}
	return render.Msg("family.preview.untilDay", first.Day, first.Deadline), nil
}

// moneyOf says what a request changes on the account, at today's price; nothing
// for a child who pays no meal.
func moneyOf(verb string, meals int, price canteen.Cents) render.Message {
	switch {
	case price == 0:
		return render.Message{}
	case verb == verbAbsence:
		return render.Msg("family.preview.saves", meals, price.Times(meals))
	case verb == verbBack:
		return render.Msg("family.preview.charges", meals, price.Times(meals))
	}
	return render.Msg("family.preview.samePrice", price)
}

// previewLines are the answers day by day; days without canteen for the same
// reason are one line.
func (s *Server) previewLines(f *store.FamilyPupil, verb string, out *store.PupilOutcome) []PreviewLine {
	var lines []PreviewLine
	for _, d := range out.Days {
		line := s.previewLine(f, verb, out, d)
		if n := len(lines); n > 0 && (d.Outcome == canteen.NoService && lines[n-1].Meal == render.MealClosed || line.Over && lines[n-1].Over) &&
			sameMessage(lines[n-1].Why, line.Why) {
			lines[n-1].To = d.Day
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func sameMessage(a, b render.Message) bool {
	return a.Key == b.Key && len(a.Args) == len(b.Args) && (len(a.Args) == 0 || a.Args[0] == b.Args[0])
}

// mealAfter is the meal a request leaves behind.
var mealAfter = map[string]render.Meal{verbAbsence: render.MealAbsent, verbWhite: render.MealWhite, verbBack: render.MealEats}

func (s *Server) previewLine(f *store.FamilyPupil, verb string, out *store.PupilOutcome, d store.DayOutcome) PreviewLine {
	line := PreviewLine{DayRange: DayRange{d.Day, d.Day}, Meal: mealAfter[verb]}
	switch d.Outcome {
	case canteen.Already:
		line.Why = render.Msg("family.preview.already")
		if !d.Receipt.IsZero() {
			line.Receipt, line.ReceiptURL = d.Receipt.String(), s.receiptURL(f.Pupil.Handle, d.Receipt)
		}
	case canteen.NoService:
		line.Meal, line.Why = render.MealClosed, closureReason(d.Closure)
	case canteen.TooLate:
		line.Meal, line.Why = "", render.Msg("family.preview.late", d.Deadline)
	case canteen.OverLimit:
		line.Meal, line.Over, line.Why = "", true, render.Msg("diet.white.over", out.Limit)
	}
	return line
}

// lateNote completes the refusal of days that were too late.
func (s *Server) lateNote(f *store.FamilyPupil, ask familyRequest, out *store.PupilOutcome, received time.Time) *LateNote {
	var deadline time.Time
	for _, d := range out.Days {
		if d.Outcome == canteen.TooLate {
			deadline = d.Deadline
		}
	}
	if deadline.IsZero() {
		return nil
	}
	n := &LateNote{Received: render.Msg("family.preview.received", clockAgainst(received, deadline), canteen.DateOf(received)), Next: out.Next}
	if !out.Next.IsZero() && out.Count(canteen.Accepted) == 0 {
		n.NextURL = s.to("family.preview") + "?" + ask.about(f.Pupil.Handle, out.Next, out.Next).query()
	}
	return n
}
