package render

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"text/template/parse"
)

// folder walks a parsed template: it checks every message key and icon written as
// a literal, and replaces by their value the actions that are constant, so that
// they cost nothing when the page is rendered.
//
// The value is inserted before html/template looks at the contexts, with the four
// characters of HTML escaped: right in text and in double-quoted attributes, the
// only places where the templates use these functions.
type folder struct {
	catalog *Catalog
	book    *book
	funcs   template.FuncMap
}

// errFold says where in which template.
func errFold(tree *parse.Tree, n parse.Node, err error) error {
	place, context := tree.ErrorContext(n)
	return fmt.Errorf("%s: %s: %w", place, context, err)
}

func (f folder) fold(tree *parse.Tree) error {
	if tree == nil || tree.Root == nil {
		return nil
	}
	return f.list(tree, tree.Root)
}

// indentation is for whoever writes templates, not for whoever reads pages. (It
// would matter inside <pre> and <textarea>, whose content is data with us.)
var indentation = regexp.MustCompile(`\s*\n\s*`)

func (f folder) list(tree *parse.Tree, list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for i, node := range list.Nodes {
		var err error
		switch n := node.(type) {
		case *parse.TextNode:
			n.Text = indentation.ReplaceAll(n.Text, []byte("\n"))
		case *parse.ActionNode:
			var text *parse.TextNode
			if text, err = f.action(tree, n); text != nil {
				list.Nodes[i] = text
			}
		case *parse.IfNode:
			err = f.branch(tree, &n.BranchNode)
		case *parse.RangeNode:
			err = f.branch(tree, &n.BranchNode)
		case *parse.WithNode:
			err = f.branch(tree, &n.BranchNode)
		case *parse.TemplateNode:
			err = f.check(tree, n.Pipe)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f folder) branch(tree *parse.Tree, n *parse.BranchNode) error {
	if err := f.check(tree, n.Pipe); err != nil {
		return err
	}
	if err := f.list(tree, n.List); err != nil {
		return err
	}
	return f.list(tree, n.ElseList)
}

// action returns the text of a constant action, nil for any other.
func (f folder) action(tree *parse.Tree, n *parse.ActionNode) (*parse.TextNode, error) {
	if err := f.check(tree, n.Pipe); err != nil {
		return nil, err
	}
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 {
		return nil, nil
	}
	name, words, constant := literalCall(n.Pipe.Cmds[0])
	if !constant {
		return nil, nil
	}
	text, ok, err := f.value(name, words)
	if err != nil {
		return nil, errFold(tree, n, err)
	}
	if !ok {
		return nil, nil
	}
	return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}, nil
}

var fourCharacters = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

// value computes a foldable function of literal words.
func (f folder) value(name string, words []string) (text string, ok bool, err error) {
	switch name {
	case "t":
		return fourCharacters.Replace(f.book.text(words[0], anys(words[1:]))), true, nil
	case "icon":
		html, err := f.funcs["icon"].(func(string, ...string) (template.HTML, error))(words[0], words[1:]...)
		return string(html), true, err
	case "asset":
		path, err := f.funcs["asset"].(func(string) (string, error))(words[0])
		return fourCharacters.Replace(path), true, err
	case "url":
		path, err := f.funcs["url"].(func(string, ...any) (string, error))(words[0], anys(words[1:])...)
		return fourCharacters.Replace(path), true, err
	}
	return "", false, nil
}

func anys(words []string) []any {
	list := make([]any, len(words))
	for i, w := range words {
		list[i] = w
	}
	return list
}

// check verifies the literal keys and icons of a pipeline, wherever they stand.
func (f folder) check(tree *parse.Tree, pipe *parse.PipeNode) error {
	if pipe == nil {
		return nil
	}
	for _, cmd := range pipe.Cmds {
		if err := f.checkCall(cmd); err != nil {
			return errFold(tree, cmd, err)
		}
		for _, arg := range cmd.Args {
			if inner, ok := arg.(*parse.PipeNode); ok {
				if err := f.check(tree, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (f folder) checkCall(cmd *parse.CommandNode) error {
	name, first := callee(cmd)
	if name != "t" || first == nil {
		return nil
	}
	key := first.Text
	if !f.catalog.Has(key) {
		return fmt.Errorf("no message %q", key)
	}
	given := len(cmd.Args) - 2
	s := f.book.shaped[key]
	if s.args > given {
		return fmt.Errorf("message %q names %d arguments, got %d", key, s.args, given)
	}
	if s.plural && given == 0 {
		return fmt.Errorf("message %q has plural forms and gets no number", key)
	}
	return nil
}

// callee is the function a command calls and its first argument if a literal.
func callee(cmd *parse.CommandNode) (name string, first *parse.StringNode) {
	ident, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok || len(cmd.Args) < 2 {
		return "", nil
	}
	first, _ = cmd.Args[1].(*parse.StringNode)
	return ident.Ident, first
}

// literalCall tells whether a command calls a function with literal strings only.
func literalCall(cmd *parse.CommandNode) (name string, words []string, ok bool) {
	name, first := callee(cmd)
	if first == nil {
		return "", nil, false
	}
	for _, arg := range cmd.Args[1:] {
		s, ok := arg.(*parse.StringNode)
		if !ok {
			return "", nil, false
		}
		words = append(words, s.Text)
	}
	return name, words, true
}
