package torture

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"countersign/models"
	"countersign/services/bundle"
)

// lie is one way in which an installation may tell the period otherwise than it was. It
// changes the files; manifests, event, head and proofs are then made for what it says.
type lie struct {
	name string
	tell func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool
}

var lies = []lie{
	{"an order and all its events hidden", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		gone := dropOrder(files, orders, random)
		return rewriteLog(files, func(l *bundle.Line) { l.Order = strings.ReplaceAll(l.Order, gone, "") })
	}},
	{"an order left out, its events told", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		past := map[int64]models.Event{}
		for _, p := range pastIn(files, (*orders)[0].OrderNo) {
			past[p.Event.Seq] = p.Event
		}
		gone := (*orders)[0].OrderNo
		*orders = (*orders)[1:]
		maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, bundle.OrderFolder(gone)) })
		return rewriteLog(files, func(l *bundle.Line) {
			if e, its := past[l.Seq]; its {
				*l = bundle.Line{Event: &e}
			}
		})
	}},
	{"an event left out of its folder", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		at := random.IntN(len(*orders))
		past := pastIn(files, (*orders)[at].OrderNo)
		n := random.IntN(len(past))
		seq := past[n].Event.Seq
		past = slices.Delete(past, n, n+1)
		files[bundle.OrderFolder((*orders)[at].OrderNo)+bundle.EventsFile] = bundle.Encode(past)
		recount(&(*orders)[at], past)
		return rewriteLog(files, func(l *bundle.Line) {
			if l.Seq == seq {
				l.Order = ""
			}
		})
	}},
	{"what an event says", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		at := random.IntN(len(*orders))
		past := pastIn(files, (*orders)[at].OrderNo)
		past[random.IntN(len(past))].Event.Actor += "x"
		files[bundle.OrderFolder((*orders)[at].OrderNo)+bundle.EventsFile] = bundle.Encode(past)
		return true
	}},
	{"an attachment exchanged", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeOne(files, random, "/files/", func(content []byte) []byte { return append(content, '!') })
	}},
	{"an approval or its proof cut", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeFacts(files, *orders, random, func(d *models.Dossier) bool {
			if len(d.Approvals) == 0 {
				return false
			}
			if random.IntN(2) == 0 {
				d.Approvals = d.Approvals[1:]
			} else {
				d.Approvals[0].Signature = nil
			}
			return true
		})
	}},
	{"a signature of a verdict cut or exchanged", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		told := false
		for range 100 { // most orders have none
			told = told || changeFacts(files, *orders, random, func(d *models.Dossier) bool {
				switch {
				case len(d.Deeds) < 2:
					return false
				case random.IntN(2) == 0:
					d.Deeds = d.Deeds[1:]
				default:
					d.Deeds[0].Signature, d.Deeds[1].Signature = d.Deeds[1].Signature, d.Deeds[0].Signature
				}
				return true
			})
		}
		return told
	}},
	{"what the facts say", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		return changeFacts(files, *orders, random, func(d *models.Dossier) bool {
			switch random.IntN(4) {
			case 0:
				d.Content.Amount.Minor++
				d.Amount = d.Content.Amount.String()
			case 1:
				d.State.Outcome, d.State.Grade = models.Failed, models.E3
			case 2:
				if len(d.Attempts) == 0 {
					return false
				}
				d.Attempts[0].RequestDigest = strings.Repeat("0", 64)
			default:
				if len(d.Notices)+len(d.Questions) == 0 {
					return false
				}
				d.Notices, d.Questions = nil, nil
			}
			return true
		})
	}},
	{"two orders exchanged", func(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) bool {
		a, b := bundle.OrderFolder((*orders)[0].OrderNo)+bundle.FactsFile, bundle.OrderFolder((*orders)[1].OrderNo)+bundle.FactsFile
		files[a], files[b] = files[b], files[a]
		return true
	}},
	{"an event of the log dropped", func(files map[string][]byte, _ *[]models.PeriodOrder, random *rand.Rand) bool {
		lines := bytes.SplitAfter(files[bundle.LogFile(1)], []byte("\n"))
		files[bundle.LogFile(1)] = bytes.Join(slices.Delete(lines, 3, 4), nil)
		return true
	}},
}

func dropOrder(files map[string][]byte, orders *[]models.PeriodOrder, random *rand.Rand) string {
	at := random.IntN(len(*orders))
	gone := (*orders)[at].OrderNo
	*orders = slices.Delete(slices.Clone(*orders), at, at+1)
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return strings.HasPrefix(name, bundle.OrderFolder(gone)) })
	return gone
}

func recount(o *models.PeriodOrder, past []bundle.Past) {
	var events []models.Event
	for _, p := range past {
		events = append(events, p.Event)
	}
	o.Events, o.Past = len(events), bundle.PastDigest(events)
}

func pastIn(files map[string][]byte, orderNo string) (past []bundle.Past) {
	if err := json.Unmarshal(files[bundle.OrderFolder(orderNo)+bundle.EventsFile], &past); err != nil {
		panic(err) // our own program wrote it
	}
	return past
}

// rewriteLog tells the log otherwise.
func rewriteLog(files map[string][]byte, change func(*bundle.Line)) bool {
	var out bytes.Buffer
	for text := range bytes.Lines(files[bundle.LogFile(1)]) {
		var line bundle.Line
		if err := json.Unmarshal(text, &line); err != nil {
			panic(err)
		}
		change(&line)
		out.Write(bundle.EncodeLine(line))
	}
	files[bundle.LogFile(1)] = out.Bytes()
	return true
}

func changeOne(files map[string][]byte, random *rand.Rand, where string, change func([]byte) []byte) bool {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.Contains(name, where) {
			names = append(names, name)
		}
	}
	name := names[random.IntN(len(names))]
	files[name] = change(bytes.Clone(files[name]))
	return true
}

func changeFacts(files map[string][]byte, orders []models.PeriodOrder, random *rand.Rand, change func(*models.Dossier) bool) bool {
	at := random.IntN(len(orders))
	name := bundle.OrderFolder(orders[at].OrderNo) + bundle.FactsFile
	var d models.Dossier
	if err := json.Unmarshal(files[name], &d); err != nil {
		panic(err)
	}
	if !change(&d) {
		return false
	}
	orders[at].State, orders[at].Amount = d.State, d.Content.Amount // the list lies too
	files[name] = bundle.Encode(d)
	return true
}
