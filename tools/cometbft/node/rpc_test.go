package main

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/consensus"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
)

// startNode starts our node and returns it with the address of its RPC. It is stopped when the test is over, if not before.
func startNode(t *testing.T, settings *config.Config) (*node.Node, string) {
	t.Helper()
	address := freeAddress(t)
	settings.RPC.ListenAddress = "tcp://" + address
	made, err := newNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(made) })
	return made, address
}

// stop ends a node that was started, if it has not ended before, and waits until nothing is written any more.
func stop(made *node.Node) {
	if made.IsRunning() {
		_ = made.Stop()
	}
	if decides, _ := consensusOf(made); decides != nil {
		decides.Wait()
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func waitForBlock(t *testing.T, made *node.Node) {
	t.Helper()
	for end := time.Now().Add(time.Minute); made.BlockStore().Height() == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no block within a minute")
		}
	}
}

func TestRPCStartsAndStopsWithItsNode(t *testing.T) {
	settings := chainOfOne(t)
	made, address := startNode(t, settings)
	var status struct {
		Info struct {
			Other struct {
				Address string `json:"rpc_address"`
			} `json:"other"`
		} `json:"node_info"`
	}
	get(t, address, "/status", &status)
	if told := status.Info.Other.Address; told != "tcp://"+address {
		t.Errorf("peers are told that the RPC is at %q", told)
	}
	if err := made.Stop(); err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", address); err == nil {
		_ = conn.Close()
		t.Error("the RPC still listens after the node's end")
	}
}

func TestNodeDoesNotStartWhereItsRPCCannot(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	settings := chainOfOne(t)
	settings.RPC.ListenAddress = "tcp://127.0.0.1:0,tcp://" + taken.Addr().String()
	made, err := newNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	// hanzod tells what to do by these words.
	if err := made.Start(); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("the start says %v", err)
	}
	// Nobody ends what was not started.
	decides, _ := consensusOf(made)
	_ = (*fieldOf[consensus.WAL](decides, "wal")).Stop()
}

func TestAddressesAreSeparatedByCommas(t *testing.T) {
	for setting, wanted := range map[string][]string{
		"":                              {},
		"tcp://127.0.0.1:1":             {"tcp://127.0.0.1:1"},
		"tcp://h:1, unix:///run/s.sock": {"tcp://h:1", "unix:///run/s.sock"},
		",tcp://h:1,,":                  {"tcp://h:1"},
	} {
		if got := addressesOf(setting); !slices.Equal(got, wanted) {
			t.Errorf("%q is %q", setting, got)
		}
	}
}
