// Package chain puts the modules of a usual chain of the Cosmos SDK together.
package chain

import (
	runtimev1alpha1 "cosmossdk.io/api/cosmos/app/runtime/v1alpha1"
	appv1alpha1 "cosmossdk.io/api/cosmos/app/v1alpha1"
	authmodulev1 "cosmossdk.io/api/cosmos/auth/module/v1"
	authzmodulev1 "cosmossdk.io/api/cosmos/authz/module/v1"
	bankmodulev1 "cosmossdk.io/api/cosmos/bank/module/v1"
	consensusmodulev1 "cosmossdk.io/api/cosmos/consensus/module/v1"
	distrmodulev1 "cosmossdk.io/api/cosmos/distribution/module/v1"
	evidencemodulev1 "cosmossdk.io/api/cosmos/evidence/module/v1"
	feegrantmodulev1 "cosmossdk.io/api/cosmos/feegrant/module/v1"
	genutilmodulev1 "cosmossdk.io/api/cosmos/genutil/module/v1"
	govmodulev1 "cosmossdk.io/api/cosmos/gov/module/v1"
	mintmodulev1 "cosmossdk.io/api/cosmos/mint/module/v1"
	slashingmodulev1 "cosmossdk.io/api/cosmos/slashing/module/v1"
	stakingmodulev1 "cosmossdk.io/api/cosmos/staking/module/v1"
	txconfigv1 "cosmossdk.io/api/cosmos/tx/config/v1"
	vestingmodulev1 "cosmossdk.io/api/cosmos/vesting/module/v1"
	"cosmossdk.io/core/appconfig"
	"cosmossdk.io/depinject"
	"github.com/cosmos/gogoproto/proto"

	// Each registers its module with depinject.
	_ "cosmossdk.io/x/evidence"
	_ "cosmossdk.io/x/feegrant/module"
	_ "github.com/cosmos/cosmos-sdk/x/auth"
	_ "github.com/cosmos/cosmos-sdk/x/auth/tx/config"
	_ "github.com/cosmos/cosmos-sdk/x/auth/vesting"
	_ "github.com/cosmos/cosmos-sdk/x/authz/module"
	_ "github.com/cosmos/cosmos-sdk/x/bank"
	_ "github.com/cosmos/cosmos-sdk/x/consensus"
	_ "github.com/cosmos/cosmos-sdk/x/distribution"
	_ "github.com/cosmos/cosmos-sdk/x/genutil"
	_ "github.com/cosmos/cosmos-sdk/x/gov"
	_ "github.com/cosmos/cosmos-sdk/x/mint"
	_ "github.com/cosmos/cosmos-sdk/x/slashing"
	_ "github.com/cosmos/cosmos-sdk/x/staking"
)

// appConfig lists the modules that a usual chain of the SDK has, and the orders in which they act.
func appConfig(prefix string) depinject.Config {
	return appconfig.Compose(&appv1alpha1.Config{Modules: []*appv1alpha1.ModuleConfig{
		module("runtime", &runtimev1alpha1.Module{
			AppName:       "reference",
			PreBlockers:   []string{"auth"},
			BeginBlockers: []string{"mint", "distribution", "slashing", "evidence", "staking", "authz"},
			EndBlockers:   []string{"gov", "staking", "feegrant"},
			InitGenesis: []string{
				"auth", "bank", "distribution", "staking", "slashing", "gov", "mint", "genutil", "evidence", "authz", "feegrant", "vesting",
				"consensus",
			},
			OverrideStoreKeys: []*runtimev1alpha1.StoreKeyConfig{{ModuleName: "auth", KvStoreKey: "acc"}},
			SkipStoreKeys:     []string{"tx"},
		}),
		module("auth", &authmodulev1.Module{
			Bech32Prefix:                prefix,
			EnableUnorderedTransactions: true,
			ModuleAccountPermissions: []*authmodulev1.ModuleAccountPermission{
				{Account: "fee_collector"},
				{Account: "distribution"},
				{Account: "mint", Permissions: []string{"minter"}},
				{Account: "bonded_tokens_pool", Permissions: []string{"burner", "staking"}},
				{Account: "not_bonded_tokens_pool", Permissions: []string{"burner", "staking"}},
				{Account: "gov", Permissions: []string{"burner"}},
			},
		}),
		module("vesting", &vestingmodulev1.Module{}),
		module("tx", &txconfigv1.Config{}),
		// Everybody may pay x/gov's account, as in the chain that the SDK comes with.
		module("bank", &bankmodulev1.Module{BlockedModuleAccountsOverride: []string{
			"fee_collector", "distribution", "mint", "bonded_tokens_pool", "not_bonded_tokens_pool",
		}}),
		module("staking", &stakingmodulev1.Module{}),
		module("slashing", &slashingmodulev1.Module{}),
		module("distribution", &distrmodulev1.Module{}),
		module("mint", &mintmodulev1.Module{}),
		module("gov", &govmodulev1.Module{}),
		module("genutil", &genutilmodulev1.Module{}),
		module("consensus", &consensusmodulev1.Module{}),
		module("authz", &authzmodulev1.Module{}),
		module("feegrant", &feegrantmodulev1.Module{}),
		module("evidence", &evidencemodulev1.Module{}),
	}})
}

func module(name string, config proto.Message) *appv1alpha1.ModuleConfig {
	return &appv1alpha1.ModuleConfig{Name: name, Config: appconfig.WrapAny(config)}
}
