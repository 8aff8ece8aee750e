package intake

import (
	"io"

	"refettorio/canteen"
)

var (
	schoolCode = &column{name: "Codice meccanografico", need: filled,
		also: []string{"Cod. mecc.", "Codice plesso", "Codice scuola", "Codice", "School code", "Code"}}
	schoolName = &column{name: "Denominazione plesso", need: filled,
		also: []string{"Denominazione", "Plesso", "Nome plesso", "Scuola", "Nome scuola", "Nome", "School", "Name"}}
	schoolStage = &column{name: "Ordine", need: filled,
		also: []string{"Ordine di scuola", "Ordine scolastico", "Grado", "Tipo", "Stage"}}
	schoolInstitute = &column{name: "Istituto",
		also: []string{"Istituto comprensivo", "I.C.", "Istituzione scolastica", "Institute"}}
	schoolKitchen = &column{name: "Centro di cottura", need: filled,
		also: []string{"Centro cottura", "Cucina", "Kitchen"}}
	schoolCutoff = &column{name: "Termine",
		also: []string{"Orario limite", "Ora limite", "Termine disdette", "Cutoff"}}

	schoolColumns = []*column{schoolCode, schoolName, schoolStage, schoolInstitute, schoolKitchen, schoolCutoff}
)

// Schools reads plessi.csv. A codice meccanografico may stand once.
func Schools(r io.Reader) (Result[canteen.SchoolRow], error) {
	codes := seen[string]{}
	return read(r, schoolColumns, named(schoolCode), func(r *row) canteen.SchoolRow {
		v := canteen.SchoolRow{
			Line:      r.line,
			Code:      parse(r, schoolCode, canteen.ParseSchoolCode),
			Name:      r.text(schoolName),
			Stage:     parse(r, schoolStage, canteen.ParseStage),
			Institute: r.text(schoolInstitute),
			Kitchen:   r.text(schoolKitchen),
			Cutoff:    parse(r, schoolCutoff, canteen.ParseClock),
		}
		once(codes, r, schoolCode, v.Code)
		return v
	})
}
