package ui

import "github.com/a-h/templ"

// current marks the page, tab or row one is on.
func current(here bool) templ.Attributes {
	if here {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func toned(tone string) templ.Attributes {
	if tone == "" {
		return nil
	}
	return templ.Attributes{"data-tone": tone}
}

func identified(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id}
}

// classed is a class only where there is one.
func classed(words string) templ.Attributes {
	if words == "" {
		return nil
	}
	return templ.Attributes{"class": words}
}

func classedIf(on bool, words string) templ.Attributes {
	if !on {
		return nil
	}
	return classed(words)
}
