package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// How many days the home page reads: enough for the strip in an ordinary week,
// and further when the canteen is closed for long.
const (
	stripDays = 5
	nearDays  = 15
	farDays   = 40
)

// FamilyHomePage shows one card per child. Page name "family/home".
type FamilyHomePage struct {
	render.Page
	Notices      []FamilyNotice
	Children     []ChildCard
	Applications []ApplicationCard // under way: to finish, to correct, or with the school
}

// ChildCard is a child's day, the acts that matter now, the next days and the
// account.
type ChildCard struct {
	ID         string // of the element
	Name       string
	Place      string
	Today      TodayPanel
	Acts       []CardAct
	Cutoff     *render.Countdown // while today can still be changed
	Passed     bool              // today's meal stands as it is
	Deadline   render.Message    // when Passed: until when it could be changed
	Next       []StripDay
	Account    BalanceLine
	AccountURL string // empty for a delegate who may not see the account
}

// TodayPanel is the state of today in words.
type TodayPanel struct {
	Meal       render.Meal
	Title      render.Message
	Dishes     string
	Why        render.Message // why there is no meal
	Said       render.Message // when it was asked
	Receipt    string
	ReceiptURL string
}

// CardAct is a button: a link to the page that asks for confirmation.
type CardAct struct {
	Label render.Message
	URL   string
	White bool
}

// StripDay is one of the next days.
type StripDay struct {
	Day  canteen.Date
	Meal render.Meal
	URL  string
}

// BalanceLine is the balance in euro and in meals. A family sees that it is
// exempt; nobody else sees this page (story 33).
type BalanceLine struct {
	Amount   canteen.Cents
	Meals    int
	HasMeals bool // meals are paid for, so they can be counted
	Exempt   bool
	Alert    render.Message // says in words that the balance is low
}

// balanceLine words a balance against the thresholds of the low-credit notices
// (mission 22).
func balanceLine(a *store.AccountView, levels canteen.AlertLevels) BalanceLine {
	b := BalanceLine{Amount: a.Balance, Exempt: a.Exempt}
	b.Meals, b.HasMeals = a.Meals()
	switch {
	case a.Balance < 0:
		b.Alert = render.Msg("family.balance.negative")
	case !b.HasMeals:
	case levels.Below(canteen.AlertEmpty, a.Balance, a.Price):
		b.Alert = render.Msg("family.balance.empty")
	case levels.Below(canteen.AlertLow, a.Balance, a.Price):
		b.Alert = render.Msg("family.balance.low")
	}
	return b
}

// familyHome is the family's front page.
func (s *Server) familyHome(w http.ResponseWriter, r *http.Request) error {
	p, err := s.familyHomePage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "family/home", p)
}

func (s *Server) familyHomePage(r *http.Request) (p FamilyHomePage, err error) {
	kids, err := s.childrenOf(r, nearDays)
	if err == nil && kids.needFar() {
		kids, err = s.childrenOf(r, farDays)
	}
	if err != nil {
		return p, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return p, err
	}
	p = FamilyHomePage{Page: s.newPage(r, "family.home.title"), Notices: kids.notices()}
	for i := range kids {
		p.Children = append(p.Children, s.childCard(kids, &kids[i], &town))
	}
	p.Applications, err = s.applicationsUnderWay(r)
	return p, err
}

// applicationsUnderWay lists the applications of a family that have no answer yet.
func (s *Server) applicationsUnderWay(r *http.Request) (cards []ApplicationCard, err error) {
	all, err := s.store.Applications(act(r))
	for i := range all {
		if a := &all[i]; a.State != canteen.Validated && a.State != canteen.Withdrawn {
			cards = append(cards, s.applicationCard(a))
		}
	}
	return cards, err
}

// needFar tells whether what was read is not enough for some child: a class with
// few canteen days, or a closure that goes on beyond it.
func (c children) needFar() bool {
	for i := range c {
		if !enrolled(&c[i]) {
			continue
		}
		last := &c[i].Days[len(c[i].Days)-1]
		if len(nextService(c[i].Days)) < stripDays || last.State == canteen.DayVoid && exceptional(last.Closure) {
			return true
		}
	}
	return false
}

// enrolled tells whether a child has a place today, with its days read.
func enrolled(f *store.FamilyPupil) bool { return f.Days[0].Class != "" }

// nextService returns the days after today on which a child has a meal or has
// cancelled it, at most as many as the strip shows.
func nextService(days []store.PupilDayView) (next []store.PupilDayView) {
	for i := 1; i < len(days) && len(next) < stripDays; i++ {
		if days[i].State != canteen.DayVoid {
			next = append(next, days[i])
		}
	}
	return next
}

func (s *Server) childCard(kids children, f *store.FamilyPupil, town *store.Town) ChildCard {
	handle := f.Pupil.Handle
	c := ChildCard{ID: "c-" + handle, Name: kids.name(f)}
	if f.May(canteen.RightPay) {
		c.Account, c.AccountURL = balanceLine(&f.Account, town.Levels), s.to("family.account")+"?alunno="+handle
	}
	today := &f.Days[0]
	if enrolled(f) {
		c.Place = childPlace(f)
	}
	c.Today = s.todayPanel(f, today, town.Diets)
	next := nextService(f.Days)
	for i := range next {
		d := &next[i]
		c.Next = append(c.Next, StripDay{d.Day, mealState(d.Meal), s.to("family.day", handle, d.Day.String())})
	}
	if !f.May(canteen.RightCancel) {
		return c
	}
	if today.Change {
		left := s.countdown(today.Cutoff.At)
		c.Cutoff, c.Acts = &left, s.actsOn(handle, today, labelsToday)
		return c
	}
	if today.State != canteen.DayVoid {
		c.Passed, c.Deadline = true, render.Msg("family.home.passed", today.Cutoff.At)
	}
	for i := range next {
		if next[i].Change {
			labels := labelsDay
			if next[i].Day == today.Day.AddDays(1) {
				labels = labelsTomorrow
			}
			c.Acts = s.actsOn(handle, &next[i], labels)
			break
		}
	}
	return c
}

// actLabels name the acts on one day, so that each language has whole sentences.
type actLabels struct{ absence, white, backAbsence, backWhite string }

var (
	labelsToday    = actLabels{"family.do.absence.today", "family.do.white.today", "family.do.back.today", "family.do.unwhite.today"}
	labelsTomorrow = actLabels{"family.do.absence.tomorrow", "family.do.white.tomorrow", "family.do.back.tomorrow", "family.do.unwhite.tomorrow"}
	labelsDay      = actLabels{"family.do.absence.day", "family.do.white.day", "family.do.back.day", "family.do.unwhite.day"}
)

// actsOn are the acts a day still allows: what stands can be taken back, a plain
// meal can be cancelled or asked in bianco.
func (s *Server) actsOn(handle string, d *store.PupilDayView, l actLabels) []CardAct {
	one := func(label, verb string, white bool) CardAct {
		ask := familyRequest{handles: []string{handle}, verb: verb, from: d.Day, to: d.Day}
		return CardAct{Label: render.Msg(label, d.Day), URL: s.to("family.preview") + "?" + ask.query(), White: white}
	}
	switch d.Meal {
	case canteen.MealAbsent:
		return []CardAct{one(l.backAbsence, verbBack, false)}
	case canteen.MealWhite:
		return []CardAct{one(l.absence, verbAbsence, false), one(l.backWhite, verbBack, false)}
	}
	return []CardAct{one(l.absence, verbAbsence, false), one(l.white, verbWhite, true)}
}

func (s *Server) todayPanel(f *store.FamilyPupil, d *store.PupilDayView, diets []canteen.Diet) TodayPanel {
	p := TodayPanel{Meal: mealState(d.Meal)}
	switch p.Meal {
	case render.MealEats:
		p.Title, p.Dishes = render.Msg("family.today.eats"), dishLine(d.Dishes)
	case render.MealDiet:
		p.Title, p.Dishes = render.Msg("family.today.diet", dietName(diets, d.Diet)), dishLine(d.Dishes)
	case render.MealWhite:
		p.Title = render.Msg("family.today.white")
	case render.MealAbsent:
		p.Title = render.Msg("family.today.absent")
	default:
		p.Title, p.Why = render.Msg("family.today.none"), closureReason(d.Closure)
		if !enrolled(f) {
			p.Why = render.Msg("family.today.noClass")
		}
		return p
	}
	if d.Current != nil {
		p.Said = saidWhen(d)
		p.Receipt, p.ReceiptURL = d.Current.Receipt.String(), s.receiptURL(f.Pupil.Handle, d.Current.Receipt)
	}
	return p
}

// saidWhen says when a standing communication was received: the hour alone when
// it was on the day itself.
func saidWhen(d *store.PupilDayView) render.Message {
	at, day := d.Current.Received, canteen.DateOf(d.Current.Received)
	switch {
	case d.Current.Kind == canteen.White && day == d.Day:
		return render.Msg("family.today.whiteAt", at)
	case d.Current.Kind == canteen.White:
		return render.Msg("family.today.whiteOn", day, at)
	case day == d.Day:
		return render.Msg("family.today.absentAt", at)
	}
	return render.Msg("family.today.absentOn", day, at)
}
