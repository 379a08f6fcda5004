//go:build tools

// Package tools pins, with every dependency hash in go.sum, the CometBFT release that Hanzo Network runs on.
// Nothing here is compiled: scripts/cometbft.sh builds the two commands below from this module.
package tools

import (
	_ "github.com/cometbft/cometbft/abci/cmd/abci-cli"
	_ "github.com/cometbft/cometbft/cmd/cometbft"
)
