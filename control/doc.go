// Package control carries the commands that touch a live file: backup, check,
// close, import, user, token. The running service holds the file's lock, so the
// command speaks to it over a socket beside the file (mode 0600: whoever may
// read the file may speak). With no service running the command opens the file
// itself and does the same thing with the same code.
//
// To add a command: a function in actions.go and its row in the table.
package control
