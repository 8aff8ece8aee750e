package canteen

import (
	"cmp"
	"slices"
	"testing"
	"unicode"
)

func TestFold_dropsMarksAndApostrophes(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"Rossi":               "rossi",
		"Àbate":               "abate",
		"D'Amico":             "damico",
		"D’Angelo":            "dangelo",
		"Nicolò":              "nicolo",
		"Nicolo'":             "nicolo",
		"Nicolo\u0300":        "nicolo", // decomposed
		"  De   Luca ":        "de luca",
		"Rossi-Bianchi":       "rossi bianchi",
		"Èlia":                "elia",
		"Ștefan Țîrlea":       "stefan tirlea", // Romanian, comma below
		"Şerban Ţuţea":        "serban tutea",  // and cedilla
		"Mihăiță":             "mihaita",
		"Çelik Gülşen Yıldız": "celik gulsen yildiz",
		"İbrahim ERDOĞAN":     "ibrahim erdogan",
		"Hoxhë Përparim":      "hoxhe perparim",
		"Wałęsa Łukasz Żółć":  "walesa lukasz zolc",
		"Đorđević Ž.":         "dordevic z",
		"Strauß STRAẞ":        "strauss strass",
		"Ærø Œuvre Þór":       "aero oeuvre thor",
		"Nguyễn Thị Hồng":     "nguyen thi hong",
		"Шевченко":            "шевченко",
		"محمد":                "محمد",
		"李":                   "李",
		"Ugo 2":               "ugo 2",
		"-'-":                 "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q; want %q", in, got, want)
		}
	}
}

func TestFoldKey_sortsAsAnItalianExpects(t *testing.T) {
	want := [][2]string{
		{"Àbate", "Zoe"}, {"Abbate", "Ada"}, {"Çelik", "Ada"}, {"Damiani", "Ugo"}, {"D'Amico", "Ada"}, {"d’amico", "Ugo"},
		{"De Luca", "Sofia"}, {"Deangelis", "Ada"}, {"Èlia", "Ada"}, {"Elia", "Ugo"}, {"Rossi", "Zoè"},
		{"Rossi Bianchi", "Ada"}, {"Rossini", "Ada"}, {"Żak", "Ada"}, {"Zeta", "Ada"},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b [2]string) int { return cmp.Compare(FoldKey(a[0], a[1]), FoldKey(b[0], b[1])) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v;\nwant   %v", got, want)
	}
}

func TestInitials(t *testing.T) {
	for _, c := range [][3]string{
		{"Rossi", "Giulia", "Giulia R."}, {"De Luca", "Anna  Maria", "Anna Maria D."}, {"D'Amico", "Nicolò", "Nicolò D."},
		{"èlia", "Ugo", "Ugo È."}, {"'Ndrangolo", "Ada", "Ada N."}, {"", "Ada", "Ada"}, {"Rossi", "", "R."}, {"", "", ""},
		{"Шевченко", "Олена", "Олена Ш."},
	} {
		if got := Initials(c[0], c[1]); got != c[2] {
			t.Errorf("Initials(%q, %q) = %q; want %q", c[0], c[1], got, c[2])
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"D'Amico", "Ștefan", " De  Luca", "İ\u0307", "ǅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, again)
		}
		for _, r := range folded {
			if unicode.IsControl(r) || unicode.IsUpper(r) && unicode.ToLower(r) != r {
				t.Errorf("Fold(%q) = %q holds %q", s, folded, r)
			}
		}
	})
}
