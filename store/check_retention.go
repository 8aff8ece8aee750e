package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"refettorio/canteen"
)

// retention holds the legal holds against the people they are about, and the
// reports of the retention job against their chain.
func (c *checker) retention() {
	c.each(holds, nil, func(k, v []byte) {
		h, ok := asJSON[canteen.Hold](c, holds, k, v)
		if !ok {
			return
		}
		if string(h.Subject) != string(k) || h.Reason == "" || h.By == "" || h.Since.IsZero() || !h.Until.IsZero() && h.Until < h.Since {
			c.wrong(holds, k, "the hold is of %q, from %s to %s, by %q", h.Subject, h.Since, h.Until, h.By)
		}
		kind, handle, _ := strings.Cut(string(k), "/")
		index := map[string]table{"person": guardiansByHandle, "pupil": pupilsByHandle}[kind]
		if index.name == nil || !c.begins(index, padded16(handle)) {
			c.wrong(holds, k, "the hold is of somebody who is not in the record")
		}
	})
	c.disposalReports()
}

// disposalReports holds each report against the one before it and against the
// line of the log of changes that names it.
func (c *checker) disposalReports() {
	named := map[string]string{}
	c.each(logs, nil, func(k, v []byte) {
		if line, ok := asJSON[LogLine](c, logs, k, v); ok && line.What == "retention" {
			named[line.Key] = line.Detail
		}
	})
	var number uint64
	var hash []byte
	c.each(disposals, nil, func(k, v []byte) {
		d, ok := asJSON[Disposal](c, disposals, k, v)
		if !ok {
			return
		}
		number++
		switch {
		case binary.BigEndian.Uint64(k) != number || d.Number != number:
			c.wrong(disposals, k, "report %d stands where %d should", d.Number, number)
		case !bytes.Equal(d.Prev, hash):
			c.wrong(disposals, k, "the report does not fit the one before it")
		case len(d.Classes) == 0 || d.At.IsZero():
			c.wrong(disposals, k, "the report says nothing")
		}
		sum := sha256.Sum256(append(bytes.Clone(k), v...))
		hash = sum[:]
		if !strings.HasSuffix(named[strconv.FormatUint(number, 10)], hex.EncodeToString(hash)) {
			c.wrong(disposals, k, "the log of changes names another report by this number, or none")
		}
	})
}

// begins tells whether an index has a key with a prefix.
func (c *checker) begins(t table, prefix []byte) bool {
	k, _ := c.b.Bucket(t.name).Cursor().Seek(prefix)
	return bytes.HasPrefix(k, prefix)
}
