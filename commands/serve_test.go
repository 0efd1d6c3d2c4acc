package commands

import (
	"bytes"
	"net"
	"regexp"
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

func TestS20_AStartWithoutPeoplePrintsALinkForTheFirst(t *testing.T) {
	h, err := place{Data: t.TempDir()}.open(databaseFile)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	here := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	for address, s := range map[string]serve{"http://localhost:8080": {}, "https://pay.example.com": {PublicURL: "https://pay.example.com/"}} {
		var said bytes.Buffer
		if err := s.offerSetup(t.Context(), &said, h, here); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(regexp.QuoteMeta(address) + `/setup/[A-Z2-7]{26}\n`).MatchString(said.String()) {
			t.Errorf("it says %q", said.String())
		}
	}
}
