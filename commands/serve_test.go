package commands

import (
	"net"
	"testing"
	"time"
)

// Without its pages the program ends, and does not go on sending unseen.
func TestServingEndsWhenNobodyCanReachIt(t *testing.T) {
	h, err := place{Data: t.TempDir()}.open(databaseFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.begin(); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- h.serve(t.Context(), listener, h.config()) }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it ended as if all were well")
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
}
