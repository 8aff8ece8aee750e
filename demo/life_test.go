package demo

import (
	"testing"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// TestLife builds a town of the ordinary size with a month of history, once,
// and looks at it from all sides.
func TestLife(t *testing.T) {
	b := buildTown(t, optionsOf(t, DefaultPupils, 30))
	s := reopen(t, b)
	for name, look := range map[string]func(*testing.T, *builder, *store.Store){
		"families speak as often as in life":   speaksAsInLife,
		"accounts end as in life":              endsAsInLife,
		"receipts say who, when and by what":   hasReceiptsOfAllSorts,
		"this morning is alive":                isAliveThisMorning,
		"a school was on strike":               hadAStrike,
		"the showcases are what they show":     showsItsShowcases,
		"the staff can do its work":            hasItsStaff,
		"nobody but its own is on the leaflet": hasItsPeopleOnTheLeaflet,
	} {
		t.Run(name, func(t *testing.T) { look(t, b, s) })
	}
}

func speaksAsInLife(t *testing.T, b *builder, s *store.Store) {
	var enrolled, absent, white, monday, tuesday [2]int
	for _, day := range b.days {
		status, err := s.Day(office, day)
		if err != nil {
			t.Fatal(err)
		}
		c := status.Counts
		if status.State != canteen.DayClosed {
			t.Errorf("%s: got state %s, want closed", day, status.State)
		}
		between(t, day.String()+": absent, %", percent(c.Absent, c.Enrolled), 3.5, 14)
		enrolled[0] += c.Enrolled
		absent[0] += c.Absent
		white[0] += c.White
		switch day.Weekday() {
		case time.Monday:
			monday[0], monday[1] = monday[0]+c.Absent, monday[1]+c.Enrolled
		case time.Tuesday:
			tuesday[0], tuesday[1] = tuesday[0]+c.Absent, tuesday[1]+c.Enrolled
		}
		diets := 0
		for _, n := range c.Diets {
			diets += n
		}
		between(t, day.String()+": diets, %", percent(diets, c.Enrolled), 2.5, 11)
	}
	between(t, "absent, %", percent(absent[0], enrolled[0]), 5, 12)
	between(t, "white meals, %", percent(white[0], enrolled[0]), 0.8, 2.5)
	if percent(monday[0], monday[1]) <= percent(tuesday[0], tuesday[1]) {
		t.Errorf("absences: %v on Mondays and %v on Tuesdays, want more on Mondays", monday, tuesday)
	}
}

func endsAsInLife(t *testing.T, b *builder, _ *store.Store) {
	var payers, credit, low, debt, large int
	for _, one := range b.census.children {
		p := &one.purse
		if p.price == 0 {
			if p.balance != 0 {
				t.Errorf("%s is exempt and has %s", one.pan, p.balance)
			}
			continue
		}
		payers++
		switch {
		case p.balance <= 0:
			debt++
		case p.balance < p.meals(3):
			low++
		default:
			credit++
		}
		if p.balance > 80_00 {
			large++
		}
	}
	between(t, "in credit, %", percent(credit, payers), 72, 87)
	between(t, "low, %", percent(low, payers), 7, 16)
	between(t, "in debt, %", percent(debt, payers), 5, 12)
	between(t, "large credits, %", percent(large, payers), 0.3, 5)
}

func hasReceiptsOfAllSorts(t *testing.T, b *builder, s *store.Store) {
	channels, kinds := map[canteen.Channel]int{}, map[string]int{}
	late, evening := 0, 0
	missing := 0 // of the counter and of applications, which others show
	for n := uint32(1); missing < 50; n++ {
		r, err := s.Receipt(store.Console(), canteen.ReceiptNumber{Year: 2026, N: n})
		if canteen.KindOf(err) == canteen.KindNotFound {
			missing++
			continue
		}
		missing = 0
		if err != nil {
			t.Fatal(err)
		}
		channels[r.Channel]++
		kinds[r.Kind+" "+r.What]++
		day := canteen.DateOf(r.Received)
		switch at := r.Received; {
		case at.After(r.Written):
			t.Errorf("receipt %s was received at %s and written at %s", r.Number, at, r.Written)
		case at.After(day.At(18 * 60)):
			evening++
		case at.After(day.At(9*60+15)) && !at.After(day.At(canteen.DefaultCutoff)):
			late++
		}
		if r.Received.After(b.opt.Now) {
			t.Errorf("receipt %s was received at %s, after now", r.Number, r.Received)
		}
		if (r.Channel != canteen.ChannelWeb) != (r.OnBehalf != "") {
			t.Errorf("receipt %s came by %s on behalf of %q", r.Number, r.Channel, r.OnBehalf)
		}
	}
	for _, c := range []canteen.Channel{canteen.ChannelWeb, canteen.ChannelAPI, canteen.ChannelDesk} {
		if channels[c] == 0 {
			t.Errorf("nothing came by %s: %v", c, channels)
		}
	}
	for _, k := range []string{"communication absence", "communication white", "revocation "} {
		if kinds[k] == 0 {
			t.Errorf("there is no %q: %v", k, kinds)
		}
	}
	if late == 0 || evening == 0 {
		t.Errorf("got %d receipts of the last minutes and %d of the evening before, want some of both", late, evening)
	}
}

func isAliveThisMorning(t *testing.T, b *builder, s *store.Store) {
	today, err := s.Day(office, b.today)
	if err != nil {
		t.Fatal(err)
	}
	if today.State != canteen.DayOpen || today.Counts.Absent == 0 || today.Counts.White == 0 {
		t.Errorf("today: got %s with %d absent and %d white, want open with some of each", today.State, today.Counts.Absent, today.Counts.White)
	}
	tomorrow, err := s.Day(office, b.today.AddDays(1))
	if err != nil {
		t.Fatal(err)
	}
	if tomorrow.Counts.Absent == 0 || tomorrow.Counts.White == 0 {
		t.Errorf("tomorrow: got %d absent and %d white, want some of each", tomorrow.Counts.Absent, tomorrow.Counts.White)
	}
	if tomorrow.Counts.Absent >= today.Counts.Absent {
		t.Errorf("got %d absent tomorrow and %d today, want fewer", tomorrow.Counts.Absent, today.Counts.Absent)
	}
	waiting, _, err := s.WaitingMessages(office)
	if err != nil || waiting == 0 {
		t.Errorf("low-credit notices: got %d, %v, want some", waiting, err)
	}
}

func hadAStrike(t *testing.T, b *builder, s *store.Store) {
	status, err := s.Day(office, b.life.strike.From)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range status.Schools {
		want := canteen.DayClosed
		if one.School.Code == b.life.strike.Scope {
			want = canteen.DayVoid
		}
		if one.State != want {
			t.Errorf("%s on the day of the strike: got %s, want %s", one.School.Code, one.State, want)
		}
	}
}

func showsItsShowcases(t *testing.T, b *builder, s *store.Store) {
	accounts := map[string][]store.FamilyPupil{}
	for _, u := range b.leaflet.Users {
		if u.Role != canteen.RoleGuardian {
			continue
		}
		user, err := s.User(u.Login)
		if err != nil {
			t.Fatal(err)
		}
		family, err := s.Family(store.Act{Actor: user.Actor()}, 14)
		if err != nil {
			t.Fatal(err)
		}
		if len(family) != len(u.PANs) {
			t.Errorf("%s sees %d children, want %v", u.Login, len(family), u.PANs)
		}
		for i := range family {
			if family[i].Pupil.PAN != u.PANs[i] {
				t.Errorf("child %d of %s: got %s, want %s", i, u.Login, family[i].Pupil.PAN, u.PANs[i])
			}
		}
		accounts[u.Login] = family
	}
	schools := map[string]bool{}
	for _, one := range accounts["francesca.marino"] {
		schools[one.School.Code] = true
	}
	if len(schools) != 3 {
		t.Errorf("Francesca Marino's children go to %d schools, want 3", len(schools))
	}
	if debt := accounts["giuseppe.petrone"][0].Account; debt.Balance >= 0 {
		t.Errorf("Giuseppe Petrone has %s, want a debt", debt.Balance)
	}
	if exempt := accounts["rosa.ferrante"][0].Account; !exempt.Exempt {
		t.Errorf("Rosa Ferrante pays %s a meal, want an exemption", exempt.Price)
	}
	if days := accounts["chiara.lombardi"][0].Days; days[0].Diet != "G1" {
		t.Errorf("Chiara Lombardi's child eats %q today, want G1", days[0].Diet)
	}
	if days := accounts["elena.rossi"][0].Days; days[1].Meal != canteen.MealWhite {
		t.Errorf("Elena Rossi's child eats %s tomorrow, want white", days[1].Meal)
	}
	if len(accounts["andrea.rizzi"]) != 1 || len(accounts["khadija.elmansouri"]) != 2 {
		t.Errorf("got %d and %d children of Andrea Rizzi and Khadija El Mansouri, want 1 and 2",
			len(accounts["andrea.rizzi"]), len(accounts["khadija.elmansouri"]))
	}
}

func hasItsStaff(t *testing.T, b *builder, s *store.Store) {
	roles := map[canteen.Role]int{}
	for _, u := range b.leaflet.Users {
		user, err := s.User(u.Login)
		if err != nil {
			t.Fatal(err)
		}
		roles[u.Role]++
		if user.Hash != "hash of "+u.Password || len(u.Password) < 12 {
			t.Errorf("%s: the password %q is not the one in the record, or short", u.Login, u.Password)
		}
	}
	for role, want := range map[canteen.Role]int{canteen.RoleGuardian: 7, canteen.RoleOffice: 1, canteen.RoleDesk: 1,
		canteen.RoleKitchen: 2, canteen.RoleSchool: 1, canteen.RoleRefectory: 1, canteen.RoleDiets: 1, canteen.RoleAuditor: 1, canteen.RoleAdmin: 1} {
		if roles[role] != want {
			t.Errorf("users with role %s: got %d, want %d", role, roles[role], want)
		}
	}
	for scope, secret := range b.leaflet.Tokens {
		actor, err := s.TokenActor(secret)
		if err != nil || !actor.HasScope(scope) {
			t.Errorf("the token for %s is of %+v, %v", scope, actor, err)
		}
	}
}

func hasItsPeopleOnTheLeaflet(t *testing.T, b *builder, s *store.Store) {
	schools := map[string]bool{}
	for _, one := range b.leaflet.Schools {
		schools[one.Code] = true
	}
	for _, p := range b.leaflet.Pupils {
		seat, err := s.PupilSeat(store.Console(), p.PAN)
		if err != nil {
			t.Fatal(err)
		}
		if seat.School.Code != p.School || seat.Class != p.Class || !schools[p.School] {
			t.Errorf("%s: got %s %s, want %s %s", p.PAN, p.School, p.Class, seat.School.Code, seat.Class)
		}
	}
	if want := DefaultPupils + len(b.newPupils); len(b.leaflet.Pupils) != want {
		t.Errorf("got %d pupils, want %d", len(b.leaflet.Pupils), want)
	}
}
