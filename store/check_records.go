package store

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"slices"
	"time"
	"unicode/utf8"

	"refettorio/canteen"
)

// sealLength is the length of the CRC-32C, little-endian, behind every value:
// over the table's name, the key and the value.
const sealLength = 4

// allTables holds the file's tables against the schema; without them nothing
// else can be read.
func (c *checker) allTables() bool {
	names := map[string]bool{}
	for _, t := range tables {
		names[string(t.name)] = true
		if c.b.Bucket(t.name) == nil {
			c.problemf("table %s is missing", t.name)
		}
	}
	cur := c.b.Cursor()
	for k, _ := cur.First(); k != nil; k, _ = cur.Next() {
		if !names[string(k)] {
			c.problemf("table %q is not of this version", k)
		}
	}
	return c.sound()
}

// records looks at every record of a table by itself: its seal and the form of
// its key; then at the digest of the table, which notices one that is gone, and
// at its counter.
func (c *checker) records(t table) {
	castagnoli := crc32.MakeTable(crc32.Castagnoli)
	var sum, n uint64
	var last []byte
	cur := c.b.Bucket(t.name).Cursor()
	for k, stored := cur.First(); k != nil; k, stored = cur.Next() {
		last = k
		n++
		if len(stored) < sealLength {
			c.wrong(t, k, "the record is too short for its seal")
			continue
		}
		value, seal := stored[:len(stored)-sealLength], binary.LittleEndian.Uint32(stored[len(stored)-sealLength:])
		sum += uint64(seal)
		want := crc32.Update(crc32.Update(crc32.Checksum(t.name, castagnoli), castagnoli, k), castagnoli, value)
		if seal != want {
			c.wrong(t, k, "the seal does not fit: the record is damaged or was put here by hand")
			continue
		}
		if !keyFits(t, k) {
			c.wrong(t, k, "the key has not the form of this table")
		}
	}
	c.sequence(t, last)
	if t.id == metas.id {
		return
	}
	at := 16 * t.id
	digests := c.b.Bucket(metas.name).Get(keyDigests)
	if len(digests) < at+16+sealLength {
		c.problemf("%s: the table has no digest", t.name)
		return
	}
	if wantSum, wantN := binary.BigEndian.Uint64(digests[at:]), binary.BigEndian.Uint64(digests[at+8:]); n != wantN {
		c.problemf("%s: there are %d records and the digest says %d", t.name, n, wantN)
	} else if sum != wantSum {
		c.problemf("%s: the digest does not fit: a record was replaced by another", t.name)
	}
}

// sequence holds the counter of a table against its last number. The seal does
// not cover it, and a counter that went back would let a new record take the
// place of an old one. No table that counts ever loses its last record.
func (c *checker) sequence(t table, last []byte) {
	got, want := c.b.Bucket(t.name).Sequence(), uint64(0)
	for _, b := range last {
		want = want<<8 | uint64(b)
	}
	switch t.id {
	case entries.id, messages.id, rules.id, logs.id, guardians.id, kitchens.id, schools.id, classes.id, accesses.id, disposals.id, ratings.id:
		if got != want {
			c.problemf("%s: the counter stands at %d and the last number is %d", t.name, got, want)
		}
	default:
		if got != 0 {
			c.problemf("%s: the table does not count and its counter stands at %d", t.name, got)
		}
	}
}

// metaTable looks at the few words the file keeps about itself.
func (c *checker) metaTable() {
	if v := c.value(metas, keyVersion); len(v) != 8 {
		c.problemf("meta: the file has no version")
	} else if c.rep.Version = int(binary.BigEndian.Uint64(v)); c.rep.Version != len(migrations) {
		c.problemf("meta: the file is of version %d and this program of version %d", c.rep.Version, len(migrations))
	}
	if _, err := time.Parse(time.RFC3339, string(c.value(metas, keyCreated))); err != nil {
		c.problemf("meta: the file does not say when it was made")
	}
	if v := c.value(metas, keyDigests); len(v) != 16*len(tables) {
		c.problemf("meta: the digests are of %d bytes for %d tables", len(v), len(tables))
	}
	for _, word := range [][]byte{keyGeneration, keyBeat} {
		if v := c.value(metas, word); v != nil && len(v) != 8 {
			c.wrong(metas, word, "the value is of %d bytes, not 8", len(v))
		}
	}
}

// keyFits tells whether a key has the form its table asks for.
func keyFits(t table, k []byte) bool {
	switch t.id {
	case metas.id:
		return slices.Contains([]string{"version", "created", "generation", "digests", "beat"}, string(k))
	case settings.id:
		return slices.Contains(settingNames, string(k))
	case kitchens.id, schools.id, tariffs.id:
		return len(k) == 2
	case classes.id:
		return len(k) == 4
	case rules.id, entries.id, messages.id, logs.id, guardians.id, outages.id, profiles.id, accesses.id, disposals.id, ratings.id:
		return len(k) == 8
	case years.id:
		y, err := canteen.ParseYear(string(k))
		return err == nil && y.Name == string(k)
	case pupils.id:
		return len(k) == 8 && panFits(k)
	case guardiansByCF.id:
		return len(k) == 24
	case pupilsByCF.id, pupilsByHandle.id:
		return len(k) == 24 && panFits(k[16:])
	case pupilsByGuardian.id:
		return len(k) == 16 && panFits(k[8:])
	case entriesByPAN.id:
		return len(k) == 16 && panFits(k)
	case pupilsByName.id:
		n := len(k) - 9
		return n > 0 && k[n] == 0 && utf8.Valid(k[:n]) && panFits(k[n+1:])
	case enrolments.id:
		return len(k) == 16 && panFits(k[4:]) && dayFits(k[12:])
	case enrolmentsByPAN.id:
		return len(k) == 16 && panFits(k) && dayFits(k[8:])
	case accounts.id:
		return len(k) == 12 && panFits(k[4:])
	case communications.id:
		return len(k) == 14 && dayFits(k) && panFits(k[6:])
	case receipts.id:
		return len(k) == 6
	case registers.id, sheets.id:
		return len(k) == 8 && dayFits(k)
	case closings.id:
		return len(k) == 6 && dayFits(k)
	case days.id:
		return len(k) == 4 && dayFits(k)
	case once.id, codes.id, invitations.id, applications.id, dietRequests.id, certificates.id, messagesDue.id:
		return len(k) == 16
	case guardiansByHandle.id, applicationsByPerson.id:
		return len(k) == 24
	case guardiansByName.id:
		n := len(k) - 9
		return n > 0 && k[n] == 0 && utf8.Valid(k[:n])
	case usersByGuardian.id:
		return len(k) > 8 && utf8.Valid(k[8:])
	case delegations.id, delegationsByPerson.id:
		return len(k) == 16
	case dietRequestsByPAN.id:
		return len(k) == 24 && panFits(k)
	case applicationsBySchool.id:
		return len(k) == 20
	case applicationsByChild.id:
		return len(k) == 34
	case appointments.id:
		return len(k) == 22 && dayFits(k)
	case tokens.id:
		return len(k) == 32
	}
	return len(k) > 0 && utf8.Valid(k) // words: codes, names, logins, ids
}

// dayFits tells whether the first four bytes of a key are a day of the calendar.
func dayFits(k []byte) bool {
	d := canteen.Date(binary.BigEndian.Uint32(k))
	parsed, err := canteen.ParseDate(d.String())
	return err == nil && parsed == d
}

// panFits tells whether the first eight bytes of a key are a PAN.
func panFits(k []byte) bool {
	p := canteen.PAN(binary.BigEndian.Uint64(k))
	parsed, err := canteen.ParsePAN(p.String())
	return err == nil && parsed == p
}

// asJSON decodes a record people read; one that cannot be decoded is reported.
func asJSON[T any](c *checker, t table, k, v []byte) (one T, ok bool) {
	if err := json.Unmarshal(v, &one); err != nil {
		c.wrong(t, k, "the record cannot be decoded: %v", err)
		return one, false
	}
	return one, true
}
