package handlers

import (
	"net/http"
	"slices"

	"refettorio/canteen"
	"refettorio/store"
)

// KitchenMenu is the menu of a day for one or several orders of school.
type KitchenMenu struct {
	Stages []canteen.Stage // empty when there is one menu for all
	Dishes []KitchenDish
}

// KitchenDish is a dish with the diets of the day it may not go to.
type KitchenDish struct {
	canteen.Dish
	Avoid []string // diet codes: the dish contains what they leave out
	Trace []string // diet codes: there may be traces of it
}

// kitchenMenus returns the menus of the day for the stages the kitchen serves,
// equal ones together, each dish held against the diets of the sheet (R9.2).
func (s *Server) kitchenMenus(r *http.Request, p *KitchenPage, town store.Town) ([]KitchenMenu, error) {
	menus, err := s.store.Menus(act(r))
	if err != nil {
		return nil, err
	}
	var all []KitchenMenu
	for _, stage := range stagesOf(p.Sheet, town.Schools) {
		dishes := canteen.MenuOn(menus, p.Day, stage)
		if len(dishes) == 0 {
			continue
		}
		same := slices.IndexFunc(all, func(m KitchenMenu) bool {
			return slices.EqualFunc(m.Dishes, dishes, func(a KitchenDish, b canteen.Dish) bool { return a.Course == b.Course && a.Name == b.Name })
		})
		if same >= 0 {
			all[same].Stages = append(all[same].Stages, stage)
			continue
		}
		menu := KitchenMenu{Stages: []canteen.Stage{stage}}
		for _, d := range dishes {
			menu.Dishes = append(menu.Dishes, against(d, p.Sheet.Legend))
		}
		all = append(all, menu)
	}
	if len(all) == 1 {
		all[0].Stages = nil
	}
	return all, nil
}

// stagesOf lists the orders of school on a sheet, in their own order.
func stagesOf(sheet *canteen.Sheet, schools []canteen.School) (found []canteen.Stage) {
	for _, school := range schools {
		served := slices.ContainsFunc(sheet.Rows, func(row canteen.SheetRow) bool { return row.School == school.Code })
		if served && !slices.Contains(found, school.Stage) {
			found = append(found, school.Stage)
		}
	}
	return found
}

// against holds a dish against diets.
func against(d canteen.Dish, diets []canteen.Diet) KitchenDish {
	dish := KitchenDish{Dish: d}
	common := func(a, b []int) bool {
		return slices.ContainsFunc(a, func(n int) bool { return slices.Contains(b, n) })
	}
	for _, diet := range diets {
		switch {
		case common(d.Allergens, diet.Allergens):
			dish.Avoid = append(dish.Avoid, diet.Code)
		case common(d.Traces, diet.Allergens):
			dish.Trace = append(dish.Trace, diet.Code)
		}
	}
	return dish
}
