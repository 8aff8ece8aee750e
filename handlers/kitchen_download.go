package handlers

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/documents"
)

// sheetFile is one way of taking a sheet away.
type sheetFile struct {
	contentType string
	write       func(io.Writer, documents.Translate, documents.Fonts, *canteen.Sheet, *canteen.Sheet) error
}

var sheetFiles = map[string]sheetFile{
	"pdf": {"application/pdf", documents.SheetPDF},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(w io.Writer, t documents.Translate, _ documents.Fonts, s, before *canteen.Sheet) error {
			return documents.SheetXLSX(w, t, s, before)
		}},
	"csv": {"text/csv; charset=utf-8",
		func(w io.Writer, t documents.Translate, _ documents.Fonts, s, before *canteen.Sheet) error {
			return documents.SheetCSV(w, t, s, before)
		}},
}

// kitchenDownload gives a sheet as a file, called foglio-2026-10-14-v1-via-appulo.pdf.
func (s *Server) kitchenDownload(w http.ResponseWriter, r *http.Request) error {
	kitchen, err := s.kitchenOf(r)
	if err != nil {
		return err
	}
	day, err := dayVar(r, "giorno", s.today())
	if err != nil {
		return err
	}
	sheet, before, _, err := s.sheetAsked(r, day, kitchen.Code)
	if err != nil {
		return err
	}
	format := routeVar(r, "format")
	if format == "pdf" && len(s.fonts.Regular) == 0 {
		return canteen.Refuse(canteen.KindUnavailable, "kitchen.error.fonts")
	}
	lang := s.langOf(r)
	translate := func(key string, args ...any) string { return s.catalog.T(lang, key, args...) }
	var body bytes.Buffer
	if err := sheetFiles[format].write(&body, translate, s.fonts, &sheet, before); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", sheetFiles[format].contentType)
	h.Set("Content-Disposition", `attachment; filename="`+sheetName(&sheet)+"."+format+`"`)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	_, _ = w.Write(body.Bytes()) // a client that hung up has no file to lose
	return nil
}

// sheetName is the name of a sheet's file, without its ending. A kitchen's code
// is made of letters, digits and hyphens.
func sheetName(sheet *canteen.Sheet) string {
	version := "previsione"
	if sheet.Version > 0 {
		version = "v" + strconv.Itoa(sheet.Version)
	}
	return "foglio-" + sheet.Date.String() + "-" + version + "-" + sheet.Kitchen
}
