// Command reference is a usual chain of the Cosmos SDK, to measure Hanzo Network against. It takes the transactions of Hanzo Network as they
// are: prefix and denomination are the same. It is a tool of the benchmarks and is part of no release.
package main

import (
	"os"

	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/server"
	servercmd "github.com/cosmos/cosmos-sdk/server/cmd"
	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{
		Use:          "reference",
		Short:        "a chain of the Cosmos SDK to measure against",
		SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return server.InterceptConfigsPreRunHandler(cmd, "", nil, cmtconfig.DefaultConfig())
		},
	}
	root.AddCommand(server.StartCmd(createApp, "."), genesisCommand())
	if err := servercmd.Execute(root, "REFERENCE", "."); err != nil {
		os.Exit(1)
	}
}

func genesisCommand() *cobra.Command {
	var chainID string
	command := &cobra.Command{
		Use:   "genesis",
		Short: "write the genesis file of a home that `cometbft init` made; reads addresses from standard input, one a line",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := cmd.Flags().GetString(flags.FlagHome)
			if err != nil {
				return err
			}
			return writeGenesis(home, chainID, cmd.InOrStdin())
		},
	}
	command.Flags().String(flags.FlagHome, ".", "the node's home")
	command.Flags().StringVar(&chainID, "chain-id", "reference-1", "the chain's name")
	return command
}
