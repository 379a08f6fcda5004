package main

import (
	"encoding/hex"
	"fmt"

	"github.com/cometbft/cometbft/cmd/cometbft/commands"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/node"
	"github.com/spf13/cobra"
)

// bootstrapStateCmd prepares empty data for an application that already has a state: the light client of the settings for state sync proves
// the header of its height, whose successor must name the application's hash.
func bootstrapStateCmd() *cobra.Command {
	command := &cobra.Command{
		Use:   "bootstrap-state",
		Short: "Begin with the state that the application has, without the blocks before it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := commands.ParseConfig(cmd)
			if err != nil {
				return err
			}
			height, err := cmd.Flags().GetUint64("height")
			if err != nil {
				return err
			}
			text, err := cmd.Flags().GetString("app-hash")
			if err != nil {
				return err
			}
			appHash, err := hex.DecodeString(text)
			if err != nil || len(appHash) == 0 {
				return fmt.Errorf("expected the application's hash in hexadecimal digits with --app-hash, got %q", text)
			}
			return node.BootstrapState(cmd.Context(), settings, config.DefaultDBProvider, height, appHash)
		},
	}
	command.Flags().Uint64("height", 0, "height of the application's state")
	command.Flags().String("app-hash", "", "its hash, in hexadecimal digits")
	return command
}
