package handlers

import (
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

const apiToday = `{"kind":"absence","from":"2026-10-14"}`

// The promise of design §3, to the millisecond: the stamp of the request decides.
func TestAPICommunicate_theCutoffItselfIsStillInTime(t *testing.T) {
	cutoff := apiWednesday.At(9*60 + 30)
	for _, c := range []struct {
		at     time.Time
		status int
		stamp  string
	}{
		{cutoff.Add(-100 * time.Millisecond), 201, "2026-10-14T09:29:59.9+02:00"},
		{cutoff, 201, "2026-10-14T09:30:00+02:00"},
		{cutoff.Add(time.Millisecond), 409, "2026-10-14T09:30:00.001+02:00"},
		{cutoff.Add(time.Nanosecond), 409, "2026-10-14T09:30:00.000000001+02:00"},
	} {
		t.Run(c.stamp, func(t *testing.T) {
			k := newAPIKit(t)
			k.at(c.at)
			a := k.say(apiGiulia, apiToday)
			day := a.want(t, c.status, "").rows(t, "days")[0]
			if day["deadline"] != "2026-10-14T09:30:00+02:00" {
				t.Errorf("deadline: got %v, want 9:30 of Rome", day["deadline"])
			}
			if c.status == 409 {
				a.wantLate(t, c.stamp, "2026-10-15")
				return
			}
			receipt, _ := day["receipt"].(map[string]any)
			if day["outcome"] != "accepted" || receipt["number"] != "2026/000001" || receipt["received_at"] != c.stamp {
				t.Errorf("got %v, want accepted with receipt 2026/000001 of %s", day, c.stamp)
			}
		})
	}
}

func (a apiAnswer) wantLate(t *testing.T, received, next string) {
	t.Helper()
	a.want(t, 409, "too-late")
	if a.json["deadline"] != "2026-10-14T09:30:00+02:00" || a.json["received_at"] != received || a.json["next_day"] != next {
		t.Errorf("got deadline %v, received_at %v, next_day %v; want 9:30, %s, %s", a.json["deadline"], a.json["received_at"], a.json["next_day"], received, next)
	}
	if detail := "Il termine per mercoledì 14 ottobre è scaduto alle 9:30. Il primo giorno che si può ancora cambiare è giovedì 15 ottobre."; a.json["detail"] != detail {
		t.Errorf("detail: got %q, want %q", a.json["detail"], detail)
	}
}

// A range runs over weekends and holidays; each day has its own answer.
func TestAPICommunicate_aRangeIsAnsweredDayByDay(t *testing.T) {
	k := newAPIKit(t)
	a := k.say(apiGiulia, `{"kind":"absence","from":"2026-12-04","to":"2026-12-09"}`)
	outcomes := a.want(t, 201, "").outcomes(t)
	// Friday, the weekend, Monday, the Immaculate Conception, Wednesday.
	if want := "accepted no-service no-service accepted no-service accepted"; outcomes != want {
		t.Errorf("got %s, want %s", outcomes, want)
	}
	for _, day := range a.rows(t, "days") {
		if (day["outcome"] == "no-service") != (day["deadline"] == nil) || (day["outcome"] == "no-service") != (day["receipt"] == nil) {
			t.Errorf("got %v, want a deadline and a receipt exactly for the days with service", day)
		}
	}
	again := k.say(apiGiulia, `{"kind":"absence","from":"2026-12-04","to":"2026-12-09"}`).want(t, 200, "")
	if want := "already no-service no-service already no-service already"; again.outcomes(t) != want {
		t.Errorf("again: got %s, want %s", again.outcomes(t), want)
	}
	if first, second := a.rows(t, "days")[0]["receipt"], again.rows(t, "days")[0]["receipt"]; text(first) != text(second) {
		t.Errorf("again: got receipt %v, want the first one %v", second, first)
	}
}

func (a apiAnswer) outcomes(t *testing.T) string {
	t.Helper()
	var words []string
	for _, day := range a.rows(t, "days") {
		words = append(words, day["outcome"].(string))
	}
	return strings.Join(words, " ")
}

// What can still be done is done although the first day is too late.
func TestAPICommunicate_aLateFirstDayDoesNotCostTheOthers(t *testing.T) {
	k := newAPIKit(t)
	k.at(apiWednesday.At(9*60 + 45))
	a := k.say(apiGiulia, `{"kind":"white","from":"2026-10-14","to":"2026-10-15"}`).want(t, 201, "")
	if got := a.outcomes(t); got != "too-late accepted" {
		t.Errorf("got %s, want too-late accepted", got)
	}
}

func TestAPICommunicate_daysWithoutServiceAreRefusedAsAWhole(t *testing.T) {
	k := newAPIKit(t)
	a := k.say(apiGiulia, `{"kind":"absence","from":"2026-10-17","to":"2026-10-18"}`).want(t, 422, "no-service")
	if got := a.outcomes(t); got != "no-service no-service" {
		t.Errorf("got %s, want no-service twice", got)
	}
	// Sara eats on Mondays and Wednesdays.
	k.say(apiSara, `{"kind":"absence","from":"2026-10-15"}`).want(t, 422, "no-service")
}

func TestAPICommunicate_aWhiteMealReplacesAnAbsence(t *testing.T) {
	k := newAPIKit(t)
	k.say(apiGiulia, apiToday).want(t, 201, "")
	a := k.say(apiGiulia, `{"kind":"white","from":"2026-10-14"}`).want(t, 201, "")
	if receipt := a.rows(t, "days")[0]["receipt"].(map[string]any); receipt["number"] != "2026/000002" {
		t.Errorf("got receipt %v, want a second one", receipt["number"])
	}
	day := k.get("/api/v1/days/2026-10-14")
	if day.json["white"] != 1.0 || day.json["absent"] != 0.0 {
		t.Errorf("got %v, want one white meal and no absence", day.body)
	}
}

// A resend with its key is the same act, also when it reaches us too late.
func TestAPICommunicate_aResendWithItsKeyIsAnsweredAndNotRepeated(t *testing.T) {
	k := newAPIKit(t)
	body := `{"kind":"absence","from":"2026-10-14","to":"2026-10-15"}`
	first := k.say(apiGiulia, body, "Idempotency-Key", "sms-1").want(t, 201, "")
	k.at(apiWednesday.At(9*60 + 45))
	again := k.say(apiGiulia, body, "Idempotency-Key", "sms-1").want(t, 201, "")
	if first.body != again.body {
		t.Errorf("got %s, want the first answer %s", again.body, first.body)
	}
	k.say(apiGiulia, `{"kind":"white","from":"2026-10-15"}`, "Idempotency-Key", "sms-1").want(t, 409, "error.once")
	k.say(apiMarco, body, "Idempotency-Key", "sms-1").want(t, 409, "error.once")
	k.say(apiGiulia, `{"kind":"white","from":"2026-10-15"}`, "Idempotency-Key", strings.Repeat("k", 256)).want(t, 422, "error.api.once")
}

// The days without service of a remembered answer come back as well.
func TestAPICommunicate_aResendOverAWeekendIsAnsweredTheSame(t *testing.T) {
	k := newAPIKit(t)
	body := `{"kind":"absence","from":"2026-10-16","to":"2026-10-19"}`
	first := k.say(apiGiulia, body, "Idempotency-Key", "week").want(t, 201, "")
	again := k.say(apiGiulia, body, "Idempotency-Key", "week").want(t, 201, "")
	if first.body != again.body {
		t.Errorf("got %s, want the first answer %s", again.body, first.body)
	}
}

func TestAPIRevoke_ordersTheMealAgainUntilTheCutoff(t *testing.T) {
	k := newAPIKit(t)
	k.revoke(apiGiulia, "2026-10-14").want(t, 404, "error.communication.none")
	k.say(apiGiulia, `{"kind":"absence","from":"2026-10-14","to":"2026-10-15"}`).want(t, 201, "")
	a := k.revoke(apiGiulia, "2026-10-15").want(t, 200, "")
	if got := a.outcomes(t); got != "accepted" {
		t.Errorf("got %s, want accepted", got)
	}
	k.revoke(apiGiulia, "2026-10-15").want(t, 404, "error.communication.none")
	k.at(apiWednesday.At(9*60 + 30).Add(time.Millisecond))
	k.revoke(apiGiulia, "2026-10-14").wantLate(t, "2026-10-14T09:30:00.001+02:00", "2026-10-15")
	k.revoke(apiGiulia, "domani").want(t, 422, "error.api.date")
	k.revoke("7777", "2026-10-14").want(t, 404, "error.pupil.notFound")
}

// On the last day of the service there is no next day to offer.
func TestAPICommunicate_withoutANextDaySaysSo(t *testing.T) {
	k := newAPIKit(t)
	last := canteen.NewDate(2027, 6, 30)
	k.at(last.At(10 * 60))
	a := k.say(apiGiulia, `{"kind":"absence","from":"2027-06-30"}`).want(t, 409, "too-late")
	if a.json["next_day"] != nil || a.json["detail"] != "Il termine per mercoledì 30 giugno è scaduto alle 9:30." {
		t.Errorf("got next_day %v, detail %q; want null and no next day", a.json["next_day"], a.json["detail"])
	}
}

func TestAPICommunicate_answersInTheLanguageAsked(t *testing.T) {
	k := newAPIKit(t)
	k.at(apiWednesday.At(10 * 60))
	a := k.say(apiGiulia, apiToday, "Accept-Language", "en-GB,en").want(t, 409, "too-late")
	if want := "The deadline for Wednesday 14 October passed at 9:30. The first day that can still be changed is Thursday 15 October."; a.json["detail"] != want {
		t.Errorf("got %q, want %q", a.json["detail"], want)
	}
}
