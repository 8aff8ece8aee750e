package demo

import (
	"fmt"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// wish is how a family asks for a diet, and under what the officer approves it.
type wish struct {
	kind     canteen.DietKind
	category canteen.DietCategory
	words    string
}

var wishes = map[string]wish{
	"G1": {canteen.DietHealth, canteen.DietCoeliac, "Celiachia diagnosticata in ospedale: niente glutine, nemmeno tracce."},
	"L1": {canteen.DietHealth, canteen.DietAllergy, "È allergica alle proteine del latte, anche in piccole quantità."},
	"U1": {canteen.DietHealth, canteen.DietAllergy, "Allergia all'uovo, crudo e cotto."},
	"N1": {canteen.DietHealth, canteen.DietAllergy, "Allergia a noci, nocciole e arachidi: portiamo a scuola il farmaco salvavita."},
	"F1": {canteen.DietHealth, canteen.DietFavism, "Favismo: niente fave né piselli, nemmeno nelle vellutate."},
	"R1": {canteen.DietEthical, canteen.DietBelief, "In famiglia non mangiamo carne di maiale."},
	"V1": {canteen.DietEthical, canteen.DietBelief, "In famiglia non mangiamo carne né pesce."},
}

// How many approved requests there are beside those of the leaflet, and when the
// two with a past end: one soon, one some days ago.
const (
	plainDiets   = 9
	dietEndsIn   = 19
	dietEndedAgo = 4
)

// planDiets are the requests behind the diets: of the families of the leaflet, of
// some others, two that end, two that wait for the officer. The diets of the rest
// of the town came with the import, as in a service that begins.
func (b *builder) planDiets() {
	day := 60
	for _, f := range b.census.families[:len(showcases)] {
		for _, one := range f.children {
			if one.diet != "" && one.enrolled(0) {
				b.planDiet(one, day, 0)
				day--
			}
		}
	}
	ends := []canteen.Date{b.today.AddDays(-dietEndedAgo), b.today.AddDays(dietEndsIn)}
	others := 0
	for _, f := range b.census.families[len(showcases):] {
		for _, one := range f.children {
			if one.diet == "" || others >= plainDiets || !one.enrolled(0) {
				continue
			}
			until := canteen.Date(0)
			if len(ends) > 0 && wishes[one.diet].kind == canteen.DietHealth && wishes[one.diet].category != canteen.DietCoeliac {
				until, ends = ends[0], ends[1:]
			}
			b.planDiet(one, day-others, until)
			others++
		}
	}
	for _, ago := range []int{dietEndedAgo - 1, 0} {
		b.plan(b.today.AddDays(-ago).At(2*60+10), "night of the diets", func() error {
			_, _, err := b.store.RunDiets(store.Job())
			return err
		})
	}
	b.planOpenDiets()
}

// planDiet has a family ask for the diet its child has, and the officer approve
// it two days later until a day, 0 for as long as can be.
func (b *builder) planDiet(one *child, ago int, until canteen.Date) {
	w := wishes[one.diet]
	handle := b.planWish(b.workday(ago, 19*60+25), one, w)
	b.plan(b.workday(ago-2, 10*60+40), "approval", func() error {
		d := store.DietDecision{Step: canteen.DietApprove, Code: one.diet, Category: w.category}
		if b.eatsBy(one, until) {
			d.Until = until
		}
		return b.store.DecideDiet(officer, *handle, d)
	})
}

// eatsBy tells whether a meal of a child can still be cooked for a diet that ends
// on a day.
func (b *builder) eatsBy(one *child, until canteen.Date) bool {
	class := one.path[0]
	first, ok := b.life.calendar.NextService(canteen.DateOf(b.clock.now()).AddDays(1), class.school.code, class.scope(), class.weekdays)
	return ok && first <= until
}

// planWish has a family write what it needs, and send it.
func (b *builder) planWish(at time.Time, one *child, w wish) (handle *string) {
	handle = new(string)
	by := one.guardians[0]
	b.plan(at, "diet of "+one.pan.String(), func() (err error) {
		ask := store.DietAsk{Kind: w.kind, Asked: w.words}
		if w.kind == canteen.DietHealth {
			ask.Document = certificateFor(one, b.clock.now())
		}
		if *handle, err = b.store.OpenDiet(by.act(), one.pan, ask); err != nil {
			return fmt.Errorf("open: %w", err)
		}
		b.clock.set(b.notAfterNow(b.clock.now().Add(3 * time.Minute)))
		_, err = b.store.SendDiet(by.act(), *handle)
		return err
	})
	return handle
}

// planOpenDiets are the requests on the officer's table.
func (b *builder) planOpenDiets() {
	if mother := b.guardian("francesca.marino"); mother != nil {
		for _, one := range b.firstChildOf(mother).family.children {
			if one.name == "Pietro" && one.enrolled(0) {
				handle := b.planWish(b.workday(2, 20*60+48), one, wish{canteen.DietHealth, canteen.DietAllergy,
					"Pietro ha avuto una reazione alle nocciole: l'allergologa chiede di togliere tutta la frutta a guscio."})
				b.plan(b.workday(1, 10*60+25), "the officer reads", func() error {
					_, err := b.store.Certificate(officer, *handle, store.CertificateReasons[0])
					return err
				})
			}
		}
	}
	for _, f := range b.census.families[len(showcases):] {
		if one := f.children[0]; f.from.noPork && one.diet == "" && one.enrolled(0) {
			b.planWish(b.workday(1, 19*60+2), one, wishes[dietNoPork])
			return
		}
	}
}
