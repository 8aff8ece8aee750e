package canteen

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Cents is an amount of money in hundredths of a euro. It is the only form in
// which the program holds money; no amount ever passes through a float.
type Cents int64

// ParseCents reads an amount written by a person or exported by another
// program: "2,70", "2.70", "-5,59", "+3", "1.234,56", "€ 2,70", "2,70 €".
//
// It is strict, because an amount read wrongly is worse than one refused: at
// most two decimals, no stray characters, and dots group thousands only when a
// decimal comma follows. "1.234" alone is therefore refused: it could be one
// thousand two hundred thirty-four euros or a mistyped price. The error key is
// "error.money".
func ParseCents(s string) (Cents, error) {
	body, marked := cutEuro(strings.TrimSpace(s))
	body, negative := cutSign(body)
	if !marked {
		body, _ = cutEuro(body) // "-€ 2,70"
	}
	magnitude, ok := parseMagnitude(body)
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	if !ok || magnitude > limit {
		return 0, Invalid("", "error.money", s)
	}
	return signed(magnitude, negative), nil
}

// cutEuro removes one euro sign, before or after the number.
func cutEuro(s string) (rest string, found bool) {
	if rest, found = strings.CutPrefix(s, "€"); !found {
		rest, found = strings.CutSuffix(s, "€")
	}
	if found {
		rest = strings.TrimSpace(rest)
	}
	return rest, found
}

func cutSign(s string) (rest string, negative bool) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return rest, true
	}
	return strings.TrimPrefix(s, "+"), false
}

// parseMagnitude reads an unsigned amount in cents. A comma, or else the only
// dot, separates the decimals.
func parseMagnitude(s string) (uint64, bool) {
	euros, decimals, comma := strings.Cut(s, ",")
	point := false
	if !comma {
		euros, decimals, point = strings.Cut(s, ".")
	}
	if (comma || point) && (len(decimals) < 1 || len(decimals) > 2) {
		return 0, false
	}
	if comma && strings.Contains(euros, ".") {
		var ok bool
		if euros, ok = ungroup(euros); !ok {
			return 0, false
		}
	}
	if euros == "" {
		return 0, false
	}
	digits := euros + (decimals + "00")[:2]
	var n uint64
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 || n > (math.MaxUint64-9)/10 {
			return 0, false
		}
		n = n*10 + uint64(d)
	}
	return n, true
}

// ungroup removes the dots that part thousands, provided each stands before
// exactly three digits and at most three precede the first.
func ungroup(s string) (string, bool) {
	groups := strings.Split(s, ".")
	for i, g := range groups {
		if len(g) != 3 && (i > 0 || len(g) == 0 || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// String writes the amount as Italians read it, without the euro sign: "2,70",
// "-5,59", "1.234,56". ParseCents reads it back to the same value.
func (c Cents) String() string {
	n := c.magnitude()
	euros := strconv.FormatUint(n/100, 10)
	b := make([]byte, 0, 32)
	if c < 0 {
		b = append(b, '-')
	}
	for i := range len(euros) {
		if i > 0 && (len(euros)-i)%3 == 0 {
			b = append(b, '.')
		}
		b = append(b, euros[i])
	}
	b = append(b, ',', '0'+byte(n%100/10), '0'+byte(n%10))
	return string(b)
}

// Times multiplies a price by a number of pieces. It panics when the product
// does not fit, which no real price and quantity can reach.
func (c Cents) Times(n int) Cents {
	hi, lo := bits.Mul64(c.magnitude(), Cents(n).magnitude())
	negative := (c < 0) != (n < 0)
	if hi != 0 || !fits(lo, negative) {
		panic("canteen: the product of " + c.String() + " and " + strconv.Itoa(n) + " does not fit in Cents")
	}
	return signed(lo, negative)
}

// Percent returns p per cent of the amount, rounded to the nearest cent; half a
// cent goes away from zero, so that a reversal mirrors its charge (5 % of 0,50
// is 0,03 and of -0,50 is -0,03). It panics when the result does not fit.
func (c Cents) Percent(p int) Cents {
	hi, lo := bits.Mul64(c.magnitude(), Cents(p).magnitude())
	lo, carry := bits.Add64(lo, 50, 0)
	hi += carry
	negative := (c < 0) != (p < 0)
	if hi < 100 {
		if quotient, _ := bits.Div64(hi, lo, 100); fits(quotient, negative) {
			return signed(quotient, negative)
		}
	}
	panic("canteen: " + strconv.Itoa(p) + " per cent of " + c.String() + " does not fit in Cents")
}

// Split shares total in proportion to weights; the parts, in the order of the
// weights, always sum to total. Each part is first rounded toward zero; the
// cents left over go one each to the largest remainders, the earlier weight
// first among equals, so the same call always gives the same parts. A negative
// total gives the mirrored parts of the positive one; a weight of zero gives a
// part of zero.
//
// It panics on a negative weight, and when weights that are missing or all zero
// would have to carry an amount.
func Split(total Cents, weights []int64) []Cents {
	parts := make([]Cents, len(weights))
	if total == 0 {
		return parts
	}
	whole, sum := total.magnitude(), sumWeights(weights)
	left := whole
	shares, remainders := make([]uint64, len(weights)), make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(whole, uint64(w))
		shares[i], remainders[i] = bits.Div64(hi, lo, sum)
		left -= shares[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:left] {
		shares[i]++
	}
	for i, share := range shares {
		parts[i] = signed(share, total < 0)
	}
	return parts
}

func sumWeights(weights []int64) uint64 {
	var sum, carry uint64
	for _, w := range weights {
		if w < 0 {
			panic("canteen: an amount cannot be split by a negative weight")
		}
		if sum, carry = bits.Add64(sum, uint64(w), 0); carry != 0 {
			panic("canteen: the weights of a split are too large to be summed")
		}
	}
	if sum == 0 {
		panic("canteen: an amount cannot be split among weights that are all zero")
	}
	return sum
}

// magnitude is the absolute value, exact also for the smallest Cents.
func (c Cents) magnitude() uint64 {
	if c < 0 {
		return uint64(-c)
	}
	return uint64(c)
}

func fits(magnitude uint64, negative bool) bool {
	return magnitude <= math.MaxInt64 || negative && magnitude == 1<<63
}

func signed(magnitude uint64, negative bool) Cents {
	if negative {
		return -Cents(magnitude)
	}
	return Cents(magnitude)
}
