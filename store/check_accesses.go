package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"time"
)

// accessRegister holds the register of accesses against its chain: from the
// anchor that retention left, or from number 1, every line has the number after
// the one before it and carries its SHA-256. What the lines say is sealed, and
// the check has no key.
func (c *checker) accessRegister() {
	var anchor struct {
		Number uint64 `json:"number"`
		Hash   []byte `json:"hash"`
	}
	if v := c.value(settings, []byte("access-anchor")); v != nil {
		if err := json.Unmarshal(v, &anchor); err != nil || anchor.Number == 0 || len(anchor.Hash) != sha256.Size {
			c.problemf("settings/access-anchor: the place where the register begins cannot be read")
			return
		}
	}
	number, hash := anchor.Number, anchor.Hash
	c.each(accesses, nil, func(k, v []byte) {
		line, ok := asJSON[struct {
			At     time.Time `json:"at"`
			Prev   []byte    `json:"prev"`
			Sealed []byte    `json:"sealed"`
		}](c, accesses, k, v)
		if !ok {
			return
		}
		switch got := binary.BigEndian.Uint64(k); {
		case got != number+1:
			c.wrong(accesses, k, "line %d of the register stands where %d should", got, number+1)
		case !bytes.Equal(line.Prev, hash):
			c.wrong(accesses, k, "the line does not fit the one before it: the register was changed")
		case line.At.IsZero() || len(line.Sealed) == 0:
			c.wrong(accesses, k, "the line has no time or says nothing")
		}
		sum := sha256.Sum256(append(bytes.Clone(k), v...))
		number, hash = binary.BigEndian.Uint64(k), sum[:]
	})
}
