package store

import (
	"runtime"
	"testing"

	"refettorio/canteen"
)

// BenchmarkImportPupils imports 50,000 children, with siblings, into a new town.
// The peak of the heap is that of the import itself: the rows are there before.
func BenchmarkImportPupils(b *testing.B) {
	const size = 50_000
	for b.Loop() {
		b.StopTimer()
		i := openForImport(b)
		rows := bigTown(i, size)
		runtime.GC()
		b.StartTimer()
		report, err := i.ImportPupils(Console(), rows, ImportOptions{})
		if err != nil || report.Count(canteen.RowCreated) != size {
			b.Fatalf("created %d, %v", report.Count(canteen.RowCreated), err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB-from-system")
	b.ReportMetric(size, "rows/op")
}

// BenchmarkImportBalances imports the balances of 50,000 children.
func BenchmarkImportBalances(b *testing.B) {
	const size = 50_000
	for b.Loop() {
		b.StopTimer()
		i := openForImport(b)
		var balances []canteen.BalanceRow
		rows := bigTown(i, size)
		for k, row := range rows {
			balances = append(balances, canteen.BalanceRow{Line: row.Line, PAN: row.Pupil.PAN, Balance: canteen.Cents(k + 1)})
		}
		if _, err := i.ImportPupils(Console(), rows, ImportOptions{}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		report, err := i.ImportBalances(Console(), balances, ImportOptions{})
		if err != nil || report.Count(canteen.RowCreated) != size {
			b.Fatalf("created %d, %v", report.Count(canteen.RowCreated), err)
		}
	}
	b.ReportMetric(size, "rows/op")
}
