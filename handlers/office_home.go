package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeHomePage says what needs a hand today. Page name "office/home".
type OfficeHomePage struct {
	render.Page
	Day        store.DayStatus
	Left       render.Countdown
	DayURL     string
	Special    int
	Pupils     int // enrolled today
	Unattended []OfficeDayLink
	Tasks      []OfficeTask
	Runs       []OfficeRun
	Empty      bool // nothing was imported yet
}

// unattendedFirst is how many unattended days are in sight before one asks for
// the others.
const unattendedFirst = 5

// FirstUnattended are the oldest unattended days.
func (p OfficeHomePage) FirstUnattended() []OfficeDayLink {
	return p.Unattended[:min(len(p.Unattended), unattendedFirst)]
}

// MoreUnattended are the others.
func (p OfficeHomePage) MoreUnattended() []OfficeDayLink {
	return p.Unattended[len(p.FirstUnattended()):]
}

// OfficeDayLink leads to a day.
type OfficeDayLink struct {
	Day canteen.Date
	URL string
}

// OfficeTask is something to do. Count is how many of them; 0 when it is not a
// matter of number.
type OfficeTask struct {
	Count int
	Text  render.Message
	Note  string // in the words of the machine
	URL   string
}

// OfficeRun is the last run of a job.
type OfficeRun struct{ store.Run }

// Day is the civil day of the run.
func (r OfficeRun) Day() canteen.Date { return canteen.DateOf(r.At) }

// Name is the message key of the job's name.
func (r OfficeRun) Name() string { return "office.job." + r.Job }

// For is the day a run was for; 0 for a job that belongs to none.
func (r OfficeRun) For() canteen.Date {
	day, err := canteen.ParseDate(r.Period)
	if err != nil {
		return 0
	}
	return day
}

// The bounds of what the home page lists.
const (
	unattendedShown = 20
	unchargedBack   = 30 // days
)

func (s *Server) officeHome(w http.ResponseWriter, r *http.Request) error {
	p := OfficeHomePage{Page: s.newPage(r, "office.home.title")}
	today, a := s.today(), act(r)
	var err error
	if p.Day, err = s.store.Day(a, today); err != nil {
		return err
	}
	p.Left, p.DayURL, p.Special = s.countdown(p.Day.Cutoff.At), s.to("office.day", today.String()), specialMeals(p.Day.Counts)
	if p.Pupils, err = s.store.PupilsEnrolled(a, today); err != nil {
		return err
	}
	days, err := s.store.Unattended(a, unattendedShown)
	if err != nil {
		return err
	}
	for _, d := range days {
		p.Unattended = append(p.Unattended, OfficeDayLink{d, s.to("office.day", d.String())})
	}
	runs, err := s.store.LastRuns(a)
	if err != nil {
		return err
	}
	for _, run := range runs {
		p.Runs = append(p.Runs, OfficeRun{run})
	}
	if err := s.officeTasks(r, &p); err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/home", p)
}

// officeTasks gathers what is to be done, the most urgent first.
func (s *Server) officeTasks(r *http.Request, p *OfficeHomePage) error {
	a := act(r)
	if p.Day.State == canteen.DayClosing {
		p.Tasks = append(p.Tasks, OfficeTask{Text: render.Msg("office.task.closing", p.Day.Cutoff.At), URL: p.DayURL})
	}
	for _, run := range p.Runs {
		if run.Error != "" {
			p.Tasks = append(p.Tasks, OfficeTask{Text: render.Msg("office.task.run", s.catalog.T(p.Lang, run.Name()), run.At), Note: run.Error, URL: "#lavori"})
		}
	}
	uncharged, err := s.store.UnchargedDays(a, s.today().AddDays(-unchargedBack), s.today())
	if err != nil {
		return err
	}
	for _, d := range uncharged {
		p.Tasks = append(p.Tasks, OfficeTask{Text: render.Msg("office.task.uncharged", d), URL: s.to("office.day", d.String())})
	}
	waiting, since, err := s.store.WaitingMessages(a)
	if err != nil {
		return err
	}
	if waiting > 0 {
		p.Tasks = append(p.Tasks, OfficeTask{Count: waiting, Text: render.Msg("office.task.messages", waiting, canteen.DateOf(since))})
	}
	people, err := s.peopleTasks(r)
	if err != nil {
		return err
	}
	p.Tasks = append(p.Tasks, people...)
	town, err := s.store.Town(a)
	if err != nil {
		return err
	}
	p.Empty = len(town.Schools) == 0
	p.Tasks = append(p.Tasks, s.settingTasks(town)...)
	return nil
}

// settingTasks lists the settings a new service still has from its first day.
func (s *Server) settingTasks(town store.Town) (tasks []OfficeTask) {
	today := s.today()
	tariff, ok := canteen.TariffOn(town.Tariffs, today)
	if !ok || tariff.Act == "" {
		tasks = append(tasks, OfficeTask{Text: render.Msg("office.task.tariff"), URL: s.to("office.tariff")})
	}
	for _, y := range town.Years {
		if y.Name == canteen.YearOf(today) && (y.ServiceFrom.IsZero() || y.ServiceFrom == canteen.DefaultYear(today).ServiceFrom) {
			tasks = append(tasks, OfficeTask{Text: render.Msg("office.task.service", y.Name), URL: s.to("office.year") + "?anno=" + urlQuery(y.Name)})
		}
	}
	unexplained := 0
	for _, d := range town.Diets {
		if d.Excludes == "" {
			unexplained++
		}
	}
	if unexplained > 0 {
		tasks = append(tasks, OfficeTask{Count: unexplained, Text: render.Msg("office.task.diets", unexplained), URL: s.to("office.kitchens") + "#diete"})
	}
	return tasks
}
