package views

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"countersign/models"
)

// Whatever the program writes into the log, the audit has a name for.
func TestEveryActHasAName(t *testing.T) {
	written := verbsInCode(t)
	if len(written) < 30 {
		t.Fatalf("only %d verbs seen: the search is broken", len(written))
	}
	for _, verb := range written {
		if !slices.Contains(models.Acts(), verb) {
			t.Errorf("the log is given %q, which is none of the acts", verb)
		}
	}
	for _, verb := range models.Acts() {
		if words := ActWords(context.Background(), verb); strings.HasPrefix(words, "[") {
			t.Errorf("%q has no name", verb)
		}
	}
}

// verbsInCode are the literal verbs in models and services: of an Event, and those
// that are passed to a parameter of the name verb.
func verbsInCode(t *testing.T) (found []string) {
	t.Helper()
	var files []*ast.File
	for _, folder := range []string{"../models", "../services"} {
		names, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				files = append(files, file)
			}
		}
	}
	takes := map[string]int{} // functions, and which argument is the verb
	for _, file := range files {
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok {
				if at := verbParameter(f); at >= 0 {
					takes[f.Name.Name] = at
				}
			}
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			found = append(found, verbsAt(n, takes)...)
			return true
		})
	}
	return found
}

func verbParameter(f *ast.FuncDecl) int {
	at := 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			if kind, ok := field.Type.(*ast.Ident); ok && kind.Name == "string" && name.Name == "verb" {
				return at
			}
			at++
		}
	}
	return -1
}

func verbsAt(n ast.Node, takes map[string]int) []string {
	switch node := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := node.Key.(*ast.Ident); ok && key.Name == "Verb" {
			return literal(node.Value)
		}
	case *ast.CallExpr:
		name := ""
		switch f := node.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if at, ok := takes[name]; ok && at < len(node.Args) {
			return literal(node.Args[at])
		}
	}
	return nil
}

func literal(e ast.Expr) []string {
	if basic, ok := e.(*ast.BasicLit); ok && basic.Kind == token.STRING {
		text, err := strconv.Unquote(basic.Value)
		if err == nil {
			return []string{text}
		}
	}
	return nil
}
