package canteen

import "testing"

// TestAlertLevels_Step walks an account down and up again: one notice for each
// crossing, the gravest when one entry falls through several, and ready again
// only when the balance is back above (mission 22).
func TestAlertLevels_Step(t *testing.T) {
	levels, price := DefaultAlertLevels, Cents(2_70)
	var spoken Spoken
	for i, step := range []struct {
		balance Cents
		lowers  bool
		want    Alert
	}{
		{20_00, false, 0},
		{8_11, true, 0},
		{8_10, true, 0}, // three meals exactly are not less than three
		{8_09, true, AlertLow},
		{5_40, true, 0},
		{2_70, true, 0},
		{0, true, AlertEmpty},
		{-2_70, true, 0},
		{-15_00, true, 0}, // the level itself is not below it
		{-15_01, true, AlertDebt1},
		{-10_00, false, 0}, // a small payment wakes the debt alert only
		{-16_00, true, AlertDebt1},
		{30_00, false, 0},
		{-60_00, true, AlertDebt2}, // through four thresholds at once: the gravest speaks
		{-61_00, true, 0},
		{8_10, false, 0},
		{8_00, true, AlertLow},
		{9_00, false, 0},
		{8_00, false, 0}, // only what lowers the balance speaks
		{7_00, true, AlertLow},
	} {
		var fired Alert
		fired, spoken = levels.Step(spoken, step.balance, price, step.lowers)
		if fired != step.want {
			t.Errorf("step %d, balance %s: alert %q, want %q", i, step.balance, fired, step.want)
		}
	}
}

// TestAlertLevels_aDearerMealIsNoticed: the threshold moves with the price, and
// a family that was above the old one and is below the new one hears of it.
func TestAlertLevels_aDearerMealIsNoticed(t *testing.T) {
	levels := DefaultAlertLevels
	fired, spoken := levels.Step(0, 8_50, 2_70, true)
	if fired != 0 {
		t.Fatalf("8,50 with meals of 2,70: %q, want silence", fired)
	}
	if fired, _ = levels.Step(spoken, 5_50, 3_00, true); fired != AlertLow {
		t.Errorf("5,50 with meals of 3,00: %q, want low", fired)
	}
}

func TestAlertLevels_unsetDebtIsSilent(t *testing.T) {
	levels := AlertLevels{Meals: 3}
	if fired, _ := levels.Step(0, -1000_00, 2_70, true); fired != AlertEmpty {
		t.Errorf("without debt levels: %q, want empty", fired)
	}
}
