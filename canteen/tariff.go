package canteen

// Residence is the condition a rate sets on where the pupil lives.
type Residence string

// The conditions on residence; the empty one asks nothing.
const (
	AnyResidence Residence = ""
	Inside       Residence = "inside"
	Outside      Residence = "outside"
)

// Rate is one line of a tariff: the price of a meal when every condition it
// sets holds. An empty condition asks nothing. A price of 0 is an exemption.
type Rate struct {
	Stage     Stage     `json:"stage,omitempty"`
	Band      string    `json:"band,omitempty"`
	Residence Residence `json:"residence,omitempty"`
	Rank      uint8     `json:"rank,omitempty"` // this place among the siblings in the service, or later
	Price     Cents     `json:"price"`
	Note      string    `json:"note,omitempty"`
}

func (r *Rate) holds(stage Stage, s Seat) bool {
	if r.Stage != "" && r.Stage != stage || r.Band != "" && r.Band != s.Band || r.Rank > s.Rank {
		return false
	}
	return r.Residence == AnyResidence || (r.Residence == Outside) == s.Outside
}

// Tariff is the price list a municipal act puts in force from a day (mission
// 18, rules R8.1). Its rates are read from the top: the first that holds is
// the price, so an official can follow it with a finger.
type Tariff struct {
	ID      uint16 `json:"id"`
	From    Date   `json:"from"`
	Act     string `json:"act"`
	ActDate Date   `json:"act_date,omitempty"`
	Rates   []Rate `json:"rates"`
}

// BandExempt is the band that a new tariff exempts.
const BandExempt = "ESENTE"

// DefaultTariff is the tariff of a new file: 2,70 € a meal (seed letter) and
// an exemption by band name.
func DefaultTariff(from Date) Tariff {
	return Tariff{ID: 1, From: from, Rates: []Rate{{Band: BandExempt, Price: 0}, {Price: 270}}}
}

// Validate refuses a tariff that could leave a meal without a price or that
// nobody resolved.
func (t *Tariff) Validate() error {
	if t.From.IsZero() {
		return Invalid("from", "error.tariff.from")
	}
	if t.Act == "" {
		return Invalid("act", "error.tariff.act")
	}
	if len(t.Rates) == 0 || len(t.Rates) > 250 {
		return Invalid("rates", "error.tariff.rates")
	}
	for _, r := range t.Rates {
		if r.Price < 0 || r.Price > 100_00 {
			return Invalid("rates", "error.tariff.price", r.Price.String())
		}
	}
	last := t.Rates[len(t.Rates)-1]
	if last.Stage != "" || last.Band != "" || last.Residence != AnyResidence || last.Rank != 0 {
		return Invalid("rates", "error.tariff.last")
	}
	return nil
}

// Price returns the price of a meal and the place of the rate it comes from.
func (t *Tariff) Price(stage Stage, s Seat) (price Cents, rate int) {
	for i := range t.Rates {
		if t.Rates[i].holds(stage, s) {
			return t.Rates[i].Price, i
		}
	}
	panic("canteen: a tariff without a last unconditional rate was put in force")
}

// TariffOn returns the tariff in force on a day: the one that starts last
// among those that have started. The list is in no particular order.
func TariffOn(list []Tariff, day Date) (*Tariff, bool) {
	var best *Tariff
	for i := range list {
		if t := &list[i]; t.From <= day && (best == nil || t.From > best.From || t.From == best.From && t.ID > best.ID) {
			best = t
		}
	}
	return best, best != nil
}
