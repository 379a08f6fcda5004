package chain

import (
	"fmt"

	"cosmossdk.io/depinject"
	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/runtime"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

// Chain is an application with what is needed to read and write its transactions and state.
type Chain struct {
	*runtime.App
	Codec    codec.Codec
	TxConfig client.TxConfig
}

// Use sets the prefix of addresses and the denomination that is staked, once for the whole process: the SDK keeps them in global variables.
func Use(prefix, denom string) {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(prefix, prefix+"pub")
	config.SetBech32PrefixForValidator(prefix+"valoper", prefix+"valoperpub")
	config.SetBech32PrefixForConsensusNode(prefix+"valcons", prefix+"valconspub")
	config.Seal()
	sdk.DefaultBondDenom = denom
}

// Open makes the application over a database and loads its last height.
func Open(logger log.Logger, db dbm.DB, options ...func(*baseapp.BaseApp)) (*Chain, error) {
	var builder *runtime.AppBuilder
	var chain Chain
	config := appConfig(sdk.GetConfig().GetBech32AccountAddrPrefix())
	if err := depinject.Inject(depinject.Configs(config, depinject.Supply(logger)), &builder, &chain.Codec, &chain.TxConfig); err != nil {
		return nil, fmt.Errorf("cannot put the modules together: %w", err)
	}
	chain.App = builder.Build(db, nil, options...)
	if err := chain.Load(true); err != nil {
		return nil, fmt.Errorf("cannot load the state: %w", err)
	}
	return &chain, nil
}
