package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"cosmossdk.io/log"
	"cosmossdk.io/math"
	"github.com/cometbft/cometbft/privval"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/codec"
	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"hanzo.network/tools/reference/chain"
)

// What everybody owns, and what the validator has staked, in base units.
var (
	owned  = math.NewInt(1_000_000_000_000)
	staked = math.NewInt(1_000_000_000)
)

// blockMaxBytes is the largest block of the benchmarks.
const blockMaxBytes = 4 << 20

// writeGenesis writes config/genesis.json of a home that CometBFT has made: the home's validator alone, and an account for each address
// that input names, one a line, with the number of its line.
func writeGenesis(home, chainID string, input io.Reader) error {
	config := filepath.Join(home, "config")
	key := privval.LoadFilePVEmptyState(filepath.Join(config, "priv_validator_key.json"), "").Key.PubKey
	publicKey, err := cryptocodec.FromCmtPubKeyInterface(key)
	if err != nil {
		return fmt.Errorf("cannot use the validator's key: %w", err)
	}
	addresses, err := readAddresses(input)
	if err != nil {
		return err
	}
	state, err := genesisState(addresses, publicKey)
	if err != nil {
		return err
	}
	genesis := genutiltypes.NewAppGenesisWithVersion(chainID, state)
	params := cmttypes.DefaultConsensusParams()
	params.Block.MaxBytes = blockMaxBytes
	genesis.Consensus.Params = params
	return genesis.SaveAs(filepath.Join(config, "genesis.json"))
}

func readAddresses(input io.Reader) ([]sdk.AccAddress, error) {
	var addresses []sdk.AccAddress
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		address, err := sdk.AccAddressFromBech32(strings.TrimSpace(lines.Text()))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(addresses)+1, err)
		}
		addresses = append(addresses, address)
	}
	return addresses, lines.Err()
}

// genesisState is every module's default, with the accounts and one validator.
func genesisState(addresses []sdk.AccAddress, validatorKey cryptotypes.PubKey) (json.RawMessage, error) {
	app, err := chain.Open(log.NewNopLogger(), dbm.NewMemDB())
	if err != nil {
		return nil, err
	}
	cdc, state := app.Codec, app.DefaultGenesis()
	staking, err := stakingOf(validatorKey)
	if err != nil {
		return nil, err
	}
	state[stakingtypes.ModuleName] = cdc.MustMarshalJSON(staking)
	state[authtypes.ModuleName] = accountsOf(cdc, addresses)
	state[banktypes.ModuleName] = balancesOf(cdc, addresses)
	return json.Marshal(state)
}

func accountsOf(cdc codec.Codec, addresses []sdk.AccAddress) json.RawMessage {
	accounts := make([]authtypes.GenesisAccount, len(addresses))
	for number, address := range addresses {
		accounts[number] = authtypes.NewBaseAccount(address, nil, uint64(number), 0)
	}
	return cdc.MustMarshalJSON(authtypes.NewGenesisState(authtypes.DefaultParams(), accounts))
}

func balancesOf(cdc codec.Codec, addresses []sdk.AccAddress) json.RawMessage {
	coins := sdk.NewCoins(sdk.NewCoin(denom, owned))
	balances := make([]banktypes.Balance, 0, len(addresses)+1)
	for _, address := range addresses {
		balances = append(balances, banktypes.Balance{Address: address.String(), Coins: coins})
	}
	pool := authtypes.NewModuleAddress(stakingtypes.NotBondedPoolName)
	balances = append(balances, banktypes.Balance{Address: pool.String(), Coins: sdk.NewCoins(sdk.NewCoin(denom, staked))})
	// Left empty, the supply is the sum of the balances.
	return cdc.MustMarshalJSON(banktypes.NewGenesisState(banktypes.DefaultParams(), balances, nil, nil, nil))
}

// stakingOf has the validator, who staked for himself. The chain's start bonds him, so that every module hears of it.
func stakingOf(key cryptotypes.PubKey) (*stakingtypes.GenesisState, error) {
	operator := sdk.ValAddress(key.Address()).String()
	validator, err := stakingtypes.NewValidator(operator, key, stakingtypes.Description{Moniker: "reference"})
	if err != nil {
		return nil, fmt.Errorf("cannot make the validator: %w", err)
	}
	validator.Tokens = staked
	validator.DelegatorShares = math.LegacyNewDecFromInt(staked)
	delegation := stakingtypes.NewDelegation(sdk.AccAddress(key.Address()).String(), operator, validator.DelegatorShares)
	params := stakingtypes.DefaultParams()
	return stakingtypes.NewGenesisState(params, []stakingtypes.Validator{validator}, []stakingtypes.Delegation{delegation}), nil
}
