package main

import (
	"os"
	"testing"
	"time"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/types"
)

func TestOnlySocketAddressesGetOurClient(t *testing.T) {
	cases := []struct {
		app, transport string
		ours           bool
	}{
		{"unix:///run/app.sock", "socket", true},
		{"tcp://127.0.0.1:26658", "socket", true},
		{"127.0.0.1:26658", "socket", true},
		{"tcp://127.0.0.1:26658", "grpc", false},
		{"kvstore", "socket", false},
		{"noop", "socket", false},
	}
	for _, test := range cases {
		settings := config.TestConfig()
		settings.ProxyApp, settings.ABCI = test.app, test.transport
		var creator proxy.ClientCreator = clientsOf(settings, nil, nil)
		if _, ours := creator.(socketClients); ours != test.ours {
			t.Errorf("%s over %s: ours is %v", test.app, test.transport, ours)
		}
	}
}

func TestFirstHeightAfterAStartDoesNotWaitForTimeoutCommit(t *testing.T) {
	settings := chainOfOne(t)
	settings.Consensus.TimeoutCommit = time.Hour
	made, err := newNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Consensus.TimeoutCommit != time.Hour {
		t.Errorf("later heights wait %v", settings.Consensus.TimeoutCommit)
	}
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	defer made.Stop() //nolint:errcheck // the test is over
	waitForBlock(t, made)
}

// chainOfOne is a home whose only validator is the node itself, with an application of CometBFT's own.
func chainOfOne(t *testing.T) *config.Config {
	root, err := os.MkdirTemp("", "chain-of-one")
	if err != nil {
		t.Fatal(err)
	}
	// A log's last flush may come behind its node's end, and make the file anew: no failure of a test.
	t.Cleanup(func() { _ = os.RemoveAll(root) })
	settings := config.DefaultConfig().SetRoot(root)
	config.EnsureRoot(settings.RootDir)
	settings.ProxyApp = "kvstore"
	// Its address book is written after a node has stopped.
	settings.P2P.PexReactor = false
	settings.RPC.ListenAddress, settings.P2P.ListenAddress = "tcp://127.0.0.1:0", "tcp://127.0.0.1:0"
	signer := privval.LoadOrGenFilePV(settings.PrivValidatorKeyFile(), settings.PrivValidatorStateFile())
	key, err := signer.GetPubKey()
	if err != nil {
		t.Fatal(err)
	}
	genesis := types.GenesisDoc{
		ChainID:     "chain-of-one",
		GenesisTime: time.Now(),
		Validators:  []types.GenesisValidator{{PubKey: key, Power: 1}},
	}
	if err := genesis.SaveAs(settings.GenesisFile()); err != nil {
		t.Fatal(err)
	}
	return settings
}
