// Command node is CometBFT with the commands, flags, data folder, blocks and answers of the release that go.mod names, and these differences:
// it talks to the application through package abciclient, a node that starts goes on at once instead of after timeout_commit, the genesis
// document stays in its file, broadcasts of transactions are read and answered without reflection, a block is written
// beside its execution, new transactions are checked behind it, its results are kept once, as the application sent them, and transactions that
// nobody waits for are not published. One command is more: bootstrap-state.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	cometdebug "github.com/cometbft/cometbft/cmd/cometbft/commands/debug"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/cli"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/version"

	"hanzo.network/tools/cometbft/abciclient"
)

// buildName follows the release in what `version` prints, as in 0.38.25+hanzo: how this build is told from a stock one.
const buildName = "hanzo"

func main() {
	version.TMGitCommitHash = buildName
	root := commands.RootCmd
	root.AddCommand(
		commands.NewRunNodeCmd(newNode),
		commands.InitFilesCmd, commands.TestnetFilesCmd, commands.GenNodeKeyCmd, commands.GenValidatorCmd,
		commands.ShowNodeIDCmd, commands.ShowValidatorCmd, commands.VersionCmd,
		commands.ResetAllCmd, commands.ResetStateCmd, commands.ResetPrivValidatorCmd,
		commands.RollbackStateCmd, commands.ReIndexEventCmd, commands.CompactGoLevelDBCmd, commands.InspectCmd,
		commands.ReplayCmd, commands.ReplayConsoleCmd, commands.LightCmd, cometdebug.DebugCmd, bootstrapStateCmd(),
		cli.NewCompletionCmd(root, true),
	)
	home := os.ExpandEnv(filepath.Join("$HOME", config.DefaultTendermintDir))
	if err := cli.PrepareBaseCmd(root, "CMT", home).Execute(); err != nil {
		panic(err)
	}
}

func newNode(settings *config.Config, logger log.Logger) (*node.Node, error) {
	key, err := p2p.LoadOrGenNodeKey(settings.NodeKeyFile())
	if err != nil {
		return nil, fmt.Errorf("cannot read or make the node key %s: %w", settings.NodeKeyFile(), err)
	}
	// The node takes the time of its first height when it is made. A pause there keeps blocks apart, and nothing precedes this one: whoever
	// was away would wait once more. Everything later reads the setting again.
	pause := settings.Consensus.TimeoutCommit
	settings.Consensus.TimeoutCommit = 0
	defer func() { settings.Consensus.TimeoutCommit = pause }()
	rpc := newRPCReactor(settings, logger)
	results, gate, writes := new(abciclient.Results), new(abciclient.Gate), new(beside)
	made, err := node.NewNode(
		settings,
		privval.LoadOrGenFilePV(settings.PrivValidatorKeyFile(), settings.PrivValidatorStateFile()),
		key,
		clientsOf(settings, results, gate),
		node.DefaultGenesisDocProviderFunc(settings),
		databasesWith(results, writes),
		node.DefaultMetricsProvider(settings.Instrumentation),
		logger,
		node.CustomReactors(map[string]p2p.Reactor{"RPC": rpc}),
	)
	if err != nil {
		return nil, err
	}
	rpc.node = made
	if decides, executor := consensusOf(made); executor != nil {
		if err := groupLog(decides, settings, writes); err != nil {
			return nil, err
		}
		executor.SetEventBus(quietEvents{made.EventBus(), results})
		useGate(executor, gate, writes)
		writeBeside(decides, writes)
		// Where no results of heights are kept, the last ones are all that has the events.
		if !settings.Storage.DiscardABCIResponses {
			results.LeaveOutEvents()
		}
	}
	// The node serves no RPC where it has no address for it; peers have been told the address by now.
	settings.RPC.ListenAddress = ""
	// The application has its state, or had it before: nobody but the RPC asks for the genesis again, and that reads the file.
	made.GenesisDoc().AppState = nil
	debug.FreeOSMemory()
	return made, nil
}

// clientsOf leaves gRPC, and the applications built into CometBFT, to CometBFT. Their names have no colon; every address has one.
func clientsOf(settings *config.Config, results *abciclient.Results, gate *abciclient.Gate) proxy.ClientCreator {
	if settings.ABCI == "socket" && strings.Contains(settings.ProxyApp, ":") {
		return socketClients{settings.ProxyApp, results, gate}
	}
	return proxy.DefaultClientCreator(settings.ProxyApp, settings.ABCI, settings.DBDir())
}

// socketClients makes the clients of the application at an address, which share its results and a gate.
type socketClients struct {
	address string
	results *abciclient.Results
	gate    *abciclient.Gate
}

// NewABCIClient returns a client that is not started yet.
func (s socketClients) NewABCIClient() (abcicli.Client, error) {
	return abciclient.New(s.address, s.results, s.gate), nil
}
