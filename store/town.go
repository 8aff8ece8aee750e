package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// town is the reference data every question needs: places, calendar, tariffs,
// diets, the tokens of the API. It is small, changes rarely and is kept decoded; a generation number
// in the file says whether a copy is still that of the transaction at hand.
type town struct {
	generation uint64
	kitchens   []canteen.Kitchen // by name
	schools    []canteen.School  // by name
	classes    []canteen.Class   // by school, year, grade, section
	byKitchen  map[canteen.KitchenID]*canteen.Kitchen
	bySchool   map[canteen.SchoolID]*canteen.School
	byCode     map[string]*canteen.School
	byClass    map[canteen.ClassID]*canteen.Class
	bySeat     map[classSeat]*canteen.Class
	ofSchool   map[canteen.SchoolID][]*canteen.Class
	calendar   canteen.Calendar
	tariffs    []canteen.Tariff
	diets      map[string]canteen.Diet
	levels     canteen.AlertLevels
	dietRules  canteen.DietRules
	menus      []canteen.Menu
	tokens     map[string]Token // by the hash of the secret
}

// classSeat is how people name a class.
type classSeat struct {
	school         canteen.SchoolID
	year           string
	grade, section string
}

// townNow returns the reference data of this transaction.
func (tx *tx) townNow() *town {
	if tx.seen != nil {
		return tx.seen
	}
	var generation uint64
	if v := tx.get(metas, keyGeneration); len(v) == 8 {
		generation = be.Uint64(v)
	}
	kept := tx.s.town.Load()
	if kept != nil && kept.generation == generation && !tx.stale {
		tx.seen = kept
		return kept
	}
	tx.seen = tx.loadTown(generation)
	newer := kept == nil || kept.generation < generation // a read that began long ago sees an older town
	if newer && !tx.stale && !tx.b.Writable() && tx.err == nil {
		tx.s.town.CompareAndSwap(kept, tx.seen)
	}
	return tx.seen
}

// changed marks reference data as changed; every writer of such a table calls it.
func (tx *tx) changed() {
	if !tx.stale {
		var generation uint64
		if v := tx.get(metas, keyGeneration); len(v) == 8 {
			generation = be.Uint64(v)
		}
		tx.put(metas, keyGeneration, key64(generation+1))
	}
	tx.stale, tx.seen = true, nil
}

func (tx *tx) loadTown(generation uint64) *town {
	t := &town{generation: generation,
		byKitchen: map[canteen.KitchenID]*canteen.Kitchen{}, bySchool: map[canteen.SchoolID]*canteen.School{},
		byCode: map[string]*canteen.School{}, byClass: map[canteen.ClassID]*canteen.Class{},
		bySeat: map[classSeat]*canteen.Class{}, ofSchool: map[canteen.SchoolID][]*canteen.Class{},
		diets: map[string]canteen.Diet{}, tokens: map[string]Token{}}
	t.kitchens = loadAll[canteen.Kitchen](tx, kitchens)
	t.schools = loadAll[canteen.School](tx, schools)
	t.classes = loadAll[canteen.Class](tx, classes)
	t.tariffs = loadAll[canteen.Tariff](tx, tariffs)
	t.calendar.Years = loadAll[canteen.SchoolYear](tx, years)
	t.calendar.Rules = loadAll[canteen.DayRule](tx, rules)
	t.menus = loadAll[canteen.Menu](tx, menus)
	for _, d := range loadAll[canteen.Diet](tx, diets) {
		t.diets[d.Code] = d
	}
	tx.scan(tokens, nil, func(k, v []byte) bool {
		var token Token
		if tx.decode(tokens, k, v, &token) {
			t.tokens[string(k)] = token
		}
		return true
	})
	tx.getJSON(settings, []byte(settingLevels), &t.levels)
	t.dietRules = canteen.DefaultDietRules()
	tx.getJSON(settings, []byte(settingDiets), &t.dietRules)
	t.sort()
	for i := range t.kitchens {
		t.byKitchen[t.kitchens[i].ID] = &t.kitchens[i]
	}
	for i := range t.schools {
		t.bySchool[t.schools[i].ID], t.byCode[t.schools[i].Code] = &t.schools[i], &t.schools[i]
	}
	for i := range t.classes {
		c := &t.classes[i]
		t.byClass[c.ID] = c
		t.bySeat[classSeat{c.School, c.Year, c.Grade, c.Section}] = c
		t.ofSchool[c.School] = append(t.ofSchool[c.School], c)
	}
	return t
}

func (t *town) sort() {
	slices.SortFunc(t.kitchens, func(a, b canteen.Kitchen) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(t.schools, func(a, b canteen.School) int {
		return cmp.Or(cmp.Compare(stageOrder(a.Stage), stageOrder(b.Stage)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(t.classes, func(a, b canteen.Class) int {
		return cmp.Or(cmp.Compare(a.School, b.School), cmp.Compare(a.Year, b.Year),
			cmp.Compare(a.Grade, b.Grade), cmp.Compare(a.Section, b.Section))
	})
}

func stageOrder(s canteen.Stage) int {
	return slices.Index([]canteen.Stage{canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}, s)
}

// loadAll decodes every record of a JSON table.
func loadAll[T any](tx *tx, t table) []T {
	var all []T
	tx.scan(t, nil, func(k, v []byte) bool {
		var one T
		if tx.decode(t, k, v, &one) {
			all = append(all, one)
		}
		return true
	})
	return all
}

// classesOn returns the classes of a school in the school year of a day.
func (t *town) classesOn(s canteen.SchoolID, day canteen.Date) []*canteen.Class {
	year := canteen.YearOf(day)
	var of []*canteen.Class
	for _, c := range t.ofSchool[s] {
		if c.Year == year {
			of = append(of, c)
		}
	}
	return of
}

// scope names a class in a calendar rule: "FGEE82001P 1A".
func (t *town) scope(c *canteen.Class) string {
	return t.bySchool[c.School].Code + " " + c.Name()
}

// cutoffRule returns the time of day that holds for a school and how far it
// may be extended.
func (t *town) cutoffRule(s *canteen.School) (at, limit canteen.ClockTime) {
	k := t.byKitchen[s.Kitchen]
	at, limit = k.Cutoff, k.Limit
	if s.Cutoff != 0 {
		at = s.Cutoff
	}
	return at, max(at, limit)
}

// The writers of reference data: one per noun, nobody else puts into these
// tables.

func (tx *tx) putKitchen(k canteen.Kitchen) {
	tx.putJSON(kitchens, key16(uint16(k.ID)), k)
	tx.changed()
}

func (tx *tx) putSchool(s canteen.School) {
	tx.putJSON(schools, key16(uint16(s.ID)), s)
	tx.changed()
}

func (tx *tx) putClass(c canteen.Class) {
	tx.putJSON(classes, key32(uint32(c.ID)), c)
	tx.changed()
}

func (tx *tx) putDiet(d canteen.Diet) {
	tx.putJSON(diets, []byte(d.Code), d)
	tx.changed()
}

func (tx *tx) putTariff(t canteen.Tariff) {
	tx.putJSON(tariffs, key16(t.ID), t)
	tx.changed()
}

func (tx *tx) putYear(y canteen.SchoolYear) {
	tx.putJSON(years, []byte(y.Name), y)
	tx.changed()
}

func (tx *tx) putToken(hash []byte, t Token) {
	tx.putJSON(tokens, hash, t)
	tx.changed()
}

func (tx *tx) putSetting(name string, v any) {
	tx.putJSON(settings, []byte(name), v)
	tx.changed()
}

// settingLevels names the thresholds of the low-credit notices.
const settingLevels = "alert-levels"

// settingNames lists every setting the table may hold.
var settingNames = []string{
	settingLevels,
	settingDeskHours,
	settingFactor,
	settingDebtRules,
	settingAccessAnchor,
	settingPeriods,
	settingEnrolment,
	settingDiets,
	settingVault,
}

// kitchenCode makes the short word a kitchen has in addresses from its name.
func kitchenCode(name string, taken func(string) bool) string {
	var b strings.Builder
	for _, r := range canteen.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	word := strings.TrimPrefix(strings.Trim(b.String(), "-"), "centro-di-cottura-")
	if word == "" {
		word = "cucina"
	}
	code := word
	for n := 2; taken(code); n++ {
		code = word + "-" + strconv.Itoa(n)
	}
	return code
}
