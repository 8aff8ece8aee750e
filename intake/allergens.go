package intake

import (
	"slices"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// allergenWords are the names of the allergens of Reg. EU 1169/2011, Annex II, in
// the order of their numbers 1 to 14, folded, with the words kitchens use.
var allergenWords = [...][]string{
	{"glutine", "cerealicontenentiglutine", "cereali", "grano", "frumento", "farro", "orzo", "segale", "avena", "gluten"},
	{"crostacei", "crostaceo", "crustaceans"},
	{"uova", "uovo", "eggs", "egg"},
	{"pesce", "pesci", "fish"},
	{"arachidi", "arachide", "peanuts"},
	{"soia", "soya", "soy"},
	{"latte", "lattosio", "lattelattosio", "latteelattosio", "latteederivati", "latticini", "milk"},
	{"fruttaaguscio", "fruttaguscio", "mandorle", "nocciole", "noci", "anacardi", "pistacchi", "nuts"},
	{"sedano", "celery"},
	{"senape", "mustard"},
	{"sesamo", "semidisesamo", "sesame"},
	{"solfiti", "anidridesolforosa", "anidridesolforosaesolfiti", "sulphites"},
	{"lupini", "lupino", "lupin"},
	{"molluschi", "mollusco", "molluscs"},
}

var allergenNumbers = func() map[string]int {
	numbers := map[string]int{}
	for i, words := range allergenWords {
		numbers[strconv.Itoa(i+1)] = i + 1
		for _, w := range words {
			numbers[w] = i + 1
		}
	}
	return numbers
}()

const digits = "0123456789"

// asAllergens reads a list of numbers or names, "1,3,7" or "glutine, uova,
// latte", into numbers in order, each once. "nessuno" and "-" are a list of none,
// which is a word on the matter where an empty cell is not.
func asAllergens(s string) ([]int, error) {
	if isNone(s) {
		return nil, nil
	}
	var numbers []int
	for item := range strings.FieldsFuncSeq(s, partsAllergens) {
		n, err := asAllergen(item)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n...)
	}
	if len(numbers) == 0 {
		return nil, canteen.Invalid("", "error.import.allergen", s)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), nil
}

func partsAllergens(r rune) bool { return strings.ContainsRune(",;/+", r) }

// asAllergen reads what stands between two commas: a name, a number, or several
// parted by spaces or dots. "3-7" is refused: read as two numbers where a range
// was meant, it would hide three allergens.
func asAllergen(item string) ([]int, error) {
	if n, known := allergenNumbers[fold(item)]; known && !strings.ContainsAny(item, digits) {
		return []int{n}, nil
	}
	var numbers []int
	for word := range strings.FieldsFuncSeq(item, func(r rune) bool { return r == ' ' || r == '.' }) {
		n, known := allergenNumbers[fold(word)]
		if !known || strings.Contains(word, "-") {
			return nil, canteen.Invalid("", "error.import.allergen", strings.TrimSpace(item))
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
