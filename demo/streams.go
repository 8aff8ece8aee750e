package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// stream is a source of draws for one purpose.
type stream struct{ *rand.Rand }

// streamOf returns the stream of a seed and a purpose.
func streamOf(seed uint64, purpose string) stream {
	sum := seedOf(seed, purpose)
	return stream{rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])))}
}

// seedOf mixes a seed and a purpose into 32 bytes.
func seedOf(seed uint64, purpose string) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(purpose+"\x00"), seed))
}

// chance is true p times of a hundred, on average.
func (s stream) chance(p float64) bool { return s.Float64()*100 < p }

// between returns a number from lo to hi, both included.
func (s stream) between(lo, hi int) int { return lo + s.IntN(hi-lo+1) }

// weighted returns an index, each as often as its weight says.
func (s stream) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := s.IntN(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	panic("demo: a draw fell outside its weights")
}

// one returns an element of a list, those in front more often: that is how
// names are spread in a town.
func (s stream) one(list []string) string {
	u := s.Float64()
	return list[int(float64(len(list))*u*(0.4+0.6*u))]
}
