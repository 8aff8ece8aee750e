package handlers

import (
	"cmp"
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/handlers/render"
)

// OfficeTariffsPage is every tariff, the one in force first. Page name
// "office/tariffs".
type OfficeTariffsPage struct {
	render.Page
	Tariffs []OfficeTariffLine
}

// OfficeTariffLine is a tariff and where it stands.
type OfficeTariffLine struct {
	canteen.Tariff
	InForce bool
	ToCome  bool
	Until   canteen.Date // the last day; zero for the last tariff
}

func (s *Server) officeTariffs(w http.ResponseWriter, r *http.Request) error {
	town, err := s.store.Town(act(r))
	if err != nil {
		return err
	}
	p := OfficeTariffsPage{Page: s.newPage(r, "office.tariffs.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.tariffs.title"})}
	today := s.today()
	now, _ := canteen.TariffOn(town.Tariffs, today)
	sorted := slices.Clone(town.Tariffs)
	slices.SortFunc(sorted, func(a, b canteen.Tariff) int { return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(b.ID, a.ID)) })
	var next canteen.Date
	for _, t := range sorted {
		if t.From == next {
			continue // replaced before it began: a later one starts on the same day
		}
		line := OfficeTariffLine{Tariff: t, InForce: now != nil && now.ID == t.ID, ToCome: t.From > today}
		if !next.IsZero() {
			line.Until = next.AddDays(-1)
		}
		p.Tariffs, next = append(p.Tariffs, line), t.From
	}
	slices.SortStableFunc(p.Tariffs, func(a, b OfficeTariffLine) int { return cmp.Compare(a.order(), b.order()) })
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/tariffs", p)
}

// order puts the tariff in force first, then those to come, then the past.
func (l OfficeTariffLine) order() int {
	switch {
	case l.InForce:
		return 0
	case l.ToCome:
		return 1
	}
	return 2
}
