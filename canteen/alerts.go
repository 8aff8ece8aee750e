package canteen

// Alert is a threshold a balance can fall through (mission 22).
type Alert uint8

// The alerts, from the mildest to the gravest.
const (
	AlertLow   Alert = 1 + iota // less than AlertMeals meals are left
	AlertEmpty                  // zero or below
	AlertDebt1                  // the debt levels of the office's setting
	AlertDebt2
	AlertDebt3
)

// String names the alert as messages and the API do.
func (a Alert) String() string {
	return [...]string{"", "low", "empty", "debt-1", "debt-2", "debt-3"}[a]
}

// AlertLevels are the thresholds the office sets. Debts are positive amounts,
// in growing order; 0 is no level.
type AlertLevels struct {
	Meals int      `json:"meals"`
	Debts [3]Cents `json:"debts"`
}

// DefaultAlertLevels are those of the seed letter (3 meals) and of rules R7.1.
var DefaultAlertLevels = AlertLevels{Meals: 3, Debts: [3]Cents{15_00, 50_00, 100_00}}

// Spoken remembers which alerts of an account have already spoken since the
// balance was last above them: bit a-1 is set when alert a has spoken. The zero
// value has every alert ready.
type Spoken uint8

// Below tells whether a balance lies under the threshold of an alert for a
// pupil whose meal costs price.
func (l *AlertLevels) Below(a Alert, balance, price Cents) bool {
	switch a {
	case AlertLow:
		return balance < price*Cents(l.Meals)
	case AlertEmpty:
		return balance <= 0
	default:
		level := l.Debts[a-AlertDebt1]
		return level > 0 && balance < -level
	}
}

// Step moves the alerts of an account to a new balance. It returns the gravest
// alert that speaks now (0: none): one notice for each crossing downwards,
// however many thresholds one entry falls through. An alert is ready again
// only when the balance is back above its threshold. Entries that raise the
// balance (lowers false) only make alerts ready.
func (l *AlertLevels) Step(spoken Spoken, balance, price Cents, lowers bool) (Alert, Spoken) {
	var fired Alert
	for a := AlertLow; a <= AlertDebt3; a++ {
		bit := Spoken(1) << (a - 1)
		switch below := l.Below(a, balance, price); {
		case !below:
			spoken &^= bit
		case lowers && spoken&bit == 0:
			spoken |= bit
			fired = a
		}
	}
	return fired, spoken
}
