package journal

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

// Read gives every line that says something to each, in the order of the file, and
// whether there is a journal at all. A last line that was cut off in the middle is
// no line: nothing of its request left. A whole one that only lacks its end counts.
func Read(path string, each func(Line) error) (there bool, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	lines := bufio.NewReaderSize(file, 1<<16)
	for {
		text, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return there, err
		}
		last := err != nil
		if line, says := parse(strings.TrimSuffix(text, "\n")); says && !(last && line.Kind == Damaged) {
			there = true
			if err := each(line); err != nil {
				return there, err
			}
		}
		if last {
			return there, nil
		}
	}
}
