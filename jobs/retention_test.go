package jobs

import (
	"strings"
	"testing"
	"testing/synctest"

	"refettorio/store"
)

// TestRetention_everyNight: the job runs in the night after the sweep and says in
// the diary what it did; with nothing to do it leaves no report.
func TestRetention_everyNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, at(monday, 8, 0, 0))
		h.start()
		h.night(monday.AddDays(1))
		run, ran, err := h.s.RunOf("retention", monday.AddDays(1).String())
		if err != nil || !ran || !strings.HasPrefix(run.Detail, "0 registrazioni") {
			t.Errorf("the diary says %+v, %t, %v", run, ran, err)
		}
		reports, err := h.s.Disposals(store.Console(), 1)
		if err != nil || len(reports) != 0 {
			t.Errorf("a night without anything due left %+v, %v", reports, err)
		}
		if err := h.r.Stop(); err != nil {
			t.Error(err)
		}
	})
}
