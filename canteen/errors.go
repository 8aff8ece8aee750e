package canteen

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal an [Error] is. It carries no HTTP number: the
// web and the command line each translate it in one place.
type Kind uint8

// The kinds, few on purpose. The zero value is an internal failure: whatever
// is not a refusal of ours.
const (
	KindInternal        Kind = iota
	KindInvalid              // the input cannot be read, or breaks a rule the person can mend
	KindNotFound             // no such thing, or not for this person
	KindForbidden            // the person is known and may not
	KindUnauthenticated      // the person is not known
	KindConflict             // it clashes with what is already recorded
	KindTooLate              // the deadline has passed
	KindUnavailable          // not now: try again
)

// Error is a refusal a person can read. Key names the sentence in the message
// catalogues and Args fill it, in order; Field names the form field or column
// it belongs to, if any. Err is the cause, for the log only.
type Error struct {
	Kind  Kind
	Key   string
	Args  []any
	Field string
	Err   error
}

// Error writes the refusal for a log; people read the sentence behind Key.
func (e *Error) Error() string {
	s := e.Key
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if len(e.Args) > 0 {
		s = fmt.Sprintf("%s %v", s, e.Args)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid refuses one field of an input.
func Invalid(field, key string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Field: field, Key: key, Args: args}
}

// Refuse refuses an act as a whole.
func Refuse(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// KindOf finds the kind of an error anywhere in its chain; KindInternal when
// there is no refusal in it.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}
