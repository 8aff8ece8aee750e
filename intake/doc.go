// Package intake reads the files a town's office hands over (schools, classes,
// guardians, pupils, balances, menus, the calendar) and turns each line into a
// typed row of package canteen. It never looks at the record: whether a school
// exists is for the store to say.
//
// Three rules of the place:
//
//   - A file is data from a stranger. Its size, its lines, its columns and its
//     rows are bounded before anything is built from them (reliability, "What Go
//     does with hostile input").
//   - A cell is read or refused, never guessed: a refusal names the line of the
//     file, the column as the file calls it, and a sentence of the catalogues.
//   - One bad row does not stop the others; only a file that cannot be read as a
//     table of its kind is refused as a whole.
//
// To read one more kind of file, copy the shape of balances.go: its columns as
// variables, one function that turns a row into a type, one that reads the file;
// then add the kind to kind.go, an example and a chapter to docs/import.
package intake
