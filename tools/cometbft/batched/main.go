// Command batched is the CometBFT of this module with another ABCI client on the mempool connection. Blocks, peers, files and
// protocol are the same; only the grouping of CheckTx calls into writes differs (see client.go).
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	cfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/cli"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
)

func main() {
	root := commands.RootCmd
	root.AddCommand(
		commands.InitFilesCmd, commands.ShowNodeIDCmd, commands.ShowValidatorCmd, commands.ResetAllCmd, commands.ResetStateCmd,
		commands.RollbackStateCmd, commands.InspectCmd, commands.VersionCmd, commands.NewRunNodeCmd(newNode),
	)
	if err := cli.PrepareBaseCmd(root, "CMT", os.ExpandEnv(filepath.Join("$HOME", cfg.DefaultTendermintDir))).Execute(); err != nil {
		os.Exit(1)
	}
}

func newNode(config *cfg.Config, logger log.Logger) (*node.Node, error) {
	if config.ABCI != "socket" {
		return nil, fmt.Errorf("abci is %q, this build serves \"socket\" only", config.ABCI)
	}
	key, err := p2p.LoadOrGenNodeKey(config.NodeKeyFile())
	if err != nil {
		return nil, fmt.Errorf("node key %s: %w", config.NodeKeyFile(), err)
	}
	return node.NewNode(config,
		privval.LoadOrGenFilePV(config.PrivValidatorKeyFile(), config.PrivValidatorStateFile()),
		key,
		&creator{ClientCreator: proxy.NewRemoteClientCreator(config.ProxyApp, config.ABCI, false), addr: config.ProxyApp},
		node.DefaultGenesisDocProviderFunc(config),
		cfg.DefaultDBProvider,
		node.DefaultMetricsProvider(config.Instrumentation),
		logger,
	)
}
