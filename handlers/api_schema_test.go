package handlers

import (
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"refettorio/assets"
	"refettorio/canteen"
)

// node is a mapping of the API's description.
type node = map[string]any

// apiDocument is the API's description with the part of JSON Schema it uses:
// type, nullable, enum, pattern, format, minimum, maximum, required, properties,
// additionalProperties, items, allOf, anyOf, $ref. Another keyword is an error,
// so that nothing is written there which no test looks at.
type apiDocument struct{ root node }

func readAPIDocument(t testing.TB) *apiDocument {
	t.Helper()
	text, err := fs.ReadFile(assets.API(), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := &apiDocument{}
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

const apiBase = "/api/v1"

// operation finds what the description says about a request.
func (d *apiDocument) operation(method, path string) (node, bool) {
	for template, item := range child(d.root, "paths") {
		if op, ok := item.(node)[strings.ToLower(method)].(node); ok && fits(apiBase+template, path) {
			return op, true
		}
	}
	return nil, false
}

func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

func isJSON(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/json" || kind == problemJSON)
}

// judge lists what an answer has against the description. An address or method
// that is not in it must be answered with a problem.
func (d *apiDocument) judge(method, path string, a apiAnswer) []string {
	op, ok := d.operation(method, path)
	if !ok {
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			return []string{"is not described"}
		}
		return d.check(d.schema("Problem"), a.json, "body")
	}
	response, ok := d.follow(child(op, "responses")[strconv.Itoa(a.status)])
	if !ok {
		return []string{"the status is not described"}
	}
	var problems []string
	for name, header := range child(response, "headers") {
		got := a.header.Get(name)
		schema := child(header.(node), "schema")
		if schema["type"] == "integer" && got != "" {
			continue
		}
		problems = append(problems, d.check(schema, got, name)...)
	}
	kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	content, ok := child(response, "content")[kind].(node)
	if err != nil || !ok {
		return append(problems, "the content type "+kind+" is not described")
	}
	var body any = a.body
	if isJSON(kind) {
		body = a.json
	}
	return append(problems, d.check(child(content, "schema"), body, "body")...)
}

func child(n node, name string) node {
	c, _ := n[name].(node)
	return c
}

func (d *apiDocument) schema(name string) node {
	return node{"$ref": "#/components/schemas/" + name}
}

// follow resolves references.
func (d *apiDocument) follow(v any) (node, bool) {
	n, ok := v.(node)
	for ok && n["$ref"] != nil {
		at := any(d.root)
		for _, part := range strings.Split(strings.TrimPrefix(n["$ref"].(string), "#/"), "/") {
			if at, ok = at.(node)[part]; !ok {
				return nil, false
			}
		}
		n, ok = at.(node)
	}
	return n, ok
}

// keywords are those check understands, and those that are for people.
var keywords = []string{"type", "nullable", "enum", "pattern", "format", "minimum", "maximum", "maxLength", "default",
	"required", "properties", "additionalProperties", "items", "allOf", "anyOf", "description", "example"}

// flatten joins a schema with the parts of its allOf.
func (d *apiDocument) flatten(v any) node {
	n, ok := d.follow(v)
	if !ok {
		panic(fmt.Sprintf("openapi: %v leads nowhere", v))
	}
	flat := maps.Clone(n)
	properties := maps.Clone(child(n, "properties"))
	required, _ := n["required"].([]any)
	parts, _ := n["allOf"].([]any)
	for _, part := range parts {
		p := d.flatten(part)
		flat["type"] = p["type"]
		if properties == nil {
			properties = node{}
		}
		maps.Copy(properties, child(p, "properties"))
		more, _ := p["required"].([]any)
		required = append(slices.Clone(required), more...)
	}
	if properties != nil {
		flat["properties"], flat["required"] = properties, required
	}
	return flat
}

// check lists what a value has against a schema.
func (d *apiDocument) check(schema any, v any, at string) (problems []string) {
	s := d.flatten(schema)
	for keyword := range s {
		if !slices.Contains(keywords, keyword) {
			problems = append(problems, at+": the schema says "+keyword+", which nothing checks")
		}
	}
	if choices, ok := s["anyOf"].([]any); ok {
		var misfits []string
		for _, choice := range choices {
			misfit := d.check(choice, v, at)
			if len(misfit) == 0 {
				return problems
			}
			misfits = append(misfits, misfit...)
		}
		return append(problems, misfits...)
	}
	if v == nil && s["nullable"] == true {
		return problems
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		problems = append(problems, fmt.Sprintf("%s: %v is not one of %v", at, v, enum))
	}
	switch v := v.(type) {
	case node:
		return append(problems, d.checkObject(s, v, at)...)
	case []any:
		for i, one := range v {
			problems = append(problems, d.check(s["items"], one, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return append(problems, mustBe(s, "array", at)...)
	case string:
		return append(append(problems, mustBe(s, "string", at)...), checkText(s, v, at)...)
	case float64:
		return append(append(problems, mustBe(s, "integer", at)...), checkNumber(s, v, at)...)
	case bool:
		return append(problems, mustBe(s, "boolean", at)...)
	}
	return append(problems, fmt.Sprintf("%s: %v is not expected here", at, v))
}

func mustBe(s node, kind, at string) []string {
	if s["type"] != kind {
		return []string{fmt.Sprintf("%s: got %s, want %v", at, kind, s["type"])}
	}
	return nil
}

func (d *apiDocument) checkObject(s, v node, at string) (problems []string) {
	problems = mustBe(s, "object", at)
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			problems = append(problems, at+": "+name.(string)+" is missing")
		}
	}
	for name, value := range v {
		switch p, more := child(s, "properties")[name], s["additionalProperties"]; {
		case p != nil:
			problems = append(problems, d.check(p, value, at+"."+name)...)
		case more != nil && more != false:
			problems = append(problems, d.check(more, value, at+"."+name)...)
		default:
			problems = append(problems, at+"."+name+" is not described")
		}
	}
	return problems
}

func checkText(s node, v, at string) []string {
	if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
		return []string{fmt.Sprintf("%s: %q does not fit %s", at, v, pattern)}
	}
	switch s["format"] {
	case nil:
	case "date":
		if day, err := canteen.ParseDate(v); err != nil || day.String() != v {
			return []string{fmt.Sprintf("%s: %q is not a date", at, v)}
		}
	case "date-time":
		instant, err := time.Parse(time.RFC3339Nano, v)
		if err != nil || instant.In(canteen.Rome()).Format(time.RFC3339Nano) != v {
			return []string{fmt.Sprintf("%s: %q is not an instant with the offset of Rome", at, v)}
		}
	default:
		return []string{fmt.Sprintf("%s: nothing checks the format %v", at, s["format"])}
	}
	return nil
}

func checkNumber(s node, v float64, at string) []string {
	least, bounded := s["minimum"].(int)
	most, capped := s["maximum"].(int)
	if v != float64(int64(v)) || bounded && v < float64(least) || capped && v > float64(most) {
		return []string{fmt.Sprintf("%s: %v is out of bounds", at, v)}
	}
	return nil
}
