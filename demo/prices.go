package demo

import (
	"fmt"

	"refettorio/canteen"
)

// bandFull is of those who pay the full price: no rate of the tariff names it.
const bandFull = "F4"

// The bands of the tariff, from the poorest families on, and how many of a
// hundred families are in each.
var (
	bands       = []string{canteen.BandExempt, "F1", "F2", "F3", bandFull}
	bandWeights = []int{7, 14, 22, 20, 37}
)

// The rates of the tariff in force. Last year a meal cost ten cents less.
const (
	priceFull   = canteen.Cents(270)
	priceF3     = canteen.Cents(220)
	priceF2     = canteen.Cents(180)
	priceThird  = canteen.Cents(150) // from the third child on
	priceF1     = canteen.Cents(120)
	yearlyRaise = canteen.Cents(10)
)

// tariffOf returns the tariff of the school year that begins in a calendar
// year; now is that of the demo's present.
func tariffOf(first, now int) canteen.Tariff {
	off := yearlyRaise * canteen.Cents(min(max(now-first, 0), 3))
	decided := lastWorkday(canteen.NewDate(first, 8, 28))
	return canteen.Tariff{
		From:    canteen.NewDate(first, 9, 1),
		Act:     fmt.Sprintf("Delibera di Giunta n. %d", 90+first*7%40),
		ActDate: decided,
		Rates: []canteen.Rate{
			{Band: canteen.BandExempt, Price: 0, Note: "Esenzione su relazione dei servizi sociali"},
			{Residence: canteen.Outside, Price: priceFull - off, Note: "Non residenti"},
			{Band: "F1", Price: priceF1 - off, Note: "ISEE fino a 6.000 €"},
			{Rank: 3, Price: priceThird - off, Note: "Dal terzo figlio iscritto"},
			{Band: "F2", Price: priceF2 - off, Note: "ISEE da 6.000,01 a 12.000 €"},
			{Band: "F3", Price: priceF3 - off, Note: "ISEE da 12.000,01 a 20.000 €"},
			{Price: priceFull - off, Note: "ISEE oltre 20.000 € o non presentato"},
		},
	}
}

// diets are those the kitchens cook: a code, what it is called, what to leave
// out; the reason is nobody's business here (rules R5.3).
var diets = []canteen.Diet{
	{Code: "G1", Name: "senza glutine", Excludes: "pane, pasta e farine di frumento, farro, orzo e segale", Allergens: []int{1}},
	{Code: "L1", Name: "senza latte", Excludes: "latte, formaggi, burro, panna e yogurt", Allergens: []int{7}},
	{Code: "U1", Name: "senza uova", Excludes: "uova e preparazioni che ne contengono", Allergens: []int{3}},
	{Code: "R1", Name: "no carne suina", Excludes: "maiale, prosciutto e salumi"},
	{Code: "V1", Name: "vegetariana", Excludes: "carne, pesce e loro brodi", Allergens: []int{2, 4, 14}},
	{Code: "F1", Name: "favismo", Excludes: "fave, piselli e farine che ne contengono"},
	{Code: "N1", Name: "senza frutta a guscio", Excludes: "noci, nocciole, mandorle, pinoli e arachidi", Allergens: []int{5, 8}},
}

// How diets are spread, in the order of the list: a child of a family that may
// avoid pork often asks for R1.
var (
	dietWeights = []int{16, 18, 12, 14, 10, 8, 12}
	dietShare   = 4.4  // of a hundred children
	porkShare   = 40.0 // of a hundred children of such families
)

const dietNoPork = "R1"

// dietOf draws the diet of a child; most have none.
func dietOf(s stream, from *origin) string {
	if from.noPork && s.chance(porkShare) {
		return dietNoPork
	}
	if !s.chance(dietShare) {
		return ""
	}
	return diets[s.weighted(dietWeights)].Code
}
