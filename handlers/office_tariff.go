package handlers

import (
	"net/http"
	"slices"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficeTariffPage adds a tariff, in two steps: what it will do to whom, then the
// confirmation. Page name "office/tariff".
type OfficeTariffPage struct {
	render.Page
	FormID             string
	From, Act, ActDate render.Field
	Rates              []RateForm
	Preview            *store.TariffEffect // nil before the first step
	Tariff             canteen.Tariff      // when Preview is set
	Old, New           canteen.Cents       // a meal for every pupil, before and after
	Pupils             int
}

// RateForm is one line of a tariff: the price of a meal when every condition
// holds. A line without a price is left out.
type RateForm struct {
	Number                              int // from 1
	Stage, Band, Residence, Rank, Price render.Field
}

func (f *RateForm) fields() officeForm {
	return officeForm{&f.Stage, &f.Band, &f.Residence, &f.Rank, &f.Price}
}

// blankRates is how many empty lines a form offers; doMore asks for as many more.
const (
	blankRates = 3
	maxRates   = 250
	maxRank    = 9
	doMore     = "more"
)

var rateStages = []canteen.Stage{"", canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}

func newRateForm(n int) RateForm {
	suffix := "-" + strconv.Itoa(n)
	f := RateForm{Number: n,
		Stage:     render.Field{Name: "stage" + suffix, Type: render.TypeSelect, Label: "office.rate.stage", Optional: true},
		Band:      render.Field{Name: "band" + suffix, Label: "office.rate.band", MaxLength: canteen.MaxCode, Optional: true},
		Residence: render.Field{Name: "residence" + suffix, Type: render.TypeSelect, Label: "office.rate.residence", Optional: true},
		Rank:      render.Field{Name: "rank" + suffix, Type: render.TypeSelect, Label: "office.rate.rank", Optional: true},
		Price:     render.Field{Name: "price" + suffix, Label: "office.rate.price", InputMode: "decimal", MaxLength: 10, Optional: true}}
	for _, stage := range rateStages {
		f.Stage.Options = append(f.Stage.Options, render.Option{Value: string(stage), Text: "office.stage." + string(stage)})
	}
	for _, residence := range []canteen.Residence{canteen.AnyResidence, canteen.Inside, canteen.Outside} {
		f.Residence.Options = append(f.Residence.Options, render.Option{Value: string(residence), Text: "office.residence." + string(residence)})
	}
	f.Rank.Options = []render.Option{{Value: "", Text: "office.rank."}}
	for rank := 1; rank <= 4; rank++ {
		text := strconv.Itoa(rank)
		f.Rank.Options = append(f.Rank.Options, render.Option{Value: text, Text: "office.rank." + text})
	}
	return f
}

// show puts a rate into a line.
func (f *RateForm) show(rate canteen.Rate) {
	pick(&f.Stage, string(rate.Stage))
	pick(&f.Residence, string(rate.Residence))
	f.Band.Value, f.Price.Value = rate.Band, rate.Price.String()
	if rate.Rank > 0 {
		pick(&f.Rank, strconv.Itoa(int(rate.Rank)))
	}
}

// parse reads a line; ok is false for one that is empty.
func (f *RateForm) parse() (rate canteen.Rate, ok bool) {
	if f.Price.Value == "" {
		if f.Stage.Value+f.Band.Value+f.Residence.Value+f.Rank.Value != "" {
			f.Price.Error = render.Msg("error.required")
		}
		return rate, false
	}
	rate.Price = fieldOf(&f.Price, canteen.ParseCents)
	rate.Band = fieldOf(&f.Band, func(text string) (string, error) { return canteen.ParseCode("", text) })
	rate.Stage = fieldOf(&f.Stage, canteen.ParseStage)
	rate.Rank = uint8(fieldOf(&f.Rank, parseRank))
	rate.Residence = fieldOf(&f.Residence, parseResidence)
	return rate, true
}

func parseRank(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxRank {
		return 0, canteen.Invalid("", "error.form")
	}
	return n, nil
}

func parseResidence(text string) (canteen.Residence, error) {
	residence := canteen.Residence(text)
	if residence != canteen.Inside && residence != canteen.Outside {
		return "", canteen.Invalid("", "error.form")
	}
	return residence, nil
}

func (p *OfficeTariffPage) fields() officeForm {
	form := officeForm{&p.From, &p.Act, &p.ActDate}
	for i := range p.Rates {
		form = append(form, p.Rates[i].fields()...)
	}
	return form
}

func (s *Server) newTariffPage(r *http.Request) *OfficeTariffPage {
	return &OfficeTariffPage{Page: s.newPage(r, "office.tariff.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.tariffs.title", URL: s.to("office.tariffs")}, render.Crumb{Label: "office.tariff.title"}),
		FormID:  newFormID(),
		From:    render.Field{Name: "from", Type: render.TypeDate, Label: "office.tariff.from", Hint: "office.tariff.fromHint", Short: true},
		Act:     render.Field{Name: "act", Label: "office.tariff.act", Hint: "office.tariff.actHint", MaxLength: 120},
		ActDate: render.Field{Name: "actDate", Type: render.TypeDate, Label: "office.tariff.actDate", Short: true}}
}

// offer adds empty lines.
func (p *OfficeTariffPage) offer(n int) {
	for range n {
		if len(p.Rates) < maxRates {
			p.Rates = append(p.Rates, newRateForm(len(p.Rates)+1))
		}
	}
}

// officeTariff offers the lines of the tariff in force, to be changed.
func (s *Server) officeTariff(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p := s.newTariffPage(r)
	if now, ok := canteen.TariffOn(town.Tariffs, s.today()); ok {
		for i, rate := range now.Rates {
			p.offer(1)
			p.Rates[i].show(rate)
		}
	}
	p.offer(blankRates)
	return s.page(w, r, http.StatusOK, "office/tariff", p)
}

func (s *Server) officeTariffSave(w http.ResponseWriter, r *http.Request) error {
	p := s.newTariffPage(r)
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	for n := 1; n <= maxRates && r.PostForm.Has("price-"+strconv.Itoa(n)); n++ {
		p.offer(1)
	}
	form := p.fields()
	var err error
	if p.FormID, err = form.read(r); err != nil {
		return err
	}
	if r.PostForm.Get("do") == doMore {
		p.offer(blankRates)
		return s.page(w, r, http.StatusOK, "office/tariff", p)
	}
	tariff, ok := p.parse()
	if !ok {
		p.Problems = form.problems()
		return s.page(w, r, http.StatusUnprocessableEntity, "office/tariff", p)
	}
	if r.PostForm.Get("do") == doConfirm {
		if err = s.addTariff(r, tariff); err == nil {
			return s.officeDone(w, r, "flash.office.tariff", s.to("office.tariffs"))
		}
	} else if err = s.previewTariff(r, p, tariff); err == nil {
		return s.page(w, r, http.StatusOK, "office/tariff", p)
	}
	if err := form.refuse(&p.Page, err); err != nil {
		return err
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "office/tariff", p)
}

// previewTariff fills what a tariff would do.
func (s *Server) previewTariff(r *http.Request, p *OfficeTariffPage, tariff canteen.Tariff) error {
	effect, err := s.store.PreviewTariff(act(r), tariff)
	if err != nil {
		return err
	}
	p.Preview, p.Tariff = &effect, tariff
	for _, school := range effect.Schools {
		p.Old, p.New, p.Pupils = p.Old+school.Old, p.New+school.New, p.Pupils+school.Pupils
	}
	return nil
}

// addTariff adds a tariff, unless it is there already: a second click adds
// nothing.
func (s *Server) addTariff(r *http.Request, tariff canteen.Tariff) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	for _, have := range town.Tariffs {
		if have.From == tariff.From && have.Act == tariff.Act && have.ActDate == tariff.ActDate && slices.Equal(have.Rates, tariff.Rates) {
			return nil
		}
	}
	return s.store.AddTariff(formAct(r), tariff)
}

// parse reads the form. What is wrong with the lines as a whole is said by the
// record.
func (p *OfficeTariffPage) parse() (tariff canteen.Tariff, ok bool) {
	tariff.From, tariff.ActDate = fieldOf(&p.From, canteen.ParseDate), fieldOf(&p.ActDate, canteen.ParseDate)
	tariff.Act = p.Act.Value
	for i := range p.Rates {
		if rate, told := p.Rates[i].parse(); told {
			tariff.Rates = append(tariff.Rates, rate)
		}
	}
	p.fields().missing()
	return tariff, !p.fields().wrong()
}
