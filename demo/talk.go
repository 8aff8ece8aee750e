package demo

import (
	"fmt"
	"slices"
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// message is what a family says at an instant.
type message struct {
	received time.Time
	who      []*child
	by       *guardian
	channel  canteen.Channel
	kind     canteen.CommunicationKind // 0 takes back what stands
	from, to canteen.Date
}

// Of a hundred messages, how many come through a gateway and over the counter;
// of absences, how many are for more than a day; of what stands, how much is
// taken back on the morning itself.
const (
	gatewayShare = 10
	counterShare = 8
	rangeShare   = 20
	regretShare  = 4
	togetherRate = 30 // a sick child's siblings stay at home with it
	whiteRate    = 1.5
	aheadRate    = 0.4 // children a day of whom an absence is announced days ahead
)

// messages draws what families say before the cut-off of a day, and no later
// than an instant.
func (l *life) messages(day canteen.Date, back int, until time.Time) []message {
	if len(l.seated) == 0 {
		return nil
	}
	said := l.regrets(day)
	free := make([]*child, 0, len(l.seated))
	for _, one := range l.seated {
		if l.standing[day][one] == 0 {
			free = append(free, one)
		}
	}
	l.talk.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	busy := map[*child]bool{}
	want := l.count(absenceRate(day, l.talk)) - l.standingOf(day, canteen.Absence)
	for i := 0; i < len(free) && len(busy) < want; i++ {
		if !busy[free[i]] {
			said = append(said, l.absence(day, free[i], busy))
		}
	}
	want = l.count(whiteRate) - l.standingOf(day, canteen.White)
	for i := len(free) - 1; i >= 0 && want > 0; i-- {
		if !busy[free[i]] {
			said = append(said, l.white(day, free[i]))
			want--
		}
	}
	said = append(said, l.ahead(day, back)...)
	for i := range said {
		said[i].received = l.moment(day, said[i].channel)
	}
	return slices.DeleteFunc(said, func(m message) bool { return m.received.After(until) })
}

// count is a share of the seated children, in a hundred, as a number.
func (l *life) count(rate float64) int {
	exact := float64(len(l.seated)) * rate / 100
	whole := int(exact)
	if l.talk.Float64() < exact-float64(whole) {
		whole++
	}
	return whole
}

func (l *life) standingOf(day canteen.Date, kind canteen.CommunicationKind) (n int) {
	for _, one := range l.seated {
		if l.standing[day][one] == kind {
			n++
		}
	}
	return n
}

// absenceRate is how many children of a hundred are announced absent on a day:
// more around the weekend and in the weeks of the flu.
func absenceRate(day canteen.Date, s stream) float64 {
	rate := 6.2 + (s.Float64()-0.5)*1.6
	if w := day.Weekday(); w == time.Monday || w == time.Friday {
		rate += 1.7
	}
	if md := int(day.Month())*100 + day.Day(); md >= 1120 && md <= 1210 || md >= 120 && md <= 215 {
		rate += 2.6
	}
	return min(max(rate, 5), 12)
}

// regrets are families who take back on the morning what they had announced.
func (l *life) regrets(day canteen.Date) (said []message) {
	for _, one := range l.seated {
		if l.standing[day][one] == canteen.Absence && l.talk.chance(regretShare) {
			said = append(said, l.message([]*child{one}, 0, day, day))
		}
	}
	return said
}

// absence announces a child absent from a day on, with siblings at home.
func (l *life) absence(day canteen.Date, one *child, busy map[*child]bool) message {
	to := day
	if l.talk.chance(rangeShare) {
		to = day.AddDays(l.talk.between(1, 4))
	}
	m := l.message([]*child{one}, canteen.Absence, day, to)
	busy[one] = true
	if l.talk.chance(togetherRate) {
		for _, other := range one.family.children {
			if !busy[other] && slices.Contains(other.guardians, m.by) && other.sitsOn == day && l.standing[day][other] == 0 {
				m.who = append(m.who, other)
				busy[other] = true
			}
		}
	}
	return m
}

func (l *life) white(day canteen.Date, one *child) message {
	to := day
	if l.talk.chance(35) {
		to = day.AddDays(l.talk.between(1, 2))
	}
	return l.message([]*child{one}, canteen.White, day, to)
}

// ahead are absences announced days before: a journey, a visit.
func (l *life) ahead(day canteen.Date, back int) (said []message) {
	all := l.b.census.children
	for range l.count(aheadRate) {
		one := all[l.talk.IntN(len(all))]
		if from := day.AddDays(l.talk.between(1, 10)); one.enrolled(back) {
			said = append(said, l.message([]*child{one}, canteen.Absence, from, from.AddDays(l.talk.IntN(5))))
		}
	}
	return said
}

func (l *life) message(who []*child, kind canteen.CommunicationKind, from, to canteen.Date) message {
	m := message{who: who, kind: kind, from: from, to: to, channel: canteen.ChannelWeb}
	m.by = who[0].guardians[l.talk.IntN(len(who[0].guardians))]
	switch u := l.talk.Float64() * 100; {
	case u < gatewayShare:
		m.channel = canteen.ChannelAPI
	case u < gatewayShare+counterShare:
		m.channel = canteen.ChannelDesk
	}
	return m
}

// moment draws when a message for the cut-off of a day arrives: some the
// evening before, most between 07:00 and 09:29, the counter from 08:30.
func (l *life) moment(day canteen.Date, by canteen.Channel) time.Time {
	from, minutes := day.At(7*60), 135
	switch u := l.talk.Float64() * 100; {
	case by == canteen.ChannelDesk:
		from, minutes = day.At(8*60+30), 59
	case u < 16 && !l.firstDay(day):
		from, minutes = day.AddDays(-1).At(18*60), 5*60
	case u < 20:
		from, minutes = day.At(5*60+30), 90
	case u < 38:
		from, minutes = day.At(9*60+15), 15
	}
	return from.Add(time.Duration(l.talk.IntN(minutes*60_000)) * time.Millisecond)
}

// firstDay tells whether the town had no Refettorio on the evening before.
func (l *life) firstDay(day canteen.Date) bool {
	return len(l.b.days) == 0 || day == l.b.days[0]
}

// say sends messages in the order in which they were received, all at one
// instant of the store's clock but each with its own moment, and remembers what
// was accepted.
func (l *life) say(said []message, now time.Time) error {
	l.b.clock.set(now)
	slices.SortStableFunc(said, func(a, b message) int { return a.received.Compare(b.received) })
	acts := make([]store.Communication, len(said))
	for i := range said {
		acts[i] = store.Communication{Act: said[i].act(), Request: said[i].request()}
	}
	l.b.store.CommunicateAll(acts)
	for i := range acts {
		if acts[i].Err != nil {
			return fmt.Errorf("communication of pupil %s: %w", said[i].who[0].pan, acts[i].Err)
		}
		for j, out := range acts[i].Out {
			l.hear(said[i].who[j], said[i].kind, out.Days)
		}
	}
	return nil
}

func (m *message) act() store.Act {
	act := store.Act{Channel: m.channel, Received: m.received}
	switch m.channel {
	case canteen.ChannelAPI:
		act.Actor = canteen.Actor{Login: "token:" + gatewayToken, Scopes: []string{store.ScopeFamilyGateway}}
		act.OnBehalf = m.by.fullName()
	case canteen.ChannelDesk:
		act.Actor = canteen.Actor{Login: "sportello", Role: canteen.RoleDesk, Guardian: m.by.id}
		act.OnBehalf = m.by.fullName()
	default:
		act.Actor = canteen.Actor{Login: m.by.login, Role: canteen.RoleGuardian, Guardian: m.by.id}
	}
	return act
}

func (m *message) request() store.CommunicationRequest {
	req := store.CommunicationRequest{Kind: m.kind, From: m.from, To: m.to}
	for _, one := range m.who {
		req.Pupils = append(req.Pupils, one.pan)
	}
	return req
}

func (l *life) hear(one *child, kind canteen.CommunicationKind, days []store.DayOutcome) {
	for _, d := range days {
		if d.Outcome != canteen.Accepted {
			continue
		}
		if l.standing[d.Day] == nil {
			l.standing[d.Day] = map[*child]canteen.CommunicationKind{}
		}
		l.standing[d.Day][one] = kind
	}
}

// showcaseMessages make the pages of the showcase families alive: white meals
// for the first child, some days off for one of three.
func (l *life) showcaseMessages(until time.Time) []message {
	ahead := func(f *family, i int, kind canteen.CommunicationKind, first, days int) message {
		one := f.children[min(i, len(f.children)-1)]
		from := l.b.today.AddDays(first)
		return message{received: until.Add(-time.Duration(10-i) * time.Minute), who: []*child{one}, by: f.guardians[0],
			channel: canteen.ChannelWeb, kind: kind, from: from, to: from.AddDays(days - 1)}
	}
	return []message{
		ahead(l.b.census.families[0], 0, canteen.White, 1, 2),
		ahead(l.b.census.families[1], 1, canteen.Absence, 1, 4),
		ahead(l.b.census.families[4], 0, canteen.Absence, 5, 3),
	}
}
