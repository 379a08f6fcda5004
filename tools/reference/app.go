package main

import (
	"io"

	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"

	"hanzo.network/tools/reference/chain"
)

// prefix and denom are those of Hanzo Network, so that one signed transaction is good for both chains.
const (
	prefix = "hanzo"
	denom  = "aai"
)

func init() {
	chain.Use(prefix, denom)
}

// createApp is what `start` calls. The SDK gives its creator no way to answer with an error.
func createApp(logger log.Logger, db dbm.DB, _ io.Writer, options servertypes.AppOptions) servertypes.Application {
	app, err := chain.Open(logger, db, server.DefaultBaseappOptions(options)...)
	if err != nil {
		panic(err)
	}
	return app
}
