package handlers

var (
	kitchenRoutes = []route{
		{"GET", "/cucina", "kitchen.home", kitchens, (*Server).kitchenHome},
		{"GET", "/cucina/eventi", "kitchen.events", kitchens, (*Server).kitchenEvents},
		{"GET", "/cucina/foglio.{format:pdf|xlsx|csv}", "kitchen.download", kitchens, (*Server).kitchenDownload},
	}
	kitchenPages = []string{"kitchen/home"}
	kitchenNav   = [][2]string{{"kitchen.nav.today", "kitchen.home"}, {"kitchen.nav.menu", "menu"}}
)
