package demo

import (
	"refettorio/canteen"
	"refettorio/store"
)

// enrolmentOfficer is who is in charge of the enrolments (L. 241/1990 art. 5).
const enrolmentOfficer = "Carla Melchiorre"

// answerDays is the town's term for an answer to an application.
const answerDays = 30

// windowWeeks is how long the window of the next school year stays open.
const windowWeeks = 12

// planSettings is what the offices set before anybody comes.
func (b *builder) planSettings() {
	b.plan(b.workday(22, 9*60+10), "enrolment windows", b.setWindows)
	b.plan(b.workday(22, 9*60+40), "hours of the counter", func() error { return b.store.SetDeskHours(office, counterHours) })
	b.plan(b.workday(22, 11*60), "periods of retention", func() error {
		return b.store.PutPeriods(admin, canteen.Periods{canteen.KeepDrafts: 60, canteen.KeepMessages: 18})
	})
}

// setWindows opens the enrolments for the next school year a month ago, and lets
// the present one take late ones.
func (b *builder) setWindows() error {
	next := canteen.EnrolmentWindow{Year: schoolYear(b.present + 1).Name, Opens: canteen.DateOf(b.workday(20, 0)),
		LateFrom: canteen.NewDate(b.present+1, 9, 1)}
	next.Closes = next.Opens.AddDays(7 * windowWeeks)
	present := canteen.EnrolmentWindow{Year: schoolYear(b.present).Name, Opens: canteen.NewDate(b.present, 3, 2),
		Closes: canteen.NewDate(b.present, 5, 29), LateFrom: canteen.NewDate(b.present, 9, 1)}
	for _, w := range []canteen.EnrolmentWindow{present, next} {
		if err := b.store.SetEnrolmentWindow(office, w, enrolmentOfficer, answerDays); err != nil {
			return err
		}
	}
	return nil
}

// retentionRounds is how many nights the job of retention has run in the record,
// a week apart.
const retentionRounds = 9

// planRetention takes away at night what has served its time.
func (b *builder) planRetention() {
	for round := retentionRounds; round >= 0; round-- {
		night := b.today.AddDays(-7*round - 2).At(3*60 + 20)
		if night.Before(b.clock.now()) {
			continue
		}
		b.plan(night, "retention", func() error {
			_, err := b.store.Retain(store.Job())
			return err
		})
	}
}
