package main

import (
	"fmt"
	"io"

	"cosmossdk.io/depinject"
	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

func init() {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(prefix, prefix+"pub")
	config.SetBech32PrefixForValidator(prefix+"valoper", prefix+"valoperpub")
	config.SetBech32PrefixForConsensusNode(prefix+"valcons", prefix+"valconspub")
	config.Seal()
	sdk.DefaultBondDenom = denom
}

// openApp makes the application over a database and loads its last height.
func openApp(logger log.Logger, db dbm.DB, options ...func(*baseapp.BaseApp)) (*runtime.App, codec.Codec, error) {
	var builder *runtime.AppBuilder
	var cdc codec.Codec
	if err := depinject.Inject(depinject.Configs(appConfig(), depinject.Supply(logger)), &builder, &cdc); err != nil {
		return nil, nil, fmt.Errorf("cannot put the modules together: %w", err)
	}
	app := builder.Build(db, nil, options...)
	if err := app.Load(true); err != nil {
		return nil, nil, fmt.Errorf("cannot load the state: %w", err)
	}
	return app, cdc, nil
}

// createApp is what `start` calls. The SDK gives its creator no way to answer with an error.
func createApp(logger log.Logger, db dbm.DB, _ io.Writer, options servertypes.AppOptions) servertypes.Application {
	app, _, err := openApp(logger, db, server.DefaultBaseappOptions(options)...)
	if err != nil {
		panic(err)
	}
	return app
}
