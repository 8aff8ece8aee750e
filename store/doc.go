// Package store is the record: every fact of the service lies in one bbolt file
// that this package alone opens. What the rules of canteen decide is written
// here, whole or not at all, and can be proved afterwards.
//
// # The rules of the place
//
//   - An exported method is an action, which is one transaction (a long one is
//     cut into bounded transactions that a crash cannot part), or a query, which
//     is one short read. There is no exported transaction. Unexported functions
//     take the *tx first.
//   - Decide before you write. Small acts share a commit, so an act that is
//     refused must have written nothing; and a closure may run twice, so it sets
//     its results and does not add to them (writer.go).
//   - One function puts a noun with its indexes (putPupil, putEnrolment, post);
//     nobody else writes those tables.
//   - Money and documents are never edited, only answered by another record.
//   - Every record is sealed and every table has a digest (tx.go): what was not
//     written by a transaction shows. The check (check.go) shares no code with
//     the writers and proves the rest: it runs at the end of every test.
//   - Nothing outside happens inside a transaction: no network, no other file,
//     no waiting. Messages are queued as records and sent later.
//
// # The tables
//
// Keys are fixed-width parts, big-endian, so that the order of the bytes is the
// order of the things: the number in brackets is a part's length in bytes. A day
// is its Date, a PAN its packed digits. "nothing" is the empty value of an index.
// Behind every value lie the four bytes of its seal.
//
//	meta                   word                         -> version, created, generation, digests, beat
//	kitchens               kitchen(2)                   -> JSON Kitchen
//	schools                school(2)                    -> JSON School
//	classes                class(4)                     -> JSON Class
//	diets                  code                         -> JSON Diet
//	tariffs                tariff(2)                    -> JSON Tariff
//	years                  name "2026/27"               -> JSON SchoolYear
//	rules                  number(8)                    -> JSON DayRule
//	settings               name                         -> JSON
//	guardians              guardian(8)                  -> JSON Guardian
//	guardians.by_cf        cf(16) guardian(8)           -> nothing
//	pupils                 pan(8)                       -> JSON Pupil
//	pupils.by_cf           cf(16) pan(8)                -> nothing
//	pupils.by_handle       handle(16) pan(8)            -> nothing
//	pupils.by_name         folded name, 0, pan(8)       -> nothing
//	pupils.by_guardian     guardian(8) pan(8)           -> nothing
//	enrolments             class(4) pan(8) from(4)      -> binary Enrolment
//	enrolments.by_pupil    pan(8) from(4) class(4)      -> nothing
//	accounts               class(4) pan(8)              -> binary account; class is the pupil's, see Pupil.Class
//	communications         day(4) school(2) pan(8)      -> binary Communication
//	receipts               year(2) number(4)            -> JSON Receipt
//	registers              day(4) class(4)              -> binary Register, never changed
//	closings               day(4) school(2)             -> JSON closing
//	days                   day(4)                       -> JSON dayRecord: the root over its registers
//	sheets                 day(4) kitchen(2) version(2) -> JSON Sheet
//	entries                number(8)                    -> JSON entry
//	entries.by_id          id                           -> number(8): the idempotency key is looked up on every write
//	entries.by_pupil       pan(8) number(8)             -> nothing
//	ledgers                ledger name                  -> balance(8) of the town's own ledgers
//	messages               number(8)                    -> JSON Message
//	once                   hash(16)                     -> JSON answer of an act already done
//	logs                   number(8)                    -> JSON LogLine: what was changed, by whom
//	users                  login                        -> JSON user
//	sessions               token hash                   -> expiry(8) and the session's data
//	tokens                 secret's hash(32)            -> JSON token
//	menus                  name                         -> JSON Menu
//	runs                   job, "/", period             -> JSON Run: the diary of the jobs
//	outages                end(8), Unix milliseconds    -> JSON Outage
//	profiles               guardian(8)                  -> JSON Profile: what only the portal knows of a person
//	guardians.by_handle    handle(16) guardian(8)       -> nothing
//	guardians.by_name      folded name, 0, guardian(8)  -> nothing
//	users.by_guardian      guardian(8), login           -> nothing
//	codes                  hash(16)                     -> JSON code: a contact to be proved, a registration, a reset; short-lived
//	delegations            pan(8) guardian(8)           -> JSON Delegation
//	delegations.by_person  guardian(8) pan(8)           -> nothing
//	invitations            hash(16)                     -> JSON Invitation
//	applications           handle(16)                   -> JSON Application
//	applications.by_person guardian(8) handle(16)       -> nothing
//	applications.by_school school(2) year(2) handle(16) -> nothing
//	applications.by_child  cf(16) year(2) handle(16)    -> nothing
//	diet_requests          handle(16)                   -> JSON DietRequest: the reason is encrypted inside
//	diet_requests.by_pupil pan(8) handle(16)            -> nothing
//	certificates           handle(16)                   -> an age file: the document a family sent
//	accesses               number(8)                    -> JSON access: who of the staff read what of whom; encrypted, chained
//	appointments           day(4) minute(2) handle(16)  -> JSON Appointment
//	holds                  subject                      -> JSON Hold: what the retention job must leave alone
//	disposals              number(8)                    -> JSON Disposal: the report of a run of the retention job
//	ratings                number(8)                    -> JSON Rating
//	messages.due           due(8) number(8)             -> nothing
//
// # To add a table
//
// Give it a line in schema.go with the next id (ids are places in the digests
// and never change), and the same line above; a function that puts it; its key
// in keys.go with a fuzz test; its key's form in keyFits and what must hold of
// it in the check; a record in the test of the schema. An existing file gets it
// by a migration.
//
// # To add an action
//
// Copy the shape of Communicate (communications.go): the exported method opens
// the transaction, checks who may, and calls an unexported function that loads,
// asks canteen, and puts. An act somebody may send twice carries Act.Once or an
// id of its own. Then say in the check what can never be true after it.
//
// # To add a migration
//
// Append it to migrations in schema.go with structs of its own, frozen as the
// older version had them; createSchema makes the newest form at once. Test it on
// a file of the version before, and let the check prove the result.
package store
