// Package docs_test holds the page about security against the tree, so that it cannot rot.
package docs_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sections are how many requirements each section of ASVS 5.0 has, in the order of its
// chapters, and thirds those of them that are of level 3.
var sections = map[string]int{
	"1.1": 2, "1.2": 10, "1.3": 12, "1.4": 3, "1.5": 3, "2.1": 3, "2.2": 3, "2.3": 5, "2.4": 2,
	"3.1": 1, "3.2": 3, "3.3": 5, "3.4": 8, "3.5": 8, "3.6": 1, "3.7": 5, "4.1": 5, "4.2": 5, "4.3": 2, "4.4": 4,
	"5.1": 1, "5.2": 6, "5.3": 3, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2, "8.1": 4, "8.2": 4, "8.3": 3, "8.4": 2, "9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 3, "10.3": 5, "10.4": 16, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 4, "11.2": 5, "11.3": 5, "11.4": 4, "11.5": 2, "11.6": 2, "11.7": 2, "12.1": 5, "12.2": 2, "12.3": 5,
	"13.1": 4, "13.2": 6, "13.3": 4, "13.4": 7, "14.1": 2, "14.2": 8, "14.3": 3,
	"15.1": 5, "15.2": 5, "15.3": 7, "15.4": 4, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4, "17.1": 2, "17.2": 8, "17.3": 2,
}

var thirds = strings.Fields(`1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4 3.7.5 4.1.4 4.1.5
	4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6 6.5.6 6.5.7 6.5.8 6.6.4 6.7.1 6.7.2 7.5.3 8.1.3 8.1.4
	8.2.4 8.3.2 8.3.3 8.4.2 10.2.3 10.3.5 10.4.12 10.4.13 10.4.14 10.4.15 10.4.16 11.1.3 11.1.4 11.2.4 11.2.5 11.3.4 11.3.5 11.5.2 11.6.2
	11.7.1 11.7.2 12.1.4 12.1.5 12.3.5 13.1.2 13.1.3 13.1.4 13.2.6 13.3.3 13.3.4 13.4.6 13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4 15.1.5
	15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4 17.1.2 17.2.5 17.2.6 17.2.7 17.2.8`)

// taken are those of level 3 that this product takes on.
var taken = strings.Fields(`1.2.10 1.5.3 2.3.5 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 5.2.4 5.2.5 5.2.6 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6
	6.5.6 6.5.7 6.5.8 7.5.3 8.3.2 11.2.4 13.3.3 13.3.4 13.4.6 13.4.7 15.2.4 15.2.5 15.4.2 16.5.4`)

// tree is what the page may name.
type tree struct {
	tests map[string]bool
	files map[string]bool
}

func grow(t *testing.T) tree {
	t.Helper()
	found := tree{map[string]bool{}, map[string]bool{}}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".git" {
			return err
		}
		found.files[filepath.ToSlash(strings.TrimPrefix(path, "../"))] = true
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, name := range declared.FindAllStringSubmatch(string(source), -1) {
			found.tests[name[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("security.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestThePageAboutSecurityIsTrueOfTheTree(t *testing.T) {
	for _, fault := range faults(page(t), grow(t)) {
		t.Error(fault)
	}
}

// A page that has rotted is what the test above is for.
func TestARottenPageAboutSecurityIsSeen(t *testing.T) {
	text, found := page(t), grow(t)
	row := regexp.MustCompile(`(?m)^\| 1\.2\.4 .*\n`).FindString(text)
	for what, rotten := range map[string]string{
		"a number is missing":      strings.Replace(text, row, "", 1),
		"a number stands twice":    strings.Replace(text, row, row+row, 1),
		"a range overlaps":         strings.Replace(text, "| 9.1.1–9.2.4 ", "| 8.4.1–9.2.4 ", 1),
		"a test does not exist":    strings.Replace(text, "`TestS9_NothingInAnAddressIsACondition`", "`TestS9_NothingOfTheKind`", 1),
		"a file does not exist":    strings.Replace(text, "`handlers/security.go`", "`handlers/insecurity.go`", 1),
		"a state nobody knows":     strings.Replace(text, "| queries with parameters | met ", "| queries with parameters | surely ", 1),
		"a row without how":        strings.Replace(text, row, "| 1.2.4 | queries with parameters | met | – | – |\n", 1),
		"of level 3, and not told": strings.Replace(text, "formulas in exports (level 3)", "formulas in exports", 1),
	} {
		if text == rotten {
			t.Errorf("%s: nothing was changed", what)
		} else if len(faults(rotten, found)) == 0 {
			t.Errorf("%s, and nobody sees it", what)
		}
	}
}

var (
	numbered = regexp.MustCompile(`^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \|`)
	quoted   = regexp.MustCompile("`([^`]+)`")
	named    = regexp.MustCompile(`^(?:Test|Fuzz)[A-Z0-9]\w*$`)
	place    = regexp.MustCompile(`^[\w.-]+(?:/[\w.-]+)+$`)
	folders  = strings.Fields(".ci commands docs e2e handlers models services static torture views")
	states   = strings.Fields("met partly not_met operator n/a")
)

// faults are what is wrong with the page.
func faults(text string, found tree) (all []string) {
	for _, word := range quoted.FindAllStringSubmatch(text, -1) {
		switch is := word[1]; {
		case named.MatchString(is) && !found.tests[is]:
			all = append(all, "there is no test "+is)
		case place.MatchString(is) && slices.Contains(folders, strings.Split(is, "/")[0]) && !found.files[is]:
			all = append(all, "there is no file "+is)
		}
	}
	times := map[string]int{}
	for line := range strings.Lines(text) {
		if of := numbered.FindStringSubmatch(line); of != nil {
			numbers := spanned(of[1], of[2])
			for _, n := range numbers {
				times[n]++
			}
			all = append(all, rowFaults(strings.TrimSpace(line), numbers)...)
		}
	}
	for _, n := range every() {
		third := slices.Contains(thirds, n)
		switch {
		case times[n] > 1:
			all = append(all, n+" stands more than once")
		case times[n] == 0 && (!third || slices.Contains(taken, n)):
			all = append(all, n+" is missing")
		}
	}
	return all
}

// rowFaults looks at one row of the table.
func rowFaults(line string, numbers []string) (all []string) {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	if len(cells) != 5 {
		return []string{"not five cells: " + line}
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if !slices.Contains(states, strings.ReplaceAll(cells[2], " ", "_")) {
		all = append(all, fmt.Sprintf("%s is %q", cells[0], cells[2]))
	}
	if cells[1] == "" || strings.Trim(cells[3], "–") == "" {
		all = append(all, cells[0]+" does not say what and how")
	}
	ofThird := slices.ContainsFunc(numbers, func(n string) bool { return slices.Contains(thirds, n) })
	if ofThird && len(numbers) < 4 && !strings.Contains(cells[1], "level 3") {
		all = append(all, cells[0]+" is of level 3 and does not say so")
	}
	return all
}

// every lists all numbers in order.
func every() (all []string) {
	for chapter := 1; chapter <= 17; chapter++ {
		for section := 1; ; section++ {
			name := fmt.Sprintf("%d.%d", chapter, section)
			if sections[name] == 0 {
				break
			}
			for n := range sections[name] {
				all = append(all, name+"."+strconv.Itoa(n+1))
			}
		}
	}
	return all
}

// spanned are the numbers from one to the other.
func spanned(first, last string) []string {
	if last == "" {
		return []string{first}
	}
	all := every()
	from, to := slices.Index(all, first), slices.Index(all, last)
	if from < 0 || to < from {
		return nil
	}
	return all[from : to+1]
}

func TestEveryModuleIsListed(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+) v[^\s]+$`).FindAllStringSubmatch(string(mod), -1)
	if len(direct) < 15 {
		t.Fatalf("only %d modules were found", len(direct))
	}
	text := page(t)
	for _, m := range direct {
		if !strings.Contains(text, "`"+m[1]+"`") {
			t.Errorf("%s is used and not listed", m[1])
		}
	}
}

func TestTheProgramRunsNoCommandOfTheSystem(t *testing.T) {
	looked := 0
	for path := range grow(t).files {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile("../" + path)
		if err != nil {
			t.Fatal(err)
		}
		if looked++; strings.Contains(string(source), `"os/exec"`) || strings.Contains(string(source), `"plugin"`) {
			t.Errorf("%s runs other programs", path)
		}
	}
	if looked < 100 {
		t.Errorf("only %d files were looked at", looked)
	}
}
