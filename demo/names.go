package demo

// The names of Borgoluce, the commonest in front.

var surnames = []string{
	"Russo", "De Santis", "Palumbo", "Ricci", "Lombardi", "Conte", "Ferrara", "Marino", "Rizzi", "Mancini",
	"Barone", "D'Amico", "Caputo", "Leone", "Ciccone", "Grasso", "Petrone", "Gentile", "Di Gioia", "Santoro",
	"Colucci", "Ruggiero", "Pellegrino", "Vitale", "Tota", "Cassano", "Longo", "Iannelli", "Bruno", "Testa",
	"Del Vecchio", "Ferrante", "Morelli", "Basile", "Fiore", "La Torre", "Esposito", "Cavallo", "Monaco", "Altieri",
	"D'Errico", "Piacente", "Loconte", "Carbone", "Festa", "Villani", "Tricarico", "Sorrentino", "Martino", "Greco",
	"De Luca", "Mastrangelo", "Pepe", "Bianco", "Coppola", "Valente", "Capuano", "Nardella", "Di Biase", "Recchia",
	"Totaro", "Fusco", "Guerrieri", "Cocca", "Papa", "Sabatino", "Schiavone", "De Meo", "Stellato", "Lioce",
	"Rinaldi", "Melchiorre", "Prencipe", "Trombetta", "Bove", "Patella", "Zullo", "Catapano", "Lo Russo", "Scarano",
	"Campanella", "D'Aloia", "Urbano", "Rubino", "Manna", "Padalino", "Forte", "Squeo", "Tomaiuolo", "Renzulli",
	"Cirillo", "Damato", "Vinciguerra", "Lauriola", "Piemontese", "Bucci", "Sepe", "Toma", "Granieri", "Spagnuolo",
}

var boys = []string{
	"Francesco", "Leonardo", "Antonio", "Giuseppe", "Alessandro", "Mattia", "Gabriele", "Lorenzo", "Michele", "Matteo",
	"Andrea", "Tommaso", "Edoardo", "Riccardo", "Luigi", "Davide", "Christian", "Diego", "Domenico", "Nicolò",
	"Raffaele", "Samuele", "Salvatore", "Pietro", "Vincenzo", "Federico", "Giovanni", "Marco", "Giulio", "Emanuele",
	"Filippo", "Simone", "Nicola", "Gioele", "Jacopo", "Elia", "Carlo", "Pasquale", "Enea", "Donato",
}

var girls = []string{
	"Sofia", "Giulia", "Aurora", "Maria", "Ginevra", "Alice", "Chiara", "Emma", "Noemi", "Giorgia",
	"Martina", "Anna", "Vittoria", "Beatrice", "Ludovica", "Francesca", "Gaia", "Azzurra", "Sara", "Greta",
	"Arianna", "Antonella", "Rebecca", "Camilla", "Marta", "Lucia", "Elisa", "Nicole", "Benedetta", "Asia",
	"Miriam", "Bianca", "Carlotta", "Viola", "Eleonora", "Diletta", "Alessia", "Adele", "Mia", "Michela",
}

var men = []string{
	"Antonio", "Giuseppe", "Michele", "Francesco", "Luigi", "Domenico", "Vincenzo", "Nicola", "Matteo", "Pasquale",
	"Salvatore", "Giovanni", "Leonardo", "Raffaele", "Marco", "Andrea", "Fabio", "Alessandro", "Roberto", "Massimo",
	"Gianluca", "Donato", "Stefano", "Rocco", "Daniele", "Pietro", "Mario", "Carmine", "Davide", "Ciro",
}

var women = []string{
	"Maria", "Anna", "Antonella", "Angela", "Rosa", "Lucia", "Francesca", "Daniela", "Michela", "Teresa",
	"Giovanna", "Valentina", "Stefania", "Filomena", "Carmela", "Paola", "Elena", "Raffaella", "Concetta", "Simona",
	"Chiara", "Rossella", "Ilaria", "Grazia", "Annarita", "Monica", "Lidia", "Serena", "Barbara", "Giuseppina",
}

var streets = []string{
	"Via delle Ginestre", "Via Porta Sveva", "Via del Mulino Vecchio", "Viale degli Ulivi", "Corso Borgoluce",
	"Via dei Lanari", "Via San Leonardo", "Via del Tratturo", "Via Terra Vecchia", "Piazza del Pozzo",
	"Via dei Mandorli", "Via della Transumanza", "Via Fontana Nuova", "Via del Grano", "Vico dei Cordari",
	"Via dell'Aia", "Viale della Stazione", "Via Masseria Bianca", "Via del Belvedere", "Via dei Vasai",
	"Largo della Lucerna", "Via delle Rondini", "Via Appulo", "Via dei Ferrai", "Via Orto delle Monache",
	"Via del Vento", "Via Torre Saracena", "Via dei Gelsi", "Contrada Pozzo Salso", "Contrada Casone Rosso",
}

// town is a place to be born or to live in; code is its Belfiore code.
type town struct{ name, code string }

// birthTowns are where the children and parents of Borgoluce are born: the
// hospitals of the province first.
var birthTowns = []town{
	{"Foggia", "D643"}, {"San Giovanni Rotondo", "H926"}, {"San Severo", "I158"}, {"Cerignola", "C514"},
	{"Manfredonia", "E885"}, {"Lucera", "E716"}, {"Bari", "A662"}, {"Benevento", "A783"},
	{"Napoli", "F839"}, {"Roma", "H501"}, {"Milano", "F205"}, {"Torino", "L219"},
}

// Where families live: Borgoluce, and the villages that are not in it.
const (
	homeTown     = "Borgoluce"
	homePostCode = "71099"
)

var villages = []string{"Castelrovere", "Pietrachiara di Puglia", "Montesalso"}
