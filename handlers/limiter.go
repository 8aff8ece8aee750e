package handlers

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds how often something may be tried by key: an account, an
// address. Keys that have been quiet are forgotten.
type limiter struct {
	every rate.Limit
	burst int

	mu    sync.Mutex
	keys  map[string]*limited
	swept time.Time
}

type limited struct {
	bucket *rate.Limiter
	seen   time.Time
}

func newLimiter(every time.Duration, burst int) *limiter {
	return &limiter{every: rate.Every(every), burst: burst, keys: map[string]*limited{}}
}

// maxKeys bounds the memory an attacker can take with invented accounts.
const maxKeys = 100_000

// ready tells whether a key has a try left, without spending it.
func (l *limiter) ready(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[key]
	return k == nil || k.bucket.Tokens() >= 1
}

// allow spends one try of a key, if it has any left.
func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Sub(l.swept) > time.Minute || len(l.keys) > maxKeys {
		l.swept = now
		full := time.Duration(float64(l.burst)/float64(l.every)) * time.Second
		for k, v := range l.keys {
			if now.Sub(v.seen) > full || len(l.keys) > maxKeys {
				delete(l.keys, k)
			}
		}
	}
	k := l.keys[key]
	if k == nil {
		k = &limited{bucket: rate.NewLimiter(l.every, l.burst)}
		l.keys[key] = k
	}
	k.seen = now
	return k.bucket.AllowN(now, 1)
}
