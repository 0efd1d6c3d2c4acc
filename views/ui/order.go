package ui

// lastSix is how much of a number people compare.
const lastSix = 6

func head(no string) string {
	front := front(no)
	if len(front) <= 4 {
		return front
	}
	return front[:4] + "…"
}

// front is all but the last six.
func front(no string) string { return no[:max(len(no)-lastSix, 0)] }

func tail(no string) string { return no[max(len(no)-lastSix, 0):] }

func shortDigest(sum string) string {
	if len(sum) <= 12 {
		return sum
	}
	return sum[:4] + "…" + sum[len(sum)-4:]
}
