package main

import (
	"testing"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/proxy"
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
		var creator proxy.ClientCreator = clientsOf(settings)
		if _, ours := creator.(socketClients); ours != test.ours {
			t.Errorf("%s over %s: ours is %v", test.app, test.transport, ours)
		}
	}
}
