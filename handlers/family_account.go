package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// FamilyAccountPage is Conto mensa: the balance and every movement with the day
// behind it. Page name "family/account".
type FamilyAccountPage struct {
	render.Page
	Children []ChildLink
	Hidden   bool   // there are children, and their accounts were not granted to this delegate
	Handle   string // of the child; empty when there is none to show
	Name     string
	Place    string
	Balance  BalanceLine
	Price    *PriceNow
	From, To render.Field
	Period   DayRange
	Opening  canteen.Cents
	Rows     []AccountRow // newest first
	CSVURL   string
	PDFURL   string
}

// AccountRow is a movement.
type AccountRow struct {
	Day     canteen.Date
	What    render.Message
	URL     string // the story of the day, of a charge
	Detail  string // in the words of whoever wrote it
	Amount  canteen.Cents
	Balance canteen.Cents // behind it, day after day
}

// PriceNow is the price of the next meal.
type PriceNow struct {
	Price canteen.Cents
	Band  string
	Words PriceWords
}

// PriceWords say where a price comes from (story 24): the act, its first day and
// every condition of the rate.
type PriceWords struct {
	Act   string // empty for the price a new service starts with
	From  canteen.Date
	Rules []render.Message
}

func priceWords(p *store.PriceSource) PriceWords {
	words := PriceWords{Act: p.Act, From: p.From}
	rate := &p.Rate
	if rate.Band != "" {
		words.Rules = append(words.Rules, render.Msg("family.price.band", rate.Band))
	}
	if rate.Rank > 1 {
		words.Rules = append(words.Rules, render.Msg("family.price.rank", int(rate.Rank)))
	}
	switch rate.Residence {
	case canteen.Inside:
		words.Rules = append(words.Rules, render.Msg("family.price.inside"))
	case canteen.Outside:
		words.Rules = append(words.Rules, render.Msg("family.price.outside"))
	}
	if rate.Note != "" {
		words.Rules = append(words.Rules, render.Msg("family.price.note", rate.Note))
	}
	if len(words.Rules) == 0 {
		words.Rules = append(words.Rules, render.Msg("family.price.full"))
	}
	return words
}

// familyAccount shows the account of a child over a period.
func (s *Server) familyAccount(w http.ResponseWriter, r *http.Request) error {
	kids, err := s.childrenOf(r, 0)
	if err != nil {
		return err
	}
	p := FamilyAccountPage{Page: s.newPage(r, "family.account.title", s.familyCrumbs("family.account.title")...), Hidden: len(kids) > 0}
	kids = kids.that(canteen.RightPay)
	f, err := kids.chosen(r.FormValue("alunno"))
	if err != nil {
		return err
	}
	if f == nil {
		return s.page(w, r, http.StatusOK, "family/account", p)
	}
	status := http.StatusOK
	if !s.readPeriod(r, &p) {
		status = http.StatusUnprocessableEntity
	}
	st, err := s.statementOf(r, f, p.Period)
	if err != nil {
		return err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	handle := f.Pupil.Handle
	p.Handle, p.Name, p.Place, p.Balance = handle, kids.name(f), childPlace(f), balanceLine(&f.Account, town.Levels)
	p.Children = kids.links(f, func(h string) string { return s.to("family.account") + "?alunno=" + h + "&" + p.Period.query() })
	p.Opening, p.CSVURL, p.PDFURL = st.opening, s.to("family.statement.csv", handle)+"?"+p.Period.query(), s.to("family.statement.pdf", handle)+"?"+p.Period.query()
	for _, l := range slices.Backward(st.lines) {
		p.Rows = append(p.Rows, s.accountRow(handle, &l))
	}
	price, ok, err := s.store.MealPrice(act(r), f.Pupil.PAN, s.today())
	if ok {
		p.Price = &PriceNow{price.Price, price.Band, priceWords(&price.Source)}
	}
	if err != nil {
		return err
	}
	return s.page(w, r, status, "family/account", p)
}

// query writes a period as the query of an address.
func (d DayRange) query() string { return "dal=" + d.From.String() + "&al=" + d.To.String() }

// longestPeriod bounds a statement: a school year and its summers.
const longestPeriod = 400

// readPeriod reads the period asked for; this month and the previous when none
// is, or when what was typed is none, which the page then says.
func (s *Server) readPeriod(r *http.Request, p *FamilyAccountPage) bool {
	first := s.askedMonth("")
	p.Period = DayRange{previousMonth(first), s.today()}
	from, to := r.FormValue("dal"), r.FormValue("al")
	field := func(name, label, typed string, standard canteen.Date) render.Field {
		if typed == "" {
			typed = standard.String()
		}
		return render.Field{Name: name, Type: render.TypeDate, Label: label, Value: isoDay(typed), Short: true}
	}
	p.From = field("dal", "family.account.from", from, p.Period.From)
	p.To = field("al", "family.account.to", to, p.Period.To)
	asked := DayRange{readDay(p.From.Value, &p.From), readDay(p.To.Value, &p.To)}
	switch {
	case asked.From.IsZero() || asked.To.IsZero():
	case asked.To < asked.From:
		p.To.Error = render.Msg("error.communication.range")
	case asked.From.DaysUntil(asked.To) >= longestPeriod:
		p.To.Error = render.Msg("error.communication.long", longestPeriod)
	default:
		p.Period = asked
	}
	p.Problems = render.Problems(p.From, p.To)
	return len(p.Problems) == 0
}

func (s *Server) accountRow(handle string, l *store.AccountLine) AccountRow {
	row := AccountRow{Day: l.Day, What: movementWord(l), Amount: l.Amount, Balance: l.Balance, Detail: l.Reason}
	if l.Kind == canteen.EntryCharge {
		row.URL = s.to("family.day", handle, l.Day.String()) // which explains the price as well
	}
	return row
}

// movementWord names a movement.
func movementWord(l *store.AccountLine) render.Message {
	switch l.Kind {
	case canteen.EntryCharge:
		switch l.Meal {
		case canteen.MealWhite:
			return render.Msg("family.movement.white")
		case canteen.MealDiet:
			return render.Msg("family.movement.diet")
		}
		return render.Msg("family.movement.standard")
	case canteen.EntryOpening:
		return render.Msg("family.movement.opening")
	case canteen.EntryOutside:
		return render.Msg("family.movement.outside")
	case canteen.EntryReversal:
		return render.Msg("family.movement.reversal")
	}
	return render.Msg("family.movement.adjustment")
}
