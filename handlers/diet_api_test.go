package handlers

import "testing"

// TestAPICommunicate_whiteLimit: a gateway is told the limit by which white meals
// in a row were refused; what could be accepted of a range is.
func TestAPICommunicate_whiteLimit(t *testing.T) {
	k := newAPIKit(t)
	k.say(apiGiulia, `{"kind":"white","from":"2026-10-19","to":"2026-10-23"}`).want(t, 201, "")
	a := k.say(apiGiulia, `{"kind":"white","from":"2026-10-22"}`).want(t, 422, "white-limit")
	if a.json["limit"] != 3.0 {
		t.Errorf("limit: got %v, want 3", a.json["limit"])
	}
	if day := a.rows(t, "days")[0]; day["outcome"] != "white-limit" || day["receipt"] != nil {
		t.Errorf("got %v, want white-limit without a receipt", day)
	}
}
