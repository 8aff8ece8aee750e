package handlers

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Every route of the API is described, and every description is of a route with
// that audience.
func TestAPIDocument_describesEveryRouteAndNoOther(t *testing.T) {
	d := readAPIDocument(t)
	routes := map[string]route{}
	for _, row := range apiRoutes {
		routes[row.method+" "+row.path] = row
	}
	for path, item := range child(d.root, "paths") {
		for method, op := range item.(node) {
			key := strings.ToUpper(method) + " " + apiBase + path
			row, ok := routes[key]
			if !ok {
				t.Errorf("%s is described and not a route", key)
				continue
			}
			delete(routes, key)
			describesRoute(t, d, row, op.(node))
		}
	}
	for key := range routes {
		t.Errorf("%s is a route and not described", key)
	}
}

func describesRoute(t *testing.T, d *apiDocument, row route, op node) {
	t.Helper()
	if op["operationId"] != row.name {
		t.Errorf("%s: operationId %v, want the route's name", row.name, op["operationId"])
	}
	if security, _ := op["security"].([]any); (security != nil) != row.audience.everybody {
		t.Errorf("%s: security %v, and the route's audience is %+v", row.name, op["security"], row.audience)
	}
	want := pathVariables(row.path)
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		parameter, ok := d.follow(p)
		if !ok {
			t.Fatalf("%s: the parameter %v leads nowhere", row.name, p)
		}
		if parameter["in"] == "path" {
			want = slices.DeleteFunc(want, func(name string) bool { return name == parameter["name"] })
		}
	}
	if len(want) > 0 {
		t.Errorf("%s: the variables %v of the path are not described", row.name, want)
	}
}

// A program can rely on every property, or is told that it cannot.
func TestAPIDocument_propertiesAreRequiredOrSaidToBeOptional(t *testing.T) {
	d := readAPIDocument(t)
	d.walk(d.root, "", func(at string, n node) {
		for name, p := range child(n, "properties") {
			property, ok := d.follow(p)
			if !ok {
				t.Errorf("%s.%s leads nowhere", at, name)
				continue
			}
			required, _ := n["required"].([]any)
			words, _ := property["description"].(string)
			if optional := strings.HasPrefix(words, "Optional."); optional == slices.Contains(required, any(name)) && !refines(at) {
				t.Errorf("%s.%s: required %v, and its description is %q", at, name, !optional, words)
			}
			for keyword := range property {
				if !slices.Contains(keywords, keyword) {
					t.Errorf("%s.%s: nothing checks %s", at, name, keyword)
				}
			}
		}
		if ref, ok := n["$ref"]; ok {
			if _, ok := d.follow(n); !ok {
				t.Errorf("%s: %v leads nowhere", at, ref)
			}
		}
	})
}

// refines tells the part of an allOf that makes an optional code a given one.
func refines(at string) bool { return strings.Contains(at, "/allOf/") }

// walk visits every mapping of the description.
func (d *apiDocument) walk(v any, at string, visit func(at string, n node)) {
	switch v := v.(type) {
	case node:
		visit(at, v)
		for name, one := range v {
			d.walk(one, at+"/"+name, visit)
		}
	case []any:
		for _, one := range v {
			d.walk(one, at+"/", visit)
		}
	}
}

// The examples of the description are answers it would accept.
func TestAPIDocument_examplesFitTheirSchemas(t *testing.T) {
	d := readAPIDocument(t)
	seen := 0
	d.walk(d.root, "", func(at string, n node) {
		example, schema := n["example"], n["schema"]
		if example == nil || schema == nil {
			return
		}
		seen++
		for _, problem := range d.check(schema, asDecoded(example), at) {
			t.Error(problem)
		}
	})
	if seen < 8 {
		t.Errorf("found %d examples, want those of every body", seen)
	}
}

// asDecoded turns YAML's numbers into those of encoding/json.
func asDecoded(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case node:
		for name, one := range v {
			v[name] = asDecoded(one)
		}
	case []any:
		for i, one := range v {
			v[i] = asDecoded(one)
		}
	}
	return v
}

func TestAPIDocument_isServedToEverybody(t *testing.T) {
	k := newAPIKit(t)
	a := k.do(apiCall{method: "GET", path: "/api/v1/openapi.yaml"})
	if a.status != http.StatusOK || !strings.HasPrefix(a.body, "openapi: 3.0.3\n") {
		t.Errorf("got %d %.40q, want the document", a.status, a.body)
	}
}

// The test's own judge must be able to say no.
func TestAPIDocument_judgeRefusesWhatIsNotDescribed(t *testing.T) {
	d := readAPIDocument(t)
	good := node{"day": "2026-10-14", "outcome": "accepted", "deadline": nil, "receipt": nil}
	if problems := d.check(d.schema("Outcome"), good, "good"); len(problems) > 0 {
		t.Fatalf("a good outcome has problems: %v", problems)
	}
	for what, bad := range map[string]node{
		"missing property":  {"day": "2026-10-14", "outcome": "accepted", "deadline": nil},
		"unknown property":  {"day": "2026-10-14", "outcome": "accepted", "deadline": nil, "receipt": nil, "pupil": "1"},
		"unknown word":      {"day": "2026-10-14", "outcome": "Accepted", "deadline": nil, "receipt": nil},
		"no date":           {"day": "14/10/2026", "outcome": "accepted", "deadline": nil, "receipt": nil},
		"null":              {"day": nil, "outcome": "accepted", "deadline": nil, "receipt": nil},
		"another zone":      {"day": "2026-10-14", "outcome": "accepted", "deadline": "2026-10-14T07:30:00Z", "receipt": nil},
		"a part is missing": {"day": "2026-10-14", "outcome": "accepted", "deadline": nil, "receipt": node{"number": "2026/000001"}},
		"a wrong type":      {"day": "2026-10-14", "outcome": "accepted", "deadline": nil, "receipt": "2026/000001"},
	} {
		if problems := d.check(d.schema("Outcome"), bad, "bad"); len(problems) == 0 {
			t.Errorf("%s: nothing was found in %v", what, bad)
		}
	}
}
