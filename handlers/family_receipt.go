package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyReceiptPage shows the receipts of one act, and what of it was refused.
// Page names "family/receipt" and "family/receipt_print".
type FamilyReceiptPage struct {
	render.Page
	Cards   []ReceiptCard
	Refused []PreviewChild // children of whom a day was too late
}

// ReceiptCard is a numbered receipt, drawn by the partial "receipt".
type ReceiptCard struct {
	Number   string
	Title    render.Message
	Pupil    string
	PAN      string
	Days     []DayRange
	Count    int
	Date     canteen.Date // of the reception
	Received string       // its hour, to the second
	Channel  render.Message
	By       render.Message
	OnBehalf string
	Changed  int // of its days, how many a later communication has changed
	PrintURL string
}

// receiptURL is the address of a receipt. The handle in it is what cannot be
// guessed: numbers follow each other (story 34).
func (s *Server) receiptURL(handle string, n canteen.ReceiptNumber) string {
	return s.to("family.receipt", handle, strings.Replace(n.String(), "/", "-", 1))
}

// familyOutcome shows what became of an act: the receipts and the refusals.
func (s *Server) familyOutcome(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	a := act(r)
	a.Once = routeVar(r, "once")
	out, err := s.store.CommunicationAnswer(a)
	if err != nil {
		return err
	}
	p := FamilyReceiptPage{Page: s.newPage(r, "family.receipt.title", s.familyCrumbs("family.receipt.title")...)}
	for i := range out {
		f := kids.byPAN(out[i].Pupil)
		if f == nil {
			return canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
		}
		if n := receiptOf(&out[i]); !n.IsZero() {
			card, err := s.receiptCard(r, f, n)
			if err != nil {
				return err
			}
			p.Cards = append(p.Cards, card)
		}
		if out[i].Count(canteen.TooLate)+out[i].Count(canteen.OverLimit) > 0 {
			p.Refused = append(p.Refused, s.refusedDays(kids, f, &out[i]))
		}
	}
	return s.page(w, r, http.StatusOK, "family/receipt", p)
}

// receiptOf is the receipt an act gave for a pupil.
func receiptOf(out *store.PupilOutcome) canteen.ReceiptNumber {
	for _, d := range out.Days {
		if d.Outcome == canteen.Accepted {
			return d.Receipt
		}
	}
	return canteen.ReceiptNumber{}
}

// refusedDays are the days of an act that were too late for a child.
func (s *Server) refusedDays(kids children, f *store.FamilyPupil, out *store.PupilOutcome) PreviewChild {
	c := PreviewChild{Name: kids.name(f), Late: &LateNote{Next: out.Next}}
	for _, d := range out.Days {
		if d.Outcome == canteen.TooLate || d.Outcome == canteen.OverLimit {
			c.Lines = append(c.Lines, s.previewLine(f, verbAbsence, out, d))
		}
	}
	return c
}

// familyReceipt shows one receipt, whenever it is asked for.
func (s *Server) familyReceipt(w http.ResponseWriter, r *http.Request) error {
	return s.oneReceipt(w, r, "family/receipt")
}

// familyReceiptPrint is a receipt made for paper.
func (s *Server) familyReceiptPrint(w http.ResponseWriter, r *http.Request) error {
	return s.oneReceipt(w, r, "family/receipt_print")
}

func (s *Server) oneReceipt(w http.ResponseWriter, r *http.Request, page string) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	f, err := kids.with(routeVar(r, "pupil"))
	if err != nil {
		return err
	}
	var n canteen.ReceiptNumber
	if err := n.UnmarshalText([]byte(strings.Replace(routeVar(r, "number"), "-", "/", 1))); err != nil {
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	card, err := s.receiptCard(r, f, n)
	if err != nil {
		return err
	}
	p := FamilyReceiptPage{Page: s.newPage(r, "family.receipt.title", s.familyCrumbs("family.receipt.title")...), Cards: []ReceiptCard{card}}
	return s.page(w, r, http.StatusOK, page, p)
}

// receiptCard reads a receipt of a child; KindNotFound when it is another's.
func (s *Server) receiptCard(r *http.Request, f *store.FamilyPupil, n canteen.ReceiptNumber) (ReceiptCard, error) {
	rec, err := s.store.Receipt(act(r), n)
	if err != nil {
		return ReceiptCard{}, err
	}
	if rec.Pupil != f.Pupil.PAN {
		return ReceiptCard{}, canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	changed, err := s.changedSince(r, &rec)
	if err != nil {
		return ReceiptCard{}, err
	}
	return ReceiptCard{Number: rec.Number.String(), Title: receiptTitle(&rec), Pupil: childFullName(&f.Pupil), PAN: rec.Pupil.String(),
		Days: dayRanges(rec.Days), Count: len(rec.Days), Date: canteen.DateOf(rec.Received), Received: clockSeconds(rec.Received),
		Channel: channelWord(rec.Channel), By: s.byWhom(r, f, rec.Actor), OnBehalf: rec.OnBehalf, Changed: changed,
		PrintURL: s.printURL(f.Pupil.Handle, n)}, nil
}

// changedSince counts the days of a receipt that a later act of the family has
// changed, so that an old receipt is not taken for what stands.
func (s *Server) changedSince(r *http.Request, rec *store.Receipt) (n int, err error) {
	days, err := s.store.PupilCalendar(act(r), rec.Pupil, rec.Days[0], rec.Days[len(rec.Days)-1])
	if err != nil {
		return 0, err
	}
	for _, day := range rec.Days {
		current := days[rec.Days[0].DaysUntil(day)].Current
		if rec.Kind == store.ReceiptRevocation && current != nil || rec.Kind == store.ReceiptCommunication && (current == nil || current.Receipt != rec.Number) {
			n++
		}
	}
	return n, nil
}

func receiptTitle(rec *store.Receipt) render.Message {
	switch {
	case rec.Kind != store.ReceiptCommunication && rec.Kind != store.ReceiptRevocation:
		return deskActWord(rec)
	case rec.Kind == store.ReceiptRevocation:
		return render.Msg("family.receipt.back")
	case rec.What == canteen.White.String():
		return render.Msg("family.receipt.white")
	}
	return render.Msg("family.receipt.absence")
}

// channelWord names the way a communication came in.
func channelWord(c canteen.Channel) render.Message {
	switch c {
	case canteen.ChannelWeb:
		return render.Msg("family.channel.web")
	case canteen.ChannelDesk:
		return render.Msg("family.channel.desk")
	case canteen.ChannelAPI:
		return render.Msg("family.channel.api")
	}
	return render.Msg("family.channel.office")
}

// byWhom says who made an act for a child. A login may be an e-mail address, and
// parents may live apart: of another guardian or delegate a family reads what it
// is to the child and nothing else (design §12), of staff the office. Of a child
// that is not in the service yet f is nil, and only guardians act for it.
func (s *Server) byWhom(r *http.Request, f *store.FamilyPupil, login string) render.Message {
	if st := stateOf(r); st.user != nil && st.user.Login == login && st.behalf == "" {
		return render.Msg("family.by.you", st.user.Name)
	}
	u, err := s.store.User(login)
	switch {
	case strings.HasPrefix(login, "token:"):
		return render.Msg("family.by.gateway")
	case err == nil && u.Guardian != 0 && (f == nil || f.Pupil.HasGuardian(u.Guardian)):
		return render.Msg("family.by.guardian")
	case err == nil && u.Guardian != 0:
		return render.Msg("family.by.delegate")
	case err == nil && u.Role == canteen.RoleDesk:
		return render.Msg("family.by.desk", u.Name)
	}
	return render.Msg("family.by.office")
}
