// Package e2e clicks through the product in a real browser, against the real
// program with its demo data and its sandbox gateways.
package e2e

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// What every test shares.
var (
	base     string          // address of the running product
	built    string          // the program that it runs
	chromium context.Context // the browser in which windows are opened
)

// windows is how many tests click at once: they mostly wait.
const windows = "3"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", windows); err != nil {
		panic(err)
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	path, err := findChromium()
	if err != nil {
		return 1, err
	}
	folder, err := os.MkdirTemp("", "countersign-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	program, address, err := startProgram(folder)
	if err != nil {
		return 1, err
	}
	ctx, stop, err := startChromium(path)
	if err != nil {
		return 1, errors.Join(err, program.Process.Kill())
	}
	base, chromium = address, ctx
	code = m.Run()
	stop()
	return code, stopProgram(program)
}

var readyLine = regexp.MustCompile(`http://(localhost:\d+)`)

// startProgram builds the program and runs its demo on a port of its own.
func startProgram(folder string) (*exec.Cmd, string, error) {
	binary := filepath.Join(folder, "countersign")
	if out, err := exec.Command("go", "build", "-o", binary, "countersign").CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("build: %w\n%s", err, out)
	}
	built = binary
	program := exec.Command(binary, "demo", "--addr", "127.0.0.1:0", "--sandbox-addr", "127.0.0.1:0", "--rest", "0", "--data", filepath.Join(folder, "data"))
	program.Stderr = os.Stderr
	out, err := program.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := program.Start(); err != nil {
		return nil, "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := readyLine.FindStringSubmatch(lines.Text()); found != nil {
			go func() {
				for lines.Scan() { // keep the pipe empty
				}
			}()
			return program, "http://" + found[1], nil
		}
	}
	return nil, "", errors.Join(errors.New("the demo did not say where it is"), program.Wait())
}

// stopProgram ends the program as an operator would and wants a clean end.
func stopProgram(program *exec.Cmd) error {
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("the program did not end cleanly: %w", err)
		}
		return nil
	case <-time.After(40 * time.Second):
		return errors.Join(errors.New("the program did not stop"), program.Process.Kill())
	}
}
