// Package jobs is the bell. gocron only rings; the record says what is due and
// remembers what was done, so a bell that was missed, or rung twice, or rung in
// two processes, changes nothing.
//
// Three rules of the place:
//
//   - A job is a row of the table in table.go: a name, when it is due as a pure
//     function, and one action of the store.
//   - What is due at the start is what was missed: catching up is the normal
//     path.
//   - The cut-off is not a job. The close of a day asks the rules whether it has
//     passed; ringing late lets nothing in, ringing early does nothing.
//
// To add a job: a row in nightly (once a day, the latest missed one only) or a
// step in Bell (each few seconds, must be cheap when there is nothing to do).
package jobs
