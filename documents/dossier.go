package documents

import (
	"time"
)

// Dossier is a document of facts and tables under headings: a family's own data
// (rules R5.8), a report of the retention job. Its words come from whoever fills
// it, in the reader's language.
type Dossier struct {
	Town     string
	Title    string
	Lead     string // a sentence under the title
	Issued   time.Time
	Sections []DossierSection
}

// DossierSection is a heading with what stands under it; every part may be
// missing. Empty is said when there are neither facts nor rows.
type DossierSection struct {
	Title   string
	Note    string
	Facts   [][2]string // what and how much
	Columns []DossierColumn
	Rows    [][]string // a cell for each column
	Empty   string
}

// DossierColumn is a column of a table: Share is its part of the width, of the
// sum of all; Number aligns it to the end.
type DossierColumn struct {
	Title  string
	Share  float64
	Number bool
}
