package main

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vesting "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
)

var moneyDeeds = []deed{
	{"send", 8, (*world).send},
	{"multi-send", 2, (*world).multiSend},
	{"fund-pool", 2, (*world).fundPool},
	{"vest", 3, (*world).vest},
}

// receiver is mostly one of the accounts, sometimes a module's.
func (w *world) receiver() sdk.AccAddress {
	if w.oneIn(12) {
		return authtypes.NewModuleAddress(one(w.dice, followed))
	}
	return w.anybody().address()
}

func (w *world) send(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{banktypes.NewMsgSend(actor.address(), w.receiver(), w.coins(8, w.plan.denoms()...))}, nil
}

func (w *world) multiSend(actor *account) ([]sdk.Msg, error) {
	total := sdk.NewCoins()
	var outputs []banktypes.Output
	for range w.between(1, 3) {
		coins := w.coins(6, w.plan.denoms()...)
		total = total.Add(coins...)
		outputs = append(outputs, banktypes.NewOutput(w.receiver(), coins))
	}
	if w.oneIn(10) {
		total = total.Add(sdk.NewCoin(w.plan.bond, w.amount(2)))
	}
	return []sdk.Msg{banktypes.NewMsgMultiSend(banktypes.NewInput(actor.address(), total), outputs)}, nil
}

func (w *world) fundPool(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{distrtypes.NewMsgFundCommunityPool(w.coins(7, w.plan.denoms()...), actor.address().String())}, nil
}

// vest makes accounts whose coins vest of those that do not exist yet; of others it fails.
func (w *world) vest(actor *account) ([]sdk.Msg, error) {
	to := w.plan.accounts[len(w.plan.accounts)-1-w.Intn(unborn+1)].address()
	coins := w.coins(7, w.plan.denoms()...)
	switch w.Intn(4) {
	case 0:
		return []sdk.Msg{vesting.NewMsgCreatePermanentLockedAccount(actor.address(), to, coins)}, nil
	case 1:
		return []sdk.Msg{vesting.NewMsgCreatePeriodicVestingAccount(actor.address(), to, w.time.Unix(), w.periods(coins))}, nil
	default:
		end := w.time.Add(w.seconds(-10, 600)).Unix()
		return []sdk.Msg{vesting.NewMsgCreateVestingAccount(actor.address(), to, coins, end, w.oneIn(2))}, nil
	}
}
