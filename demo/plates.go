package demo

import "refettorio/canteen"

// plate is a dish as the kitchens cook it, with the allergens of Reg. EU
// 1169/2011 in it, those it may hold traces of, and whether it was frozen.
type plate struct {
	course    canteen.Course
	allergens []int
	traces    []int
	frozen    bool
}

// The allergens of the menus, by their number in Annex II.
const (
	gluten = 1
	egg    = 3
	fish   = 4
	soy    = 6
	milk   = 7
	nuts   = 8
	celery = 9
	sesame = 11
)

func has(allergens ...int) []int { return allergens }

// none says that somebody looked and found no allergen.
var none = []int{}

// plates are all dishes by name. A dish without allergens says so.
var plates = map[string]plate{
	"Pasta al pomodoro e basilico":          {canteen.CourseFirst, has(gluten), nil, false},
	"Passato di verdure con crostini":       {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Risotto alla zucca":                    {canteen.CourseFirst, has(milk, celery), nil, false},
	"Pasta e lenticchie":                    {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Pasta con crema di zucchine":           {canteen.CourseFirst, has(gluten, milk), nil, false},
	"Orecchiette con cime di rapa":          {canteen.CourseFirst, has(gluten), has(fish), false},
	"Minestrone di farro":                   {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Pasta e ceci al rosmarino":             {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Lasagne al forno":                      {canteen.CourseFirst, has(gluten, egg, milk, celery), nil, false},
	"Riso con piselli":                      {canteen.CourseFirst, has(milk), nil, false},
	"Gnocchi di patate al pomodoro":         {canteen.CourseFirst, has(gluten, egg), has(milk), false},
	"Vellutata di zucca con orzo":           {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Pasta con i broccoli":                  {canteen.CourseFirst, has(gluten), nil, false},
	"Riso e patate gratinati":               {canteen.CourseFirst, has(milk), nil, false},
	"Pasta al tonno":                        {canteen.CourseFirst, has(gluten, fish), nil, false},
	"Pasta al forno":                        {canteen.CourseFirst, has(gluten, egg, milk, celery), nil, false},
	"Crema di legumi con crostini":          {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Risotto allo zafferano":                {canteen.CourseFirst, has(milk, celery), nil, false},
	"Pasta e fagioli":                       {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Cavatelli al ragù di verdure":          {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Pasta al pesto":                        {canteen.CourseFirst, has(gluten, milk, nuts), nil, false},
	"Insalata di riso e verdure":            {canteen.CourseFirst, none, nil, false},
	"Orzotto alle verdure dell'orto":        {canteen.CourseFirst, has(gluten, celery), nil, false},
	"Pasta alla crudaiola con cacioricotta": {canteen.CourseFirst, has(gluten, milk), nil, false},
	"Farro con pomodorini":                  {canteen.CourseFirst, has(gluten), nil, false},
	"Pasta con melanzane":                   {canteen.CourseFirst, has(gluten), nil, false},
	"Riso al pomodoro":                      {canteen.CourseFirst, none, nil, false},
	"Troccoli al sugo di pomodoro":          {canteen.CourseFirst, has(gluten, egg), nil, false},
	"Frittata al forno con zucchine":        {canteen.CourseSecond, has(egg, milk), nil, false},
	"Frittata di patate":                    {canteen.CourseSecond, has(egg, milk), nil, false},
	"Polpette di manzo al sugo":             {canteen.CourseSecond, has(gluten, egg, milk), nil, false},
	"Petto di pollo alle erbe":              {canteen.CourseSecond, none, nil, false},
	"Mozzarella":                            {canteen.CourseSecond, has(milk), nil, false},
	"Filetto di merluzzo gratinato":         {canteen.CourseSecond, has(gluten, fish), nil, true},
	"Prosciutto cotto":                      {canteen.CourseSecond, none, nil, false},
	"Scaloppina di tacchino al limone":      {canteen.CourseSecond, has(gluten), nil, false},
	"Ricotta vaccina":                       {canteen.CourseSecond, has(milk), nil, false},
	"Bocconcini di pollo al forno":          {canteen.CourseSecond, none, nil, false},
	"Platessa al forno con olive":           {canteen.CourseSecond, has(fish), nil, true},
	"Arista di maiale al forno":             {canteen.CourseSecond, none, nil, false},
	"Hamburger di manzo":                    {canteen.CourseSecond, has(gluten), has(soy), false},
	"Polpette di ceci":                      {canteen.CourseSecond, has(gluten, egg), has(sesame), false},
	"Bastoncini di merluzzo al forno":       {canteen.CourseSecond, has(gluten, fish), nil, true},
	"Tacchino arrosto":                      {canteen.CourseSecond, none, nil, false},
	"Spezzatino di vitello con patate":      {canteen.CourseSecond, has(celery), nil, false},
	"Cotoletta di pollo al forno":           {canteen.CourseSecond, has(gluten, egg), nil, false},
	"Caciotta":                              {canteen.CourseSecond, has(milk), nil, false},
	"Polpettine di pesce al forno":          {canteen.CourseSecond, has(gluten, egg, fish), nil, true},
	"Fiordilatte e pomodori":                {canteen.CourseSecond, has(milk), nil, false},
	"Straccetti di tacchino":                {canteen.CourseSecond, has(gluten), nil, false},
	"Uova strapazzate al pomodoro":          {canteen.CourseSecond, has(egg), nil, false},
	"Polpettine morbide di manzo":           {canteen.CourseSecond, has(gluten, egg, milk), nil, false},
	"Filetto di platessa al limone":         {canteen.CourseSecond, has(fish), nil, true},
	"Carote julienne":                       {canteen.CourseSide, none, nil, false},
	"Carote al vapore":                      {canteen.CourseSide, none, nil, false},
	"Purè di patate":                        {canteen.CourseSide, has(milk), nil, false},
	"Finocchi gratinati":                    {canteen.CourseSide, has(gluten, milk), nil, false},
	"Finocchi in insalata":                  {canteen.CourseSide, none, nil, false},
	"Spinaci all'olio":                      {canteen.CourseSide, none, nil, true},
	"Insalata mista":                        {canteen.CourseSide, none, nil, false},
	"Insalata verde":                        {canteen.CourseSide, none, nil, false},
	"Patate al forno":                       {canteen.CourseSide, none, nil, false},
	"Patate al vapore":                      {canteen.CourseSide, none, nil, false},
	"Bietole all'olio":                      {canteen.CourseSide, none, nil, false},
	"Fagiolini all'olio":                    {canteen.CourseSide, none, nil, true},
	"Cavolfiore gratinato":                  {canteen.CourseSide, has(gluten, milk), nil, false},
	"Pomodori in insalata":                  {canteen.CourseSide, none, nil, false},
	"Zucchine trifolate":                    {canteen.CourseSide, none, nil, false},
	"Pane di grano duro":                    {canteen.CourseBread, has(gluten), has(sesame), false},
	"Pane integrale":                        {canteen.CourseBread, has(gluten), has(sesame, soy), false},
	"Mela":                                  {canteen.CourseFruit, none, nil, false},
	"Pera":                                  {canteen.CourseFruit, none, nil, false},
	"Arancia":                               {canteen.CourseFruit, none, nil, false},
	"Mandarini":                             {canteen.CourseFruit, none, nil, false},
	"Banana":                                {canteen.CourseFruit, none, nil, false},
	"Kiwi":                                  {canteen.CourseFruit, none, nil, false},
	"Yogurt alla frutta":                    {canteen.CourseFruit, has(milk), nil, false},
	"Fragole":                               {canteen.CourseFruit, none, nil, false},
	"Albicocche":                            {canteen.CourseFruit, none, nil, false},
	"Melone":                                {canteen.CourseFruit, none, nil, false},
	"Budino al cioccolato":                  {canteen.CourseFruit, has(milk), has(nuts, soy), false},
}

// softer are the dishes the smallest get instead: nothing raw and hard.
var softer = map[string]string{
	"Carote julienne":                 "Carote al vapore",
	"Finocchi in insalata":            "Patate al vapore",
	"Hamburger di manzo":              "Polpettine morbide di manzo",
	"Bastoncini di merluzzo al forno": "Filetto di platessa al limone",
	"Arista di maiale al forno":       "Bocconcini di pollo al forno",
}
