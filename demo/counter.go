package demo

import (
	"time"

	"refettorio/canteen"
	"refettorio/store"
)

// counterHours are those of the counter in the library: every morning from
// half past eight, two afternoons for who works.
var counterHours = canteen.DeskHours{Minutes: 15, Places: 2, Ahead: 30, Openings: []canteen.DeskOpening{
	{Weekday: time.Monday, From: 8*60 + 30, To: 12*60 + 30},
	{Weekday: time.Tuesday, From: 8*60 + 30, To: 12*60 + 30}, {Weekday: time.Tuesday, From: 15*60 + 30, To: 17*60 + 30},
	{Weekday: time.Wednesday, From: 8*60 + 30, To: 12*60 + 30},
	{Weekday: time.Thursday, From: 8*60 + 30, To: 12*60 + 30}, {Weekday: time.Thursday, From: 15*60 + 30, To: 17*60 + 30},
	{Weekday: time.Friday, From: 8*60 + 30, To: 12*60 + 30},
}}

// planCounter is the counter's day: who has booked, who was there already.
func (b *builder) planCounter(c *cast) {
	b.planVisits()
	b.plan(b.workday(1, 14*60+5), "a call noted on paper", b.notePaper)
	if e, ok := c.entry(); ok && b.atWork() && b.eatsThisYear(e) {
		b.plan(b.opt.Now.Add(-14*time.Minute), "a family at the counter", func() error { return b.comeToCounter(c, e) })
	}
}

// planVisits books visits on the evening before: for what is left of today and
// the days after.
func (b *builder) planVisits() {
	who := []*guardian{b.guardian("giuseppe.petrone"), nil, b.guardian("khadija.elmansouri"), b.guardian("francesca.marino"), b.guardian("rosa.ferrante")}
	about := []string{"account", "other", "enrolment", "diet", "login"}
	var free []store.AppointmentRequest
	for day := b.today; len(free) < len(who) && b.today.DaysUntil(day) < counterHours.Ahead; day = day.AddDays(1) {
		taken := 0
		for i, at := range counterHours.Times(day) {
			if taken < 3 && i%2 == 1 && day.At(at).After(b.opt.Now) {
				free = append(free, store.AppointmentRequest{Day: day, At: at})
				taken++
			}
		}
	}
	for i := range min(len(who), len(free)) {
		act, req := store.Act{Channel: canteen.ChannelWeb}, free[i]
		if who[i] != nil {
			act = who[i].act()
		}
		req.About = about[i]
		b.plan(b.workday(1, 17*60+canteen.ClockTime(9*i)), "appointment", func() error {
			_, err := b.store.BookAppointment(act, req)
			return err
		})
	}
}

// notePaper enters a call of the morning that was taken down on paper, when the
// day was closed already: it becomes a request for the office (story 49).
func (b *builder) notePaper() error {
	day := canteen.DateOf(b.clock.now())
	for _, one := range b.census.children[:min(len(b.census.children), maxCallers)] {
		by := one.guardians[0]
		if by.id == 0 {
			continue
		}
		_, err := b.store.NotePaper(atDesk(by.id, by.fullName()), store.PaperNote{Pupil: one.pan, Kind: canteen.Absence, Day: day,
			Heard: 9*60 + 10, Reason: "Rete ferma allo sportello fino a mezzogiorno, annotato sul registro cartaceo"})
		if canteen.KindOf(err) != canteen.KindConflict && canteen.KindOf(err) != canteen.KindInvalid {
			return err
		}
	}
	return nil
}

// maxCallers is how many children are looked through for one that ate.
const maxCallers = 200

// comeToCounter is a grandfather without an address on the net who is his
// granddaughter's guardian: he is registered from his papers, and the child's
// application is filled in for him (story 38).
func (b *builder) comeToCounter(c *cast, e entry) error {
	g := &guardian{person: person{surname: "Trombetta", name: "Vito Antonio", sex: 'M'}, address: "Contrada Pozzo Salso, 3",
		city: homeTown, code: homePostCode}
	c.registry.born(&g.person, b.present-67, birthTowns[5])
	done, err := b.register(g)
	if err != nil {
		return err
	}
	known, err := b.store.DeskPerson(atDesk(0, ""), done.Handle, b.opt.Vault != nil)
	if err != nil {
		return err
	}
	home := &family{from: &italy, guardians: []*guardian{g}, band: bandFull}
	act := atDesk(known.ID, g.fullName())
	handle, err := b.apply(act, b.newChild(c, home, e), canteen.LastStep)
	if err != nil {
		return err
	}
	b.clock.set(b.notAfterNow(b.clock.now().Add(6 * time.Minute)))
	_, err = b.store.SubmitApplication(act, handle)
	return err
}
