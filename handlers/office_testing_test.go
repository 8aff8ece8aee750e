package handlers

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"refettorio/canteen"
	"refettorio/store"
)

// testSouth is a login of the other kitchen.
const testSouth = "cucina-sud"

// southKitchen gives the small town a cook of its other kitchen.
func (s *testServer) southKitchen() *browser {
	s.t.Helper()
	u, err := s.store.User(testOffice)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.AddUser(store.Console(), store.User{Login: testSouth, Name: "Lia S.", Role: canteen.RoleKitchen, Kitchen: "sud", Hash: u.Hash}, ""); err != nil {
		s.t.Fatal(err)
	}
	return s.browser(testSouth)
}

// surnames are what no kitchen may ever read: the surnames and names of the
// children and their guardians.
func surnames() []string {
	names := []string{"Rinaldi", "Montefusco", "Conti", "O'Neill", "O&#39;Neill", "Solitario"}
	for name := range testPupils {
		names = append(names, name)
	}
	return names
}

// wantNobody fails the test when a body names a child or a guardian.
func wantNobody(t testing.TB, what string, body []byte) {
	t.Helper()
	for _, name := range surnames() {
		if bytes.Contains(body, []byte(name)) {
			t.Errorf("%s names %q", what, name)
		}
	}
}

// wantNoMoney fails the test when a page speaks of money.
func wantNoMoney(t testing.TB, p *page) {
	t.Helper()
	for _, word := range []string{"€", "2,70", "saldo", "Saldo", "conto", "Addebit", "addebit", "debito", "tariffa", "Tariffa"} {
		if strings.Contains(p.text(), word) {
			t.Errorf("%s speaks of money: %q", p.target, word)
		}
	}
}

// number is the number of a big tile.
func (p *page) number(label string) string {
	p.t.Helper()
	for _, text := range p.texts("li", "tile") {
		if number, found := strings.CutSuffix(text, label); found {
			return strings.TrimSpace(number)
		}
	}
	p.t.Fatalf("%s: no tile %q among %q", p.target, label, p.texts("li", "tile"))
	return ""
}

// balance is what a pupil's account holds.
func (s *testServer) balance(name string) canteen.Cents {
	s.t.Helper()
	view, err := s.store.Account(store.Console(), s.pan(name), 0, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return view.Balance
}

// rateForm is the posted form of a tariff.
func rateForm(from canteen.Date, more url.Values) url.Values {
	form := url.Values{"id": {"form-1"}, "from": {from.String()}, "act": {"Delibera 77/2026"}, "actDate": {"2026-10-01"},
		"stage-1": {""}, "band-1": {"ESENTE"}, "residence-1": {""}, "rank-1": {""}, "price-1": {"0"},
		"stage-2": {"infanzia"}, "band-2": {""}, "residence-2": {""}, "rank-2": {""}, "price-2": {"3,00"},
		"stage-3": {""}, "band-3": {""}, "residence-3": {""}, "rank-3": {""}, "price-3": {"2,50"}}
	for key, values := range more {
		form[key] = values
	}
	return form
}
