package handlers

import (
	"slices"
	"strings"
	"testing"

	"refettorio/canteen"
)

// TestOffice_navigationIsGrouped: every page of the navigation is in one group,
// and only the page one is on and its group are marked.
func TestOffice_navigationIsGrouped(t *testing.T) {
	s := newTestServer(t)
	items := s.web.nav(canteen.RoleOffice, "/ufficio/iscrizioni/debiti/qualcosa")
	var links, active []string
	for _, item := range items {
		if item.Active {
			active = append(active, item.Label)
		}
		if item.URL != "" {
			links = append(links, item.URL)
		}
		for _, one := range item.Items {
			links = append(links, one.URL)
			if one.Active {
				active = append(active, one.Label)
			}
		}
	}
	if want := []string{"office.nav.enrolments", "school.debts.title"}; !slices.Equal(active, want) {
		t.Errorf("active: got %v, want %v", active, want)
	}
	if len(items) != 5 || len(links) != len(officeNav) {
		t.Errorf("%d entries with %d links, want 5 with %d", len(items), len(links), len(officeNav))
	}
	for _, row := range officeNav {
		if !slices.Contains(links, s.web.to(row[1])) {
			t.Errorf("no link to %s", row[1])
		}
	}
}

// TestOffice_seesWhatWaitsAboutPeople: what waits is on the home with the page
// on which it is done, and what does not wait is not.
func TestOffice_seesWhatWaitsAboutPeople(t *testing.T) {
	s := newTestServer(t)
	clerk := s.browser(testOffice)
	clerk.ok("/ufficio/messaggi").want("Nessun messaggio si è perso")
	home := clerk.ok("/ufficio").want("senza codice fiscale definitivo").wantNo("annotata allo sportello", "fermata da un debito")
	if !strings.Contains(home.body, `href="/ufficio/persone#open"`) {
		t.Error("no way from the persons to identify to where they are")
	}
}

// TestRefectory_isToldKindly: who has no page yet is not left before a bare door.
func TestRefectory_isToldKindly(t *testing.T) {
	s := newTestServer(t)
	const notice = "non ha ancora una pagina sua"
	s.everyRole()[canteen.RoleRefectory].ok("/").want(notice)
	s.browser(testElena).ok("/").wantNo(notice)
}
