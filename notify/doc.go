// Package notify carries messages out of the house: one Sender, whatever lies
// behind it (rules R3.6). It knows nothing of pupils or debts; the texts come
// ready, and who may get them was decided before.
//
// What a Sender answers is what really happened. A message the other side has
// taken has the provider's id. One it refused is refused for good (ErrRefused)
// or may be tried again (any other error). And when the connection broke after
// the body had been handed over nobody can know: ErrUnknown. Such a message is
// not sent a second time by itself. When the server cannot be reached at all, or
// does not let us in, that is nothing about the letter: ErrUnreachable.
//
// To add a channel: a type with Send and a test that makes the other side fail
// in every way; then a line in the Router that main builds.
package notify
