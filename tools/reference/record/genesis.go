package main

import (
	"encoding/json"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vesting "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// The last of the accounts do not exist at the beginning, those before them have coins that vest.
const (
	unborn   = 3
	vestings = 4
)

// genesis makes the application's first state.
func (w *world) genesis() (json.RawMessage, error) {
	state, cdc, p := w.app.DefaultGenesis(), w.app.Codec, w.plan
	accounts, balances := w.genesisAccounts()
	if p.viaGentxs {
		gentxs, err := w.gentxs()
		if err != nil {
			return nil, err
		}
		state[genutiltypes.ModuleName] = cdc.MustMarshalJSON(genutiltypes.NewGenesisStateFromTx(w.app.TxConfig.TxJSONEncoder(), gentxs))
		state[stakingtypes.ModuleName] = cdc.MustMarshalJSON(stakingtypes.NewGenesisState(p.staking, nil, nil))
	} else {
		staking, staked, err := w.stakedGenesis()
		if err != nil {
			return nil, err
		}
		state[stakingtypes.ModuleName] = cdc.MustMarshalJSON(staking)
		pool := authtypes.NewModuleAddress(stakingtypes.NotBondedPoolName).String()
		balances = append(balances, banktypes.Balance{Address: pool, Coins: sdk.NewCoins(sdk.NewCoin(p.bond, staked))})
	}
	distr := distrtypes.DefaultGenesisState()
	distr.Params = p.distr
	if w.oneIn(2) {
		coins := w.coins(6, p.denoms()...)
		distr.FeePool.CommunityPool = sdk.NewDecCoinsFromCoins(coins...)
		pool := authtypes.NewModuleAddress(distrtypes.ModuleName).String()
		balances = append(balances, banktypes.Balance{Address: pool, Coins: coins})
	}
	gov := govv1.DefaultGenesisState()
	gov.Params = &p.gov
	gov.StartingProposalId = uint64(w.between(1, 90))
	state[authtypes.ModuleName] = cdc.MustMarshalJSON(authtypes.NewGenesisState(authtypes.DefaultParams(), accounts))
	state[banktypes.ModuleName] = cdc.MustMarshalJSON(banktypes.NewGenesisState(banktypes.DefaultParams(), balances, nil, nil, nil))
	state[distrtypes.ModuleName] = cdc.MustMarshalJSON(distr)
	state["gov"] = cdc.MustMarshalJSON(gov)
	minter := minttypes.NewMinter(p.inflation, math.LegacyZeroDec())
	state[minttypes.ModuleName] = cdc.MustMarshalJSON(minttypes.NewGenesisState(minter, p.mint))
	state[slashingtypes.ModuleName] = cdc.MustMarshalJSON(slashingtypes.NewGenesisState(p.slashing, nil, nil))
	return json.Marshal(state)
}

func (w *world) genesisAccounts() ([]authtypes.GenesisAccount, []banktypes.Balance) {
	p := w.plan
	var accounts []authtypes.GenesisAccount
	var balances []banktypes.Balance
	born := p.accounts[:len(p.accounts)-unborn]
	for number, person := range born {
		base := authtypes.NewBaseAccount(person.address(), nil, uint64(number), 0)
		coins := sdk.NewCoins(
			sdk.NewCoin(p.bond, math.NewInt(w.between(1e8, 1e11))), sdk.NewCoin(p.fee, math.NewInt(w.between(1e6, 1e9))), sdk.NewCoin(p.odd, math.NewInt(w.between(1e6, 1e10))),
		)
		var account authtypes.GenesisAccount = base
		if number >= len(born)-vestings {
			account = w.vestingAccount(base, coins)
		}
		accounts = append(accounts, account)
		balances = append(balances, banktypes.Balance{Address: person.address().String(), Coins: coins})
	}
	return accounts, balances
}

func (w *world) vestingAccount(base *authtypes.BaseAccount, owned sdk.Coins) authtypes.GenesisAccount {
	p := w.plan
	locked := sdk.NewCoins(sdk.NewCoin(p.bond, owned.AmountOf(p.bond).MulRaw(w.between(3, 10)).QuoRaw(10)))
	if w.oneIn(2) {
		locked = locked.Add(sdk.NewCoin(p.odd, owned.AmountOf(p.odd)))
	}
	begin := p.genesisTime.Add(w.seconds(-100, 100)).Unix()
	end := p.genesisTime.Add(w.seconds(200, 1500)).Unix()
	var account authtypes.GenesisAccount
	var err error
	switch w.Intn(4) {
	case 0:
		account, err = vesting.NewContinuousVestingAccount(base, locked, begin, end)
	case 1:
		account, err = vesting.NewDelayedVestingAccount(base, locked, end)
	case 2:
		account, err = vesting.NewPermanentLockedAccount(base, locked)
	default:
		account, err = vesting.NewPeriodicVestingAccount(base, locked, begin, w.periods(locked))
	}
	if err != nil {
		panic(err)
	}
	return account
}

// periods shares coins out over some time.
func (w *world) periods(coins sdk.Coins) vesting.Periods {
	var periods vesting.Periods
	rest := coins
	for range w.Intn(4) {
		part := sdk.NewCoins()
		for _, coin := range rest {
			part = part.Add(sdk.NewCoin(coin.Denom, coin.Amount.QuoRaw(w.between(2, 5))))
		}
		if part.Empty() {
			break
		}
		rest = rest.Sub(part...)
		periods = append(periods, vesting.Period{Length: w.between(1, 200), Amount: part})
	}
	return append(periods, vesting.Period{Length: int64(w.seconds(1, 200) / time.Second), Amount: rest})
}

// stakedGenesis has the founders as validators that the chain's start bonds, each with a stake of his own and some with delegators.
func (w *world) stakedGenesis() (*stakingtypes.GenesisState, math.Int, error) {
	p, total := w.plan, math.ZeroInt()
	var validators []stakingtypes.Validator
	var delegations []stakingtypes.Delegation
	for number, founder := range p.accounts[:p.founders] {
		operator := founder.operator().String()
		validator, err := stakingtypes.NewValidator(operator, founder.consensus.PubKey(), stakingtypes.Description{Moniker: founder.name})
		if err != nil {
			return nil, total, err
		}
		validator.Commission = stakingtypes.NewCommissionWithTime(w.dec(30, 300), math.LegacyOneDec(), w.dec(1, 500), p.genesisTime)
		validator.Tokens = math.ZeroInt()
		holders := []*account{founder}
		if w.oneIn(2) {
			holders = append(holders, p.accounts[(number+p.founders)%len(p.accounts)])
		}
		for _, holder := range holders {
			stake := math.NewInt(w.between(3e6, 4e8))
			validator.Tokens = validator.Tokens.Add(stake)
			delegations = append(delegations, stakingtypes.NewDelegation(holder.address().String(), operator, math.LegacyNewDecFromInt(stake)))
		}
		validator.DelegatorShares = math.LegacyNewDecFromInt(validator.Tokens)
		validators = append(validators, validator)
		total = total.Add(validator.Tokens)
	}
	return stakingtypes.NewGenesisState(p.staking, validators, delegations), total, nil
}

func (w *world) gentxs() ([]sdk.Tx, error) {
	p := w.plan
	var txs []sdk.Tx
	for _, founder := range p.accounts[:p.founders] {
		message := w.createValidatorOf(founder, sdk.NewCoin(p.bond, math.NewInt(w.between(3e6, 9e7))))
		signed, err := w.sign(envelope{messages: []sdk.Msg{message}, gas: 300_000, mode: signing.SignMode_SIGN_MODE_DIRECT})
		if err != nil {
			return nil, err
		}
		tx, err := w.app.TxConfig.TxDecoder()(signed.bytes)
		if err != nil {
			return nil, err
		}
		txs = append(txs, tx)
	}
	return txs, nil
}
