// Package documents turns values of package canteen into the files people take
// away: production sheets and account statements as CSV, XLSX and PDF, and
// calendars. Values in, bytes out.
//
// Three rules of the place:
//
//   - The same input gives the same bytes. No file reads the clock; instants
//     are passed in.
//   - Whatever a person typed (a name, a school, a class) is text wherever it
//     lands: never a formula of a spreadsheet, a line of a calendar or an
//     operator of a page.
//   - No sentence is written here. Words come from the caller's [Translate], so
//     that a document speaks the language of the page it was asked from.
//
// To add a document, copy the shape of statement.go: an input struct, one
// function for each format, and the drawing of the PDF in a file of its own.
package documents

// Translate returns the sentence behind a key of the message catalogues, in the
// language of the document, its places filled by args in order.
type Translate func(key string, args ...any) string

// Fonts are the two TrueType files of Titillium Web that a PDF embeds the used
// letters of.
type Fonts struct{ Regular, Bold []byte }
