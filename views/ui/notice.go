package ui

import "github.com/a-h/templ"

// FieldError is one answer that needs another look: the id of its field and the
// same sentence that stands there.
type FieldError struct {
	ID   string
	Text string
}

func (n NoticeArgs) tone() string {
	if n.Contradiction {
		return "red"
	}
	return toneOr(n.Tone, "grey")
}

func (n NoticeArgs) shape() string {
	if n.Contradiction && n.Shape == "" {
		return "both"
	}
	return n.Shape
}

func (n NoticeArgs) icon() string {
	if n.Icon == "" {
		return "info-circle"
	}
	return n.Icon
}

func (n NoticeArgs) role() templ.Attributes {
	if n.Alert || n.Contradiction {
		return templ.Attributes{"role": "alert"}
	}
	return nil
}

func toneOr(tone, usual string) string {
	if tone == "" {
		return usual
	}
	return tone
}

func flashIcon(tone string) string {
	if tone == "" || tone == "green" {
		return "check"
	}
	return "info-circle"
}
