package handlers

import (
	"net/http"

	"refettorio/assets"
	"refettorio/canteen"
)

type apiMenuList struct {
	Days []apiMenuDay `json:"days"`
}

type apiMenuDay struct {
	Day    canteen.Date  `json:"day"`
	Stage  canteen.Stage `json:"stage"`
	Dishes []apiDish     `json:"dishes"`
}

type apiDish struct {
	Course    canteen.Course `json:"course"`
	Name      string         `json:"name"`
	Allergens []int          `json:"allergens"` // the numbers of Reg. EU 1169/2011, Annex II
	Traces    []int          `json:"traces"`
	Frozen    bool           `json:"frozen"`
}

// The range of the menu.
const (
	menuDays    = 7
	longestMenu = 62
)

// apiMenu returns what is served, by day and stage; days without a menu are
// left out.
func (s *Server) apiMenu(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	from, to, err := dayRange(query, s.today(), s.today().AddDays(menuDays-1), longestMenu)
	if err != nil {
		return err
	}
	stages, err := stagesAsked(query.Get("stage"))
	if err != nil {
		return err
	}
	menus, err := s.store.Menus(act(r))
	if err != nil {
		return err
	}
	answer := apiMenuList{Days: []apiMenuDay{}}
	for day := from; day <= to; day = day.AddDays(1) {
		for _, stage := range stages {
			if dishes := canteen.MenuOn(menus, day, stage); len(dishes) > 0 {
				answer.Days = append(answer.Days, apiMenuDay{day, stage, dishesOf(dishes)})
			}
		}
	}
	return s.json(w, http.StatusOK, answer)
}

func stagesAsked(stage string) ([]canteen.Stage, error) {
	switch st := canteen.Stage(stage); st {
	case "":
		return []canteen.Stage{canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria}, nil
	case canteen.StageInfanzia, canteen.StagePrimaria, canteen.StageSecondaria:
		return []canteen.Stage{st}, nil
	}
	return nil, canteen.Invalid("stage", "error.stage", stage)
}

func dishesOf(dishes []canteen.Dish) []apiDish {
	all := make([]apiDish, len(dishes))
	for i, d := range dishes {
		all[i] = apiDish{d.Course, d.Name, orEmpty(d.Allergens), orEmpty(d.Traces), d.Frozen}
	}
	return all
}

// orEmpty writes no numbers as an empty list.
func orEmpty(list []int) []int {
	if list == nil {
		return []int{}
	}
	return list
}

// apiOpenAPI is the description of the API.
func (s *Server) apiOpenAPI(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/yaml") // RFC 9512
	http.ServeFileFS(w, r, assets.API(), "openapi.yaml")
	return nil
}
