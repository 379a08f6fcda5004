package main

import (
	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

var stakingDeeds = []deed{
	{"delegate", 14, (*world).delegate},
	{"undelegate", 12, (*world).undelegate},
	{"redelegate", 12, (*world).redelegate},
	{"cancel-unbonding", 5, (*world).cancelUnbonding},
	{"create-validator", 5, (*world).createValidator},
	{"edit-validator", 3, (*world).editValidator},
	{"unjail", 6, (*world).unjail},
	{"withdraw", 8, (*world).withdraw},
	{"withdraw-commission", 5, (*world).withdrawCommission},
	{"set-withdraw-address", 3, (*world).setWithdrawAddress},
	{"deposit-rewards", 2, (*world).depositRewards},
}

func (w *world) delegate(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{stakingtypes.NewMsgDelegate(actor.address().String(), w.validator(), w.bondCoin(9))}, nil
}

// holding is a delegation of the actor and a part of it, often the whole, sometimes more.
func (w *world) holding(actor *account) (string, sdk.Coin, error) {
	delegations, err := w.delegations(actor.address().String())
	if err != nil || len(delegations) == 0 {
		return "", sdk.Coin{}, err
	}
	drawn := one(w.dice, delegations)
	held := drawn.Balance
	if actor == w.anchor() && drawn.Delegation.ValidatorAddress == actor.operator().String() {
		return "", sdk.Coin{}, nil
	}
	switch w.Intn(6) {
	case 0:
		return drawn.Delegation.ValidatorAddress, held.AddAmount(math.NewInt(w.Int63n(2))), nil
	case 1, 2:
		return drawn.Delegation.ValidatorAddress, held, nil
	case 3:
		return drawn.Delegation.ValidatorAddress, sdk.NewCoin(held.Denom, w.amount(6)), nil
	default:
		part := held.Amount.MulRaw(w.between(1, 999)).QuoRaw(1000)
		return drawn.Delegation.ValidatorAddress, sdk.NewCoin(held.Denom, part), nil
	}
}

func (w *world) undelegate(actor *account) ([]sdk.Msg, error) {
	validator, coin, err := w.holding(actor)
	if err != nil || validator == "" {
		return nil, err
	}
	return []sdk.Msg{stakingtypes.NewMsgUndelegate(actor.address().String(), validator, coin)}, nil
}

func (w *world) redelegate(actor *account) ([]sdk.Msg, error) {
	validator, coin, err := w.holding(actor)
	if err != nil || validator == "" {
		return nil, err
	}
	return []sdk.Msg{stakingtypes.NewMsgBeginRedelegate(actor.address().String(), validator, w.validator(), coin)}, nil
}

func (w *world) cancelUnbonding(actor *account) ([]sdk.Msg, error) {
	unbondings, err := w.unbondings(actor.address().String())
	if err != nil || len(unbondings) == 0 {
		return nil, err
	}
	drawn := one(w.dice, unbondings)
	entry := one(w.dice, drawn.Entries)
	amount := entry.Balance
	if !w.oneIn(3) {
		amount = amount.MulRaw(w.between(1, 1100)).QuoRaw(1000)
	}
	coin := sdk.NewCoin(w.plan.bond, amount)
	height := entry.CreationHeight
	if w.oneIn(15) {
		height++
	}
	return []sdk.Msg{stakingtypes.NewMsgCancelUnbondingDelegation(actor.address().String(), drawn.ValidatorAddress, height, coin)}, nil
}

func (w *world) createValidatorOf(actor *account, stake sdk.Coin) sdk.Msg {
	most := w.dec(100, 1000)
	rate := most.MulInt64(w.between(300, 1000)).QuoInt64(1000)
	commission := stakingtypes.NewCommissionRates(rate, most, most.MulInt64(w.between(0, 1000)).QuoInt64(1000))
	if w.height >= w.plan.initialHeight && w.oneIn(20) {
		commission.Rate = most.Add(math.LegacySmallestDec())
	}
	description := stakingtypes.Description{Moniker: actor.name, Website: "https://" + actor.name, Details: "“details”"}
	message, err := stakingtypes.NewMsgCreateValidator(
		actor.operator().String(), actor.consensus.PubKey(), stake, description, commission, math.NewInt(w.between(1, 2e6)),
	)
	if err != nil {
		panic(err)
	}
	return message
}

func (w *world) createValidator(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{w.createValidatorOf(actor, w.bondCoin(10))}, nil
}

func (w *world) editValidator(actor *account) ([]sdk.Msg, error) {
	description := stakingtypes.NewDescription(stakingtypes.DoNotModifyDesc, actor.name, stakingtypes.DoNotModifyDesc, "", "x")
	message := stakingtypes.NewMsgEditValidator(actor.operator().String(), description, nil, nil)
	if !w.oneIn(3) {
		rate := w.dec(0, 400)
		message.CommissionRate = &rate
	}
	if actor != w.anchor() && w.oneIn(3) {
		least := w.amount(8)
		message.MinSelfDelegation = &least
	}
	return []sdk.Msg{message}, nil
}

func (w *world) unjail(actor *account) ([]sdk.Msg, error) {
	for _, one := range w.scene.validators {
		if one.OperatorAddress == actor.operator().String() && (one.Jailed || w.oneIn(8)) {
			return []sdk.Msg{slashingtypes.NewMsgUnjail(one.OperatorAddress)}, nil
		}
	}
	return nil, nil
}

func (w *world) withdraw(actor *account) ([]sdk.Msg, error) {
	delegations, err := w.delegations(actor.address().String())
	if err != nil {
		return nil, err
	}
	var messages []sdk.Msg
	for _, one := range delegations {
		messages = append(messages, distrtypes.NewMsgWithdrawDelegatorReward(actor.address().String(), one.Delegation.ValidatorAddress))
	}
	if w.oneIn(8) {
		messages = append(messages, distrtypes.NewMsgWithdrawDelegatorReward(actor.address().String(), w.validator()))
	}
	return messages, nil
}

func (w *world) withdrawCommission(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{distrtypes.NewMsgWithdrawValidatorCommission(actor.operator().String())}, nil
}

func (w *world) setWithdrawAddress(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{distrtypes.NewMsgSetWithdrawAddress(actor.address(), w.receiver())}, nil
}

func (w *world) depositRewards(actor *account) ([]sdk.Msg, error) {
	coins := w.coins(6, w.plan.denoms()...)
	return []sdk.Msg{distrtypes.NewMsgDepositValidatorRewardsPool(actor.address().String(), w.validator(), coins)}, nil
}
