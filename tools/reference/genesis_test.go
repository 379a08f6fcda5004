package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cosmossdk.io/log"
	"github.com/cometbft/cometbft/abci/types"
	cmtcrypto "github.com/cometbft/cometbft/crypto/encoding"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"hanzo.network/tools/reference/chain"
)

const testChain = "reference-test-1"

func TestTheChainStartsFromItsGenesisAndMakesBlocks(t *testing.T) {
	addresses := []sdk.AccAddress{sdk.AccAddress(strings.Repeat("b", 20)), sdk.AccAddress(strings.Repeat("a", 20))}
	genesis := makeGenesis(t, addresses)
	app, err := chain.Open(log.NewNopLogger(), dbm.NewMemDB(), baseapp.SetChainID(testChain))
	if err != nil {
		t.Fatal(err)
	}
	started, err := app.InitChain(&types.RequestInitChain{ChainId: testChain, AppStateBytes: genesis.AppState, InitialHeight: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(started.Validators) != 1 || started.Validators[0].Power != 1000 {
		t.Fatalf("expected one validator of power 1000, got %v", started.Validators)
	}
	for height := int64(1); height <= 3; height++ {
		block := &types.RequestFinalizeBlock{Height: height}
		if height > 1 {
			signer := types.Validator{Address: genesisValidator(t, started), Power: 1000}
			block.DecidedLastCommit.Votes = []types.VoteInfo{{Validator: signer, BlockIdFlag: cmtproto.BlockIDFlagCommit}}
		}
		if _, err := app.FinalizeBlock(block); err != nil {
			t.Fatalf("block %d: %v", height, err)
		}
		if _, err := app.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	// The order of the lines numbers the accounts, as signatures of the load need it.
	for number, address := range addresses {
		answer, err := app.Query(context.Background(), &types.RequestQuery{
			Path: "/cosmos.auth.v1beta1.Query/AccountInfo", Data: app.Codec.MustMarshal(&authtypes.QueryAccountInfoRequest{Address: address.String()}),
		})
		if err != nil {
			t.Fatal(err)
		}
		var account authtypes.QueryAccountInfoResponse
		app.Codec.MustUnmarshal(answer.Value, &account)
		if account.Info.AccountNumber != uint64(number) {
			t.Errorf("%s: expected number %d, got %d", address, number, account.Info.AccountNumber)
		}
	}
}

func TestTheGenesisGivesEveryAddressTheSame(t *testing.T) {
	addresses := []sdk.AccAddress{sdk.AccAddress(strings.Repeat("a", 20)), sdk.AccAddress(strings.Repeat("b", 20))}
	genesis := makeGenesis(t, addresses)
	var state struct{ Bank json.RawMessage }
	if err := json.Unmarshal(genesis.AppState, &state); err != nil {
		t.Fatal(err)
	}
	app, err := chain.Open(log.NewNopLogger(), dbm.NewMemDB())
	if err != nil {
		t.Fatal(err)
	}
	var bank banktypes.GenesisState
	app.Codec.MustUnmarshalJSON(state.Bank, &bank)
	for index, address := range addresses {
		if got := bank.Balances[index]; got.Address != address.String() || got.Coins.String() != owned.String()+denom {
			t.Errorf("balance %d is %s of %s", index, got.Coins, got.Address)
		}
	}
	if genesis.Consensus.Params.Block.MaxBytes != blockMaxBytes || genesis.Consensus.Params.Block.MaxGas != -1 {
		t.Errorf("blocks are %+v", genesis.Consensus.Params.Block)
	}
}

func TestAnAddressOfAnotherChainIsRefusedWithItsLine(t *testing.T) {
	_, err := readAddresses(strings.NewReader(sdk.AccAddress(strings.Repeat("a", 20)).String() + "\ncosmos1zg69v7yszg69v7yszg69v7yszg69v7ys8xdv96\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("expected an error of line 2, got %v", err)
	}
}

func genesisValidator(t *testing.T, started *types.ResponseInitChain) []byte {
	t.Helper()
	key, err := cmtcrypto.PubKeyFromProto(started.Validators[0].PubKey)
	if err != nil {
		t.Fatal(err)
	}
	return key.Address()
}

func makeGenesis(t *testing.T, addresses []sdk.AccAddress) *genutiltypes.AppGenesis {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "config")
	if err := os.Mkdir(config, 0o700); err != nil {
		t.Fatal(err)
	}
	privval.GenFilePV(filepath.Join(config, "priv_validator_key.json"), filepath.Join(home, "state.json")).Key.Save()
	var lines strings.Builder
	for _, address := range addresses {
		lines.WriteString(address.String() + "\n")
	}
	if err := writeGenesis(home, testChain, strings.NewReader(lines.String())); err != nil {
		t.Fatal(err)
	}
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(config, "genesis.json"))
	if err != nil {
		t.Fatal(err)
	}
	return genesis
}
