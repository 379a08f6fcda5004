package main

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

type numbers = map[string]any

// rowWriter keeps the rows of one file; maps hold only what changed since the row before, nil is gone.
type rowWriter struct {
	rows   []any
	before numbers
}

func (r *rowWriter) add(height int64, row numbers) {
	written := numbers{"height": height}
	for name, value := range row {
		written[name] = value
		if current, is := value.(numbers); is {
			earlier, _ := r.before[name].(numbers)
			written[name] = changes(earlier, current)
		}
	}
	r.rows, r.before = append(r.rows, written), row
}

func changes(before, after numbers) numbers {
	changed := numbers{}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, is := after[name]; !is {
			changed[name] = nil
		}
	}
	for name, value := range after {
		if earlier, is := before[name]; !is || !reflect.DeepEqual(earlier, value) {
			changed[name] = value
		}
	}
	return changed
}

// noteRows writes the numbers after the last block down.
func (w *world) noteRows() error {
	staking, err := w.stakingRow()
	if err != nil {
		return err
	}
	distr, err := w.distributionRow()
	if err != nil {
		return err
	}
	w.staking.add(w.height, staking)
	w.distr.add(w.height, distr)
	return nil
}

func (w *world) validators() ([]stakingtypes.Validator, error) {
	var answer stakingtypes.QueryValidatorsResponse
	if err := w.ask("/cosmos.staking.v1beta1.Query/Validators", &stakingtypes.QueryValidatorsRequest{Pagination: everything}, &answer); err != nil {
		return nil, err
	}
	// An answer does not unpack the keys of its validators.
	for at := range answer.Validators {
		if err := answer.Validators[at].UnpackInterfaces(w.app.Codec.InterfaceRegistry()); err != nil {
			return nil, err
		}
	}
	return answer.Validators, nil
}

func (w *world) stakingRow() (numbers, error) {
	var pool stakingtypes.QueryPoolResponse
	if err := w.ask("/cosmos.staking.v1beta1.Query/Pool", &stakingtypes.QueryPoolRequest{}, &pool); err != nil {
		return nil, err
	}
	found, err := w.validators()
	if err != nil {
		return nil, err
	}
	validators, delegators, infos := numbers{}, numbers{}, numbers{}
	for _, one := range found {
		validators[one.OperatorAddress] = numbers{
			"tokens": one.Tokens.String(), "shares": one.DelegatorShares.String(), "status": int(one.Status), "jailed": one.Jailed,
			"unbonding_height": text(one.UnbondingHeight), "commission": one.Commission.Rate.String(), "min_self_delegation": one.MinSelfDelegation.String(),
		}
	}
	for _, one := range w.plan.accounts {
		row, err := w.delegatorRow(one.address().String())
		if err != nil {
			return nil, err
		}
		if len(row) > 0 {
			delegators[one.name] = row
		}
	}
	var signing slashingtypes.QuerySigningInfosResponse
	if err := w.ask("/cosmos.slashing.v1beta1.Query/SigningInfos", &slashingtypes.QuerySigningInfosRequest{Pagination: everything}, &signing); err != nil {
		return nil, err
	}
	for _, one := range signing.Info {
		infos[one.Address] = []any{
			text(one.StartHeight), text(one.IndexOffset), text(one.MissedBlocksCounter), one.Tombstoned, secondsText(one.JailedUntil),
		}
	}
	return numbers{
		"bonded": pool.Pool.BondedTokens.String(), "not_bonded": pool.Pool.NotBondedTokens.String(), "validators": validators, "delegators": delegators,
		"signing_infos": infos,
	}, nil
}

func secondsText(when time.Time) string {
	return fmt.Sprintf("%d.%09d", when.Unix(), when.Nanosecond())
}

func (w *world) delegations(address string) ([]stakingtypes.DelegationResponse, error) {
	var answer stakingtypes.QueryDelegatorDelegationsResponse
	request := &stakingtypes.QueryDelegatorDelegationsRequest{DelegatorAddr: address, Pagination: everything}
	err := w.ask("/cosmos.staking.v1beta1.Query/DelegatorDelegations", request, &answer)
	return answer.DelegationResponses, err
}

func (w *world) unbondings(address string) ([]stakingtypes.UnbondingDelegation, error) {
	var answer stakingtypes.QueryDelegatorUnbondingDelegationsResponse
	request := &stakingtypes.QueryDelegatorUnbondingDelegationsRequest{DelegatorAddr: address, Pagination: everything}
	err := w.ask("/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations", request, &answer)
	return answer.UnbondingResponses, err
}

func (w *world) delegatorRow(address string) (numbers, error) {
	row := numbers{}
	delegations, err := w.delegations(address)
	if err != nil {
		return nil, err
	}
	unbondings, err := w.unbondings(address)
	if err != nil {
		return nil, err
	}
	var moving stakingtypes.QueryRedelegationsResponse
	request := &stakingtypes.QueryRedelegationsRequest{DelegatorAddr: address, Pagination: everything}
	// Redelegations to a validator who is gone or has no stake cannot be asked for: they are left out then, all of the delegator's.
	if err := w.ask("/cosmos.staking.v1beta1.Query/Redelegations", request, &moving); err != nil && !errors.Is(err, errAnswer) {
		return nil, err
	}
	for _, one := range delegations {
		add(row, "delegations", []any{one.Delegation.ValidatorAddress, one.Delegation.Shares.String(), one.Balance.Amount.String()})
	}
	for _, one := range unbondings {
		entries := []any{}
		for _, entry := range one.Entries {
			entries = append(entries, []any{text(entry.CreationHeight), entry.InitialBalance.String(), entry.Balance.String(), text(int64(entry.UnbondingId))})
		}
		add(row, "unbonding", []any{one.ValidatorAddress, entries})
	}
	for _, one := range moving.RedelegationResponses {
		entries := []any{}
		for _, entry := range one.Entries {
			e := entry.RedelegationEntry
			entries = append(entries, []any{text(e.CreationHeight), e.InitialBalance.String(), entry.Balance.String(), e.SharesDst.String()})
		}
		add(row, "redelegations", []any{one.Redelegation.ValidatorSrcAddress, one.Redelegation.ValidatorDstAddress, entries})
	}
	return row, nil
}

func add(row numbers, name string, value any) {
	list, _ := row[name].([]any)
	row[name] = append(list, value)
}

var followed = []string{distrtypes.ModuleName, authtypes.FeeCollectorName, stakingtypes.BondedPoolName, stakingtypes.NotBondedPoolName, "gov", "mint"}

func (w *world) distributionRow() (numbers, error) {
	const service = "/cosmos.distribution.v1beta1.Query/"
	var pool distrtypes.QueryCommunityPoolResponse
	if err := w.ask(service+"CommunityPool", &distrtypes.QueryCommunityPoolRequest{}, &pool); err != nil {
		return nil, err
	}
	found, err := w.validators()
	if err != nil {
		return nil, err
	}
	validators, pending := numbers{}, numbers{}
	for _, one := range found {
		if validators[one.OperatorAddress], err = w.rewardsOf(one.OperatorAddress); err != nil {
			return nil, err
		}
	}
	for _, one := range w.plan.accounts {
		var answer distrtypes.QueryDelegationTotalRewardsResponse
		request := &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: one.address().String()}
		if err := w.ask(service+"DelegationTotalRewards", request, &answer); err != nil {
			return nil, err
		}
		rewards := numbers{}
		for _, reward := range answer.Rewards {
			rewards[reward.ValidatorAddress] = reward.Reward.String()
		}
		if len(rewards) > 0 {
			pending[one.name] = rewards
		}
	}
	row := numbers{"community_pool": pool.Pool.String(), "validators": validators, "pending_rewards": pending}
	return row, w.addBalances(row)
}

func (w *world) rewardsOf(operator string) (numbers, error) {
	const service = "/cosmos.distribution.v1beta1.Query/"
	var outstanding distrtypes.QueryValidatorOutstandingRewardsResponse
	request := &distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: operator}
	if err := w.ask(service+"ValidatorOutstandingRewards", request, &outstanding); err != nil {
		return nil, err
	}
	var commission distrtypes.QueryValidatorCommissionResponse
	if err := w.ask(service+"ValidatorCommission", &distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: operator}, &commission); err != nil {
		return nil, err
	}
	var slashed distrtypes.QueryValidatorSlashesResponse
	slashRequest := &distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: operator, EndingHeight: 1<<63 - 1, Pagination: everything}
	if err := w.ask(service+"ValidatorSlashes", slashRequest, &slashed); err != nil {
		return nil, err
	}
	slashes := []any{}
	for _, one := range slashed.Slashes {
		slashes = append(slashes, fmt.Sprintf("%d:%s", one.ValidatorPeriod, one.Fraction))
	}
	return numbers{"outstanding": outstanding.Rewards.Rewards.String(), "commission": commission.Commission.Commission.String(), "slashes": slashes}, nil
}

func (w *world) addBalances(row numbers) error {
	balances := numbers{}
	for _, name := range followed {
		var answer banktypes.QueryAllBalancesResponse
		request := &banktypes.QueryAllBalancesRequest{Address: authtypes.NewModuleAddress(name).String(), Pagination: everything}
		if err := w.ask("/cosmos.bank.v1beta1.Query/AllBalances", request, &answer); err != nil {
			return err
		}
		balances[name] = answer.Balances.String()
	}
	var supply banktypes.QueryTotalSupplyResponse
	if err := w.ask("/cosmos.bank.v1beta1.Query/TotalSupply", &banktypes.QueryTotalSupplyRequest{Pagination: everything}, &supply); err != nil {
		return err
	}
	var inflation minttypes.QueryInflationResponse
	if err := w.ask("/cosmos.mint.v1beta1.Query/Inflation", &minttypes.QueryInflationRequest{}, &inflation); err != nil {
		return err
	}
	var provisions minttypes.QueryAnnualProvisionsResponse
	if err := w.ask("/cosmos.mint.v1beta1.Query/AnnualProvisions", &minttypes.QueryAnnualProvisionsRequest{}, &provisions); err != nil {
		return err
	}
	row["module_balances"], row["supply"] = balances, supply.Supply.String()
	row["inflation"], row["annual_provisions"] = decimal(inflation.Inflation), decimal(provisions.AnnualProvisions)
	return nil
}

func decimal(dec math.LegacyDec) string { return dec.String() }

func coinNotes(coins sdk.Coins) []any {
	notes := []any{}
	for _, coin := range coins {
		notes = append(notes, numbers{"denom": coin.Denom, "amount": coin.Amount.String()})
	}
	return notes
}
