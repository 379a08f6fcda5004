package main

import (
	"time"

	"cosmossdk.io/math"
	evidencetypes "cosmossdk.io/x/evidence/types"
	"cosmossdk.io/x/feegrant"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

var grantDeeds = []deed{
	{"grant", 7, (*world).grant},
	{"revoke", 2, (*world).revoke},
	{"exec", 10, (*world).exec},
	{"grant-allowance", 6, (*world).grantAllowance},
	{"revoke-allowance", 2, (*world).revokeAllowance},
	{"prune-allowances", 1, (*world).pruneAllowances},
	{"submit-evidence", 1, (*world).submitEvidence},
}

var grantable = []sdk.Msg{
	&banktypes.MsgSend{}, &stakingtypes.MsgDelegate{}, &stakingtypes.MsgUndelegate{}, &stakingtypes.MsgBeginRedelegate{}, &govv1.MsgVote{},
	&authz.MsgExec{}, &banktypes.MsgMultiSend{}, &distrtypes.MsgWithdrawDelegatorReward{}, &stakingtypes.MsgCancelUnbondingDelegation{},
}

func (w *world) expiry() *time.Time {
	if w.oneIn(3) {
		return nil
	}
	when := w.time.Add(w.seconds(1, 200))
	return &when
}

// neighbour keeps grants among few pairs, so that they are used.
func (w *world) neighbour(actor *account) *account {
	for at, one := range w.plan.accounts {
		if one == actor {
			return w.plan.accounts[(at+1+w.Intn(2))%len(w.plan.accounts)]
		}
	}
	return actor
}

// possibleGranter is whose neighbour the actor is.
func (w *world) possibleGranter(actor *account) *account {
	people := w.plan.accounts
	for at, one := range people {
		if one == actor {
			return people[(at+len(people)-1-w.Intn(2))%len(people)]
		}
	}
	return actor
}

func (w *world) authorization() (authz.Authorization, error) {
	switch w.Intn(3) {
	case 0:
		return authz.NewGenericAuthorization(sdk.MsgTypeURL(one(w.dice, grantable))), nil
	case 1:
		var allowed []sdk.AccAddress
		if w.oneIn(3) {
			allowed = append(allowed, w.anybody().address())
		}
		return banktypes.NewSendAuthorization(w.coins(9, w.plan.denoms()...), allowed), nil
	default:
		var limit *sdk.Coin
		if w.oneIn(2) {
			coin := sdk.NewCoin(w.plan.bond, w.amount(9))
			limit = &coin
		}
		kind := stakingtypes.AuthorizationType(w.between(1, 4))
		var listed []sdk.ValAddress
		for _, one := range w.scene.validators {
			if w.oneIn(2) {
				address, err := sdk.ValAddressFromBech32(one.OperatorAddress)
				if err != nil {
					return nil, err
				}
				listed = append(listed, address)
			}
		}
		if len(listed) == 0 {
			return authz.NewGenericAuthorization(sdk.MsgTypeURL(one(w.dice, grantable))), nil
		}
		if w.oneIn(2) {
			return stakingtypes.NewStakeAuthorization(listed, nil, kind, limit)
		}
		return stakingtypes.NewStakeAuthorization(nil, listed, kind, limit)
	}
}

func (w *world) grant(actor *account) ([]sdk.Msg, error) {
	authorization, err := w.authorization()
	if err != nil {
		return nil, err
	}
	message, err := authz.NewMsgGrant(actor.address(), w.neighbour(actor).address(), authorization, w.expiry())
	return []sdk.Msg{message}, err
}

func (w *world) revoke(actor *account) ([]sdk.Msg, error) {
	message := authz.NewMsgRevoke(actor.address(), w.neighbour(actor).address(), sdk.MsgTypeURL(one(w.dice, grantable)))
	return []sdk.Msg{&message}, nil
}

// exec uses grants that the actor has from somebody, or, rarely, does something that nobody granted.
func (w *world) exec(actor *account) ([]sdk.Msg, error) {
	var answer authz.QueryGranteeGrantsResponse
	request := &authz.QueryGranteeGrantsRequest{Grantee: actor.address().String(), Pagination: everything}
	if err := w.ask("/cosmos.authz.v1beta1.Query/GranteeGrants", request, &answer); err != nil {
		return nil, err
	}
	granter := w.anybody()
	if len(answer.Grants) > 0 {
		drawn := one(w.dice, answer.Grants).Granter
		for _, person := range w.plan.accounts {
			if person.address().String() == drawn {
				granter = person
			}
		}
	} else if !w.oneIn(10) {
		return nil, nil
	}
	var inner []sdk.Msg
	for len(inner) == 0 || w.oneIn(4) {
		done, err := one(w.dice, []func(*account) ([]sdk.Msg, error){w.send, w.delegate, w.undelegate, w.redelegate, w.vote, w.multiSend, w.withdraw, w.cancelUnbonding, w.exec})(granter)
		if err != nil {
			return nil, err
		}
		inner = append(inner, done...)
		if len(done) == 0 {
			break
		}
	}
	if len(inner) == 0 {
		return nil, nil
	}
	message := authz.NewMsgExec(actor.address(), inner)
	return []sdk.Msg{&message}, nil
}

func (w *world) grantAllowance(actor *account) ([]sdk.Msg, error) {
	basic := feegrant.BasicAllowance{Expiration: w.expiry()}
	if !w.oneIn(4) {
		basic.SpendLimit = sdk.NewCoins(sdk.NewCoin(w.plan.fee, math.NewInt(w.between(1, 90_000))))
	}
	var allowance feegrant.FeeAllowanceI = &basic
	if w.oneIn(3) {
		limit := sdk.NewCoins(sdk.NewCoin(w.plan.fee, math.NewInt(w.between(1, 40_000))))
		allowance = &feegrant.PeriodicAllowance{
			Basic: basic, Period: w.seconds(1, 60), PeriodSpendLimit: limit, PeriodCanSpend: limit, PeriodReset: w.time.Add(w.seconds(1, 30)),
		}
	}
	if w.oneIn(3) {
		filtered, err := feegrant.NewAllowedMsgAllowance(allowance, []string{sdk.MsgTypeURL(one(w.dice, grantable)), sdk.MsgTypeURL(&govv1.MsgVote{})})
		if err != nil {
			return nil, err
		}
		allowance = filtered
	}
	grantee := w.neighbour(actor).address()
	// What was revoked leaves its place in the SDK's queue behind, and with it ends what is granted later.
	if w.revoked[actor.address().String()+grantee.String()] {
		return nil, nil
	}
	message, err := feegrant.NewMsgGrantAllowance(allowance, actor.address(), grantee)
	return []sdk.Msg{message}, err
}

func (w *world) pruneAllowances(actor *account) ([]sdk.Msg, error) {
	return []sdk.Msg{&feegrant.MsgPruneAllowances{Pruner: actor.address().String()}}, nil
}

// submitEvidence accuses somebody, which a chain without handlers for it does not take.
func (w *world) submitEvidence(actor *account) ([]sdk.Msg, error) {
	culprit := sdk.ConsAddress(w.anybody().consensus.PubKey().Address()).String()
	equivocation := &evidencetypes.Equivocation{Height: w.height, Time: w.time, Power: 1, ConsensusAddress: culprit}
	message, err := evidencetypes.NewMsgSubmitEvidence(actor.address(), equivocation)
	return []sdk.Msg{message}, err
}

func (w *world) revokeAllowance(actor *account) ([]sdk.Msg, error) {
	grantee := w.neighbour(actor).address()
	w.revoked[actor.address().String()+grantee.String()] = true
	message := feegrant.NewMsgRevokeAllowance(actor.address(), grantee)
	return []sdk.Msg{&message}, nil
}
