package handlers

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/store"
)

// auditDisposalPDF prints a report of the retention job.
func (s *Server) auditDisposalPDF(w http.ResponseWriter, r *http.Request) error {
	return s.disposalAs(w, r, "application/pdf", "pdf", func(b *bytes.Buffer, t documents.Translate, d *documents.Dossier) error {
		return documents.DossierPDF(b, t, s.fonts, d)
	})
}

// auditDisposalCSV downloads a report of the retention job as a table.
func (s *Server) auditDisposalCSV(w http.ResponseWriter, r *http.Request) error {
	return s.disposalAs(w, r, "text/csv; charset=utf-8", "csv", func(b *bytes.Buffer, t documents.Translate, d *documents.Dossier) error {
		return documents.DossierCSV(b, t, d)
	})
}

func (s *Server) disposalAs(w http.ResponseWriter, r *http.Request, kind, extension string,
	write func(*bytes.Buffer, documents.Translate, *documents.Dossier) error) error {
	number, err := strconv.ParseUint(routeVar(r, "number"), 10, 64)
	if err != nil {
		return canteen.Refuse(canteen.KindNotFound, "error.notFound")
	}
	d, err := s.store.Disposal(act(r), number)
	if err != nil {
		return err
	}
	doc := s.disposalDossier(r, &d)
	var body bytes.Buffer
	if err := write(&body, s.translator(r), &doc); err != nil {
		return err
	}
	return sendFile(w, kind, "verbale-conservazione-"+strconv.FormatUint(number, 10)+"."+extension, &body)
}

// disposalDossier puts a report into words.
func (s *Server) disposalDossier(r *http.Request, d *store.Disposal) documents.Dossier {
	t, f := s.translator(r), s.catalog.Formats(s.langOf(r))
	proof := hex.EncodeToString(d.Prev)
	if proof == "" {
		proof = t("audit.report.first")
	}
	table := documents.DossierSection{Title: t("audit.report.what"), Columns: []documents.DossierColumn{
		{Title: t("audit.report.class"), Share: 5}, {Title: t("audit.report.period"), Share: 2}, {Title: t("audit.report.removed"), Share: 2, Number: true},
		{Title: t("audit.report.held"), Share: 2, Number: true}, {Title: t("audit.report.due"), Share: 2, Number: true},
		{Title: t("audit.report.from"), Share: 2.4}, {Title: t("audit.report.to"), Share: 2.4}}}
	for _, c := range d.Classes {
		table.Rows = append(table.Rows, []string{t("audit.keep." + string(c.Class)), t("audit.unit."+string(c.Unit), c.Period),
			strconv.Itoa(c.Removed), strconv.Itoa(c.Held), strconv.Itoa(c.Due), dateOrNone(f.Date, c.From), dateOrNone(f.Date, c.To)})
	}
	number, by := strconv.FormatUint(d.Number, 10), d.Actor
	if by == canteen.JobActor.Login {
		by = t("audit.report.job")
	}
	return documents.Dossier{Town: s.opt.Town.Name, Title: t("audit.report.title", number), Lead: t("audit.report.lead"), Issued: d.At,
		Sections: []documents.DossierSection{
			{Title: t("audit.report.proof"), Facts: [][2]string{{t("audit.report.number"), number}, {t("audit.report.by"), by},
				{t("audit.report.total"), strconv.Itoa(d.Removed())}, {t("audit.report.before"), proof}}}, table}}
}

// dateOrNone writes a day, and no day as a dash.
func dateOrNone(write func(canteen.Date) string, d canteen.Date) string {
	if d.IsZero() {
		return "–"
	}
	return write(d)
}
