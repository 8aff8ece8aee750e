package demo

// origin is where a family comes from, with the names it uses.
type origin struct {
	country  town // name and Belfiore code; the zero one is Italy
	surnames []string
	boys     []string
	girls    []string
	men      []string
	women    []string
	ownNames bool // the mother keeps a surname of her own
	noPork   bool // many families ask for meals without pork
}

var italy = origin{surnames: surnames, boys: boys, girls: girls, men: men, women: women, ownNames: true}

// foreignShare is how many families of a hundred come from another country.
const foreignShare = 12

// origins are the countries foreign families come from; originWeights says how
// often.
var (
	origins       = []*origin{&albania, &romania, &morocco, &ukraine, &china, &bangladesh}
	originWeights = []int{26, 30, 16, 10, 10, 8}
)

var albania = origin{
	country:  town{"Albania", "Z100"},
	surnames: []string{"Hoxha", "Shehu", "Prifti", "Leka", "Gjoka", "Dervishi", "Kola", "Marku", "Bardhi", "Çela", "Toska", "Ndreu"},
	boys:     []string{"Noel", "Aron", "Kevin", "Roan", "Erion", "Mateo", "Luka", "Ajan"},
	girls:    []string{"Amelia", "Ajla", "Sara", "Klea", "Melisa", "Hana", "Kejsi", "Dea"},
	men:      []string{"Arben", "Gentian", "Ilir", "Fatmir", "Altin", "Bledar", "Dritan"},
	women:    []string{"Mirela", "Valbona", "Edlira", "Anila", "Elona", "Blerta", "Teuta"},
	noPork:   true,
}

var romania = origin{
	country:  town{"Romania", "Z129"},
	surnames: []string{"Popescu", "Ionescu", "Stan", "Munteanu", "Dumitru", "Radu", "Stoica", "Gheorghe", "Matei", "Ciobanu", "Rusu", "Ștefan"},
	boys:     []string{"David", "Andrei", "Luca", "Ștefan", "Matei", "Darius", "Gabriel", "Ioan"},
	girls:    []string{"Maria", "Andreea", "Sofia", "Ioana", "Alexandra", "Daria", "Elena", "Antonia"},
	men:      []string{"Ionuț", "Marian", "Vasile", "Cristian", "Adrian", "Florin", "Gheorghe"},
	women:    []string{"Mihaela", "Ionela", "Cristina", "Daniela", "Gabriela", "Loredana", "Simona"},
}

var morocco = origin{
	country:  town{"Marocco", "Z330"},
	surnames: []string{"El Amrani", "Benali", "El Idrissi", "Bouzid", "Chakir", "El Fassi", "Naciri", "Tahiri", "Ouali", "Zerouali"},
	boys:     []string{"Adam", "Rayan", "Youssef", "Ilyas", "Amine", "Omar", "Anas"},
	girls:    []string{"Malak", "Aya", "Salma", "Inès", "Nour", "Hiba", "Jannat"},
	men:      []string{"Mohammed", "Abdelkader", "Hassan", "Rachid", "Khalid", "Said"},
	women:    []string{"Fatima", "Khadija", "Naima", "Samira", "Latifa", "Hanane"},
	ownNames: true,
	noPork:   true,
}

var ukraine = origin{
	country:  town{"Ucraina", "Z138"},
	surnames: []string{"Bondarenko", "Kovalenko", "Shevchenko", "Tkachenko", "Melnyk", "Kravchuk", "Oliinyk", "Savchenko"},
	boys:     []string{"Artem", "Danylo", "Maksym", "Oleksandr", "Bohdan", "Mykhailo"},
	girls:    []string{"Sofiia", "Anastasiia", "Solomiia", "Polina", "Yeva", "Zlata"},
	men:      []string{"Oleksandr", "Serhii", "Andrii", "Volodymyr", "Vitalii"},
	women:    []string{"Oksana", "Nataliia", "Olena", "Tetiana", "Iryna", "Svitlana"},
}

var china = origin{
	country:  town{"Cina", "Z210"},
	surnames: []string{"Hu", "Chen", "Lin", "Zhou", "Wang", "Zheng", "Wu", "Xu", "Ye", "Jin"},
	boys:     []string{"Kevin", "Junjie", "Leonardo", "Haoran", "Marco", "Yichen"},
	girls:    []string{"Sofia", "Yuxin", "Giulia", "Xinyi", "Angela", "Meiqi"},
	men:      []string{"Wei", "Jianguo", "Haibo", "Xiaoming", "Guangfu"},
	women:    []string{"Xiaoyan", "Meilin", "Yanping", "Lihua", "Qiuxia"},
	ownNames: true,
}

var bangladesh = origin{
	country:  town{"Bangladesh", "Z249"},
	surnames: []string{"Rahman", "Hossain", "Islam", "Miah", "Uddin", "Ahmed", "Sarkar", "Chowdhury"},
	boys:     []string{"Arham", "Ayaan", "Tahmid", "Rafi", "Zayan", "Sami"},
	girls:    []string{"Nusrat", "Tasnim", "Raisa", "Sumaiya", "Anisha", "Maliha"},
	men:      []string{"Mizanur", "Shahidul", "Jahangir", "Kamal", "Rafiqul"},
	women:    []string{"Shahanaz", "Nasrin", "Rokeya", "Taslima", "Farzana"},
	ownNames: true,
	noPork:   true,
}
