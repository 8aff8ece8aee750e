package handlers

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"

	"refettorio/canteen"
)

// saysJSON tells whether a body may be read as JSON: it says so, or says nothing.
func saysJSON(r *http.Request) bool {
	said := r.Header.Get("Content-Type")
	if said == "" || said == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(said)
	return err == nil && kind == "application/json"
}

// maxJSON bounds a body of the API.
const maxJSON = 64 << 10

// readFields reads a body that is one JSON object of the known fields, each a
// string and given once. encoding/json would take the last of two equal names,
// names in another case and unknown ones (reliability.md); where a meal hangs on
// it each of these is refused.
func readFields(w http.ResponseWriter, r *http.Request, known ...string) (map[string]string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxJSON))
	switch {
	case err != nil && statusOf(err) == http.StatusRequestEntityTooLarge:
		return nil, &canteen.Error{Kind: canteen.KindInvalid, Key: "error.api.tooLarge", Args: []any{maxJSON >> 10}, Err: err}
	case err != nil:
		return nil, &canteen.Error{Kind: canteen.KindInvalid, Key: "error.api.json", Err: err}
	}
	rest := bytes.TrimLeft(body, jsonSpace)
	if !json.Valid(body) || rest[0] != '{' {
		return nil, canteen.Refuse(canteen.KindInvalid, "error.api.json")
	}
	fields := make(map[string]string, len(known))
	for {
		// The body is valid: what comes after a brace or comma is a name or the end.
		rest = bytes.TrimLeft(rest[1:], jsonSpace)
		if rest[0] == '}' {
			return fields, nil
		}
		var name, value string
		name, rest = cutText(rest)
		rest = bytes.TrimLeft(bytes.TrimLeft(rest, jsonSpace)[1:], jsonSpace) // the colon
		_, twice := fields[name]
		switch {
		case !slices.Contains(known, name):
			return nil, canteen.Invalid(name[:min(len(name), maxName)], "error.api.field")
		case twice:
			return nil, canteen.Invalid(name, "error.api.twice")
		case rest[0] != '"':
			return nil, canteen.Invalid(name, "error.api.text")
		}
		value, rest = cutText(rest)
		fields[name] = value
		if rest = bytes.TrimLeft(rest, jsonSpace); rest[0] == '}' {
			return fields, nil
		}
	}
}

const jsonSpace = " \t\r\n"

// maxName is as much of an unknown field's name as an answer repeats.
const maxName = 40

// cutText reads the string that valid JSON begins with.
func cutText(text []byte) (value string, rest []byte) {
	end, escaped := 1, false
	for text[end] != '"' {
		if text[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	literal, rest := text[:end+1], text[end+1:]
	if !escaped {
		return string(literal[1:end]), rest
	}
	if err := json.Unmarshal(literal, &value); err != nil {
		panic("handlers: a string of valid JSON cannot be read: " + err.Error())
	}
	return value, rest
}
