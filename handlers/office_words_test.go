package handlers

import (
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// TestEveryWordPickedInGoIsInTheCatalogue covers the keys that no template
// names: those are looked for when the program starts, these only here.
func TestEveryWordPickedInGoIsInTheCatalogue(t *testing.T) {
	s := newTestServer(t)
	var keys []string
	for kind := canteen.OutOfService; kind <= canteen.OffWeekday; kind++ {
		keys = append(keys, closureMessage(canteen.Closure{Kind: kind}).Key)
		if kind != canteen.OutOfService && kind != canteen.OffWeekday {
			keys = append(keys, closureMessage(canteen.Closure{Kind: kind, Reason: "neve"}).Key)
		}
	}
	for layer := canteen.Nation; layer <= canteen.ClassLayer; layer++ {
		keys = append(keys, "office.layer."+layer.String())
	}
	for state := canteen.Draft; state <= canteen.Withdrawn; state++ {
		keys = append(keys, "office.enrolment."+state.String())
	}
	for _, kind := range []canteen.EntryKind{canteen.EntryOpening, canteen.EntryOutside, canteen.EntryReversal, canteen.EntryAdjustment} {
		keys = append(keys, movementMessage(store.AccountLine{Kind: kind}).Key)
	}
	for meal := canteen.MealStandard; meal <= canteen.MealDiet; meal++ {
		keys = append(keys, movementMessage(store.AccountLine{Kind: canteen.EntryCharge, Meal: meal}).Key)
		if meal != canteen.MealStandard {
			keys = append(keys, movementMessage(store.AccountLine{Kind: canteen.EntryCharge, Meal: meal, Diet: "G1"}).Key)
		}
	}
	for n := 1; n <= lastAllergen; n++ {
		keys = append(keys, allergenOf(n).Name)
	}
	rate, payment := newRateForm(1), newPaymentForm("")
	for _, f := range append(rate.fields(), payment.fields()...) {
		keys = append(keys, f.Label)
		for _, option := range f.Options {
			keys = append(keys, option.Text)
		}
	}
	for _, key := range keys {
		if !s.web.catalog.Has(key) {
			t.Errorf("%q is in no catalogue", key)
		}
	}
}
