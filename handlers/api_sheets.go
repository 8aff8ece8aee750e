package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"refettorio/canteen"
)

type apiSheetList struct {
	Date   canteen.Date `json:"date"`
	Sheets []apiSheet   `json:"sheets"`
}

// apiSheet is a sheet as the record keeps it, with its instants as the API
// writes them.
type apiSheet struct {
	canteen.Sheet
	IssuedAt *time.Time `json:"issued_at"` // null for a forecast
	Cutoff   *time.Time `json:"cutoff"`
}

// apiSheets returns the sheets of a day, of one kitchen or of all: those issued,
// and a forecast of the others when it is asked for.
func (s *Server) apiSheets(w http.ResponseWriter, r *http.Request) error {
	date, err := civilDay("date", routeVar(r, "date"))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	version, err := versionAsked(query)
	if err != nil {
		return err
	}
	forecast, err := forecastAsked(query)
	if err != nil {
		return err
	}
	// A version that was never issued is not forecast: versions are facts.
	sheets, err := s.store.Sheets(act(r), date, query.Get("kitchen"), version, forecast && version == 0)
	if err != nil {
		return err
	}
	answer := apiSheetList{Date: date, Sheets: make([]apiSheet, 0, len(sheets))}
	for _, sheet := range sheets {
		answer.Sheets = append(answer.Sheets, apiSheet{sheet, instant(sheet.IssuedAt), instant(sheet.Cutoff)})
	}
	return s.json(w, http.StatusOK, answer)
}

// versionAsked reads version; 0 is the latest.
func versionAsked(query url.Values) (int, error) {
	if !query.Has("version") {
		return 0, nil
	}
	text := query.Get("version")
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, canteen.Invalid("version", "error.api.version")
	}
	return int(n), nil
}

func forecastAsked(query url.Values) (bool, error) {
	switch query.Get("forecast") {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, canteen.Invalid("forecast", "error.api.boolean")
}
