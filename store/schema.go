package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"time"

	bolt "go.etcd.io/bbolt"

	"refettorio/canteen"
)

// table names a bucket. Its records are sealed (tx.go); an appended one is
// written in key order and packed tight.
type table struct {
	id       int
	name     []byte
	seed     uint32 // the seal's start: a record moved to another table does not fit
	appended bool
}

// tableCount is the number of tables; the digests are kept in order of id, so
// a table's id never changes and new ones go to the end.
const tableCount = 59

var tables [tableCount]table

func newTable(id int, name string, appended bool) table {
	t := table{id: id, name: []byte(name), appended: appended,
		seed: crc32.Checksum([]byte(name), castagnoli)}
	tables[id] = t
	return t
}

// The schema. Keys are fixed-width parts, big-endian, the variable part last;
// day is the Date as 4 bytes. doc.go draws it; a test holds the drawing, these
// lines and a filled database against each other.
var (
	metas                = newTable(0, "meta", false)                    // word                       -> version, created, generation, digests, beat
	kitchens             = newTable(1, "kitchens", false)                // kitchen(2)                 -> JSON Kitchen
	schools              = newTable(2, "schools", false)                 // school(2)                  -> JSON School
	classes              = newTable(3, "classes", false)                 // class(4)                   -> JSON Class
	diets                = newTable(4, "diets", false)                   // code                       -> JSON Diet
	tariffs              = newTable(5, "tariffs", false)                 // tariff(2)                  -> JSON Tariff
	years                = newTable(6, "years", false)                   // name "2026/27"             -> JSON SchoolYear
	rules                = newTable(7, "rules", false)                   // number(8)                  -> JSON DayRule
	settings             = newTable(8, "settings", false)                // name                       -> JSON
	guardians            = newTable(9, "guardians", false)               // guardian(8)                -> JSON Guardian
	guardiansByCF        = newTable(10, "guardians.by_cf", false)        // cf(16) guardian(8)         -> nothing
	pupils               = newTable(11, "pupils", false)                 // pan(8)                     -> JSON Pupil
	pupilsByCF           = newTable(12, "pupils.by_cf", false)           // cf(16) pan(8)              -> nothing
	pupilsByHandle       = newTable(13, "pupils.by_handle", false)       // handle(16) pan(8)          -> nothing
	pupilsByName         = newTable(14, "pupils.by_name", false)         // folded name, 0, pan(8)     -> nothing
	pupilsByGuardian     = newTable(15, "pupils.by_guardian", false)     // guardian(8) pan(8)         -> nothing
	enrolments           = newTable(16, "enrolments", false)             // class(4) pan(8) from(4)    -> binary Enrolment
	enrolmentsByPAN      = newTable(17, "enrolments.by_pupil", false)    // pan(8) from(4) class(4)    -> nothing
	accounts             = newTable(18, "accounts", false)               // class(4) pan(8)            -> binary account; class is the pupil's, see Pupil.Class
	communications       = newTable(19, "communications", false)         // day(4) school(2) pan(8)    -> binary Communication
	receipts             = newTable(20, "receipts", true)                // year(2) number(4)          -> JSON Receipt
	registers            = newTable(21, "registers", true)               // day(4) class(4)            -> binary Register, never changed
	closings             = newTable(22, "closings", true)                // day(4) school(2)           -> JSON closing
	days                 = newTable(23, "days", true)                    // day(4)                     -> JSON dayRecord: the root over its registers
	sheets               = newTable(24, "sheets", true)                  // day(4) kitchen(2) version(2) -> JSON Sheet
	entries              = newTable(25, "entries", true)                 // number(8)                  -> JSON entry
	entriesByID          = newTable(26, "entries.by_id", false)          // id                         -> number(8): the idempotency key is looked up on every write
	entriesByPAN         = newTable(27, "entries.by_pupil", false)       // pan(8) number(8)           -> nothing
	ledgers              = newTable(28, "ledgers", false)                // ledger name                -> balance(8) of the town's own ledgers
	messages             = newTable(29, "messages", true)                // number(8)                  -> JSON Message
	once                 = newTable(30, "once", false)                   // hash(16)                   -> JSON answer of an act already done
	logs                 = newTable(31, "logs", true)                    // number(8)                  -> JSON LogLine: what was changed, by whom
	users                = newTable(32, "users", false)                  // login                      -> JSON user
	sessions             = newTable(33, "sessions", false)               // token hash                 -> expiry(8) and the session's data
	tokens               = newTable(34, "tokens", false)                 // secret's hash(32)          -> JSON token
	menus                = newTable(35, "menus", false)                  // name                       -> JSON Menu
	runs                 = newTable(36, "runs", false)                   // job, "/", period           -> JSON Run: the diary of the jobs
	outages              = newTable(37, "outages", true)                 // end(8), Unix milliseconds  -> JSON Outage
	profiles             = newTable(38, "profiles", false)               // guardian(8) -> JSON Profile: what only the portal knows of a person
	guardiansByHandle    = newTable(39, "guardians.by_handle", false)    // handle(16) guardian(8) -> nothing
	guardiansByName      = newTable(40, "guardians.by_name", false)      // folded name, 0, guardian(8) -> nothing
	usersByGuardian      = newTable(41, "users.by_guardian", false)      // guardian(8), login -> nothing
	codes                = newTable(42, "codes", false)                  // hash(16) -> JSON code: a contact to be proved, a registration, a reset; short-lived
	delegations          = newTable(43, "delegations", false)            // pan(8) guardian(8) -> JSON Delegation
	delegationsByPerson  = newTable(44, "delegations.by_person", false)  // guardian(8) pan(8) -> nothing
	invitations          = newTable(45, "invitations", false)            // hash(16) -> JSON Invitation
	applications         = newTable(46, "applications", false)           // handle(16) -> JSON Application
	applicationsByPerson = newTable(47, "applications.by_person", false) // guardian(8) handle(16) -> nothing
	applicationsBySchool = newTable(48, "applications.by_school", false) // school(2) year(2) handle(16) -> nothing
	applicationsByChild  = newTable(49, "applications.by_child", false)  // cf(16) year(2) handle(16) -> nothing
	dietRequests         = newTable(50, "diet_requests", false)          // handle(16) -> JSON DietRequest: the reason is encrypted inside
	dietRequestsByPAN    = newTable(51, "diet_requests.by_pupil", false) // pan(8) handle(16) -> nothing
	certificates         = newTable(52, "certificates", false)           // handle(16) -> an age file: the document a family sent
	accesses             = newTable(53, "accesses", true)                // number(8) -> JSON access: who of the staff read what of whom; encrypted, chained
	appointments         = newTable(54, "appointments", false)           // day(4) minute(2) handle(16) -> JSON Appointment
	holds                = newTable(55, "holds", false)                  // subject -> JSON Hold: what the retention job must leave alone
	disposals            = newTable(56, "disposals", true)               // number(8) -> JSON Disposal: the report of a run of the retention job
	ratings              = newTable(57, "ratings", true)                 // number(8) -> JSON Rating
	messagesDue          = newTable(58, "messages.due", false)           // due(8) number(8) -> nothing
)

// keys of the meta table
var (
	keyVersion    = []byte("version")
	keyCreated    = []byte("created")
	keyGeneration = []byte("generation")
	keyDigests    = []byte("digests")
	keyBeat       = []byte("beat")
)

// migration changes the file from one version to the next. It uses its own
// frozen structs, never those of the running code.
type migration struct {
	what string
	do   func(*tx) error
}

// migrations is append-only: the version of a file is the number of those it
// has been through. The first creates nothing, because a new file is made with
// all its tables at once (createSchema).
var migrations = []migration{
	{"the first schema", func(*tx) error { return nil }},
	{"the tables of people", addPeople},
}

// createSchema fills an empty file: every table, the version and a service
// that works at once (design §10), in one transaction.
func createSchema(tx *tx) error {
	for _, t := range tables {
		if _, err := tx.b.CreateBucketIfNotExists(t.name); err != nil {
			return fmt.Errorf("create %s: %w", t.name, err)
		}
	}
	tx.put(metas, keyVersion, binary.BigEndian.AppendUint64(nil, uint64(len(migrations))))
	tx.put(metas, keyCreated, []byte(tx.now.Format(time.RFC3339)))
	today := canteen.DateOf(tx.now)
	year := canteen.DefaultYear(today)
	tx.putYear(year)
	tx.putTariff(canteen.DefaultTariff(year.From))
	tx.putSetting(settingLevels, canteen.DefaultAlertLevels)
	return tx.finish()
}

// migrate brings an older file up to date, all pending steps and the new
// version in one transaction, after a backup.
func (s *Store) migrate(version int, backup func() error) error {
	switch {
	case version == len(migrations):
		return nil
	case version > len(migrations):
		return fmt.Errorf("%s: the file is of version %d and this program knows only %d: use a newer program", s.path, version, len(migrations))
	}
	if err := backup(); err != nil {
		return fmt.Errorf("backup before migration: %w", err)
	}
	return s.db.Update(func(b *bolt.Tx) error {
		tx := s.newTx(b, Job())
		for _, m := range migrations[version:] {
			if err := m.do(tx); err != nil {
				return fmt.Errorf("migration %q: %w", m.what, err)
			}
		}
		tx.put(metas, keyVersion, binary.BigEndian.AppendUint64(nil, uint64(len(migrations))))
		return tx.finish()
	})
}
