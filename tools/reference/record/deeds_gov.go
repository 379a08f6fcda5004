package main

import (
	"reflect"
	"strings"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

var govDeeds = []deed{
	{"propose", 14, (*world).propose},
	{"propose-text", 1, (*world).proposeText},
	{"propose-doomed", 3, (*world).proposeDoomed},
	{"deposit", 5, (*world).deposit},
	{"vote", 22, (*world).vote},
	{"vote-weighted", 4, (*world).voteWeighted},
	{"cancel-proposal", 2, (*world).cancelProposal},
	{"vote-v1beta1", 3, (*world).voteLegacy},
	{"deposit-v1beta1", 1, (*world).depositLegacy},
	{"usurp", 3, (*world).usurp},
}

var authority = authtypes.NewModuleAddress("gov")

func (w *world) propose(actor *account) ([]sdk.Msg, error) {
	var messages []sdk.Msg
	for len(messages) == 0 || w.oneIn(4) {
		messages = append(messages, w.decision())
	}
	if w.oneIn(8) {
		messages = nil
	}
	deposit := sdk.NewCoins(w.plan.gov.MinDeposit...)
	switch w.Intn(4) {
	case 0:
		deposit = w.coins(7, w.plan.denoms()...)
	case 1:
		deposit = sdk.NewCoins(w.plan.gov.ExpeditedMinDeposit...)
	case 2:
		if w.oneIn(3) {
			deposit = nil
		}
	}
	expedited := w.oneIn(3)
	message, err := govv1.NewMsgSubmitProposal(messages, deposit, actor.address().String(), w.metadata(), "title", "summary", expedited)
	return []sdk.Msg{message}, err
}

func (w *world) proposeText(actor *account) ([]sdk.Msg, error) {
	content := govv1beta1.NewTextProposal("title", "a text")
	message, err := govv1beta1.NewMsgSubmitProposal(content, sdk.NewCoins(w.plan.gov.MinDeposit...), actor.address())
	return []sdk.Msg{message}, err
}

// decision is what a proposal does when it passes; some fail then.
func (w *world) decision() sdk.Msg {
	by := authority.String()
	switch w.Intn(13) {
	case 0, 1:
		coins := w.coins(7, w.plan.denoms()...)
		return &distrtypes.MsgCommunityPoolSpend{Authority: by, Recipient: w.anybody().address().String(), Amount: coins}
	case 2:
		params := w.plan.staking
		params.MaxValidators = uint32(w.between(2, 7))
		params.UnbondingTime = w.seconds(100, 220)
		params.MinCommissionRate = math.LegacyNewDecWithPrec(w.between(0, 8), 2)
		return &stakingtypes.MsgUpdateParams{Authority: by, Params: params}
	case 3:
		params := w.plan.slashing
		params.SignedBlocksWindow = w.between(3, 25)
		params.SlashFractionDowntime = w.dec(1, 200)
		return &slashingtypes.MsgUpdateParams{Authority: by, Params: params}
	case 4:
		params := w.plan.distr
		params.CommunityTax, params.WithdrawAddrEnabled = w.dec(0, 500), !w.oneIn(3)
		return &distrtypes.MsgUpdateParams{Authority: by, Params: params}
	case 5:
		params := w.plan.mint
		params.InflationMax, params.GoalBonded = w.dec(200, 1000), w.dec(100, 900)
		return &minttypes.MsgUpdateParams{Authority: by, Params: params}
	case 6:
		params := w.plan.gov
		params.BurnVoteVeto, params.Quorum = w.oneIn(2), w.dec(1, 500).String()
		return &govv1.MsgUpdateParams{Authority: by, Params: params}
	case 7:
		params := w.params
		block := *params.Block
		block.MaxBytes = w.between(1e6, 2e7)
		return &consensustypes.MsgUpdateParams{Authority: by, Block: &block, Evidence: params.Evidence, Validator: params.Validator, Abci: params.Abci}
	case 8:
		params := authtypes.DefaultParams()
		params.MaxMemoCharacters, params.TxSigLimit = uint64(w.between(4, 300)), uint64(w.between(2, 7))
		return &authtypes.MsgUpdateParams{Authority: by, Params: params}
	case 9:
		return &banktypes.MsgUpdateParams{Authority: by, Params: banktypes.NewParams(!w.oneIn(4))}
	case 10:
		return w.sendSwitches(by)
	case 11:
		text, err := govv1.NewLegacyContent(govv1beta1.NewTextProposal("title", "a text"), by)
		if err != nil {
			panic(err)
		}
		return text
	default:
		// Of what nobody deposits: a chain of the SDK stops when a deposit cannot be given back.
		return banktypes.NewMsgSend(authority, w.anybody().address(), w.coins(4, w.plan.odd))
	}
}

// proposeDoomed proposes what can only fail; a chain of the SDK finds that out when it is executed.
func (w *world) proposeDoomed(actor *account) ([]sdk.Msg, error) {
	messages := []sdk.Msg{w.doomed()}
	if w.oneIn(3) {
		messages = append(messages, w.decision())
	}
	message, err := govv1.NewMsgSubmitProposal(messages, sdk.NewCoins(w.plan.gov.MinDeposit...), actor.address().String(), "", "title", "summary", false)
	return []sdk.Msg{message}, err
}

func (w *world) doomed() sdk.Msg {
	by, somebody := authority.String(), w.anybody().address()
	switch w.Intn(16) {
	case 0:
		return &banktypes.MsgSend{FromAddress: by, ToAddress: somebody.String()}
	case 1:
		return &banktypes.MsgSend{FromAddress: by, ToAddress: "nobody", Amount: w.coins(4, w.plan.odd)}
	case 2:
		return &banktypes.MsgSend{FromAddress: by, ToAddress: somebody.String(), Amount: []sdk.Coin{{Denom: "1", Amount: math.NewInt(-1)}}}
	case 3:
		return &distrtypes.MsgCommunityPoolSpend{Authority: by, Recipient: "nobody", Amount: w.coins(3, w.plan.odd)}
	case 4:
		return &distrtypes.MsgCommunityPoolSpend{Authority: by, Recipient: somebody.String()}
	case 5:
		params := w.plan.staking
		params.MaxValidators = 0
		return &stakingtypes.MsgUpdateParams{Authority: by, Params: params}
	case 6:
		params := w.plan.staking
		params.UnbondingTime = -w.seconds(1, 9)
		return &stakingtypes.MsgUpdateParams{Authority: by, Params: params}
	case 7:
		params := w.plan.slashing
		params.MinSignedPerWindow = math.LegacyNewDec(2)
		return &slashingtypes.MsgUpdateParams{Authority: by, Params: params}
	case 8:
		params := w.plan.distr
		params.CommunityTax = math.LegacyNewDec(w.between(-3, -1))
		return &distrtypes.MsgUpdateParams{Authority: by, Params: params}
	case 9:
		params := w.plan.mint
		params.InflationMin = params.InflationMax.Add(math.LegacyOneDec())
		return &minttypes.MsgUpdateParams{Authority: by, Params: params}
	case 10:
		params := w.plan.gov
		params.Quorum = one(w.dice, []string{"", "much", "1.5", "-0.1"})
		return &govv1.MsgUpdateParams{Authority: by, Params: params}
	case 11:
		params := w.params
		block := *params.Block
		block.MaxBytes = one(w.dice, []int64{0, -2, 2e8, 1000})
		return &consensustypes.MsgUpdateParams{Authority: by, Block: &block, Evidence: params.Evidence, Validator: params.Validator, Abci: params.Abci}
	case 12:
		params := w.params
		return &consensustypes.MsgUpdateParams{Authority: by, Block: params.Block, Validator: params.Validator}
	case 13:
		return &stakingtypes.MsgDelegate{DelegatorAddress: by, ValidatorAddress: somebody.String(), Amount: sdk.NewInt64Coin(w.plan.bond, 5)}
	case 14:
		return govv1.NewMsgVote(authority, uint64(w.between(0, 99)), govv1.VoteOption(w.between(0, 7)), "")
	default:
		return &slashingtypes.MsgUnjail{ValidatorAddr: sdk.ValAddress(authority).String()}
	}
}

// sendSwitches lets a denomination be sent, or not, or as all others.
func (w *world) sendSwitches(by string) sdk.Msg {
	denom := one(w.dice, append(w.plan.denoms(), "uother"))
	if w.oneIn(2) {
		return banktypes.NewMsgSetSendEnabled(by, nil, []string{denom})
	}
	return banktypes.NewMsgSetSendEnabled(by, []*banktypes.SendEnabled{banktypes.NewSendEnabled(denom, w.oneIn(2))}, nil)
}

// metadata of a proposal: nothing, a place, or what should agree with the title.
func (w *world) metadata() string {
	switch w.Intn(8) {
	case 0:
		return ""
	case 1:
		return `{"title":"title","summary":"summary"}`
	case 2:
		return `{"title":"title","summary":"another"}`
	case 3:
		return `{"Title":"title","SUMMARY":"summary","title2":1,"authors":[]} `
	case 4:
		return strings.Repeat("m", int(w.between(250, 260)))
	default:
		return "ipfs://x"
	}
}

// usurp does by itself what governance alone may do.
func (w *world) usurp(actor *account) ([]sdk.Msg, error) {
	message := w.decision()
	if w.oneIn(3) {
		message = w.doomed()
	}
	field := reflect.ValueOf(message).Elem().FieldByName("Authority")
	if !field.IsValid() {
		return nil, nil
	}
	field.SetString(actor.address().String())
	return []sdk.Msg{message}, nil
}

func (w *world) voteLegacy(actor *account) ([]sdk.Msg, error) {
	id := w.proposal(govv1.StatusVotingPeriod)
	if id == 0 {
		return nil, nil
	}
	if w.oneIn(2) {
		return []sdk.Msg{govv1beta1.NewMsgVote(actor.address(), id, govv1beta1.OptionYes)}, nil
	}
	weighted := govv1beta1.WeightedVoteOptions{
		{Option: govv1beta1.OptionYes, Weight: w.dec(100, 600)}, {Option: govv1beta1.OptionNo, Weight: math.LegacyNewDecWithPrec(4, 1)},
	}
	weighted[1].Weight = math.LegacyOneDec().Sub(weighted[0].Weight)
	return []sdk.Msg{govv1beta1.NewMsgVoteWeighted(actor.address(), id, weighted)}, nil
}

func (w *world) depositLegacy(actor *account) ([]sdk.Msg, error) {
	id := w.proposal(govv1.StatusDepositPeriod)
	if id == 0 {
		return nil, nil
	}
	return []sdk.Msg{govv1beta1.NewMsgDeposit(actor.address(), id, w.coins(7, w.plan.denoms()...))}, nil
}

// proposal draws one in a status, sometimes one that does not exist.
func (w *world) proposal(status govv1.ProposalStatus) uint64 {
	var ids []uint64
	for _, one := range w.scene.proposals {
		if one.Status == status {
			ids = append(ids, one.Id)
		}
	}
	if w.oneIn(20) {
		return uint64(w.between(1, 100))
	}
	if len(ids) == 0 {
		return 0
	}
	return one(w.dice, ids)
}

func (w *world) deposit(actor *account) ([]sdk.Msg, error) {
	id := w.proposal(govv1.StatusDepositPeriod)
	if w.oneIn(4) {
		id = w.proposal(govv1.StatusVotingPeriod)
	}
	if id == 0 {
		return nil, nil
	}
	return []sdk.Msg{govv1.NewMsgDeposit(actor.address(), id, w.coins(7, w.plan.denoms()...))}, nil
}

var options = []govv1.VoteOption{govv1.OptionYes, govv1.OptionNoWithVeto, govv1.OptionNo, govv1.OptionAbstain}

// vote follows what most think of a proposal: of every eight five pass.
func (w *world) vote(actor *account) ([]sdk.Msg, error) {
	id := w.proposal(govv1.StatusVotingPeriod)
	if id == 0 {
		return nil, nil
	}
	option := options[0]
	if opinion := id * 2654435761 % 8; opinion < 3 {
		option = options[opinion+1]
	}
	if w.oneIn(5) {
		option = one(w.dice, options)
	}
	return []sdk.Msg{govv1.NewMsgVote(actor.address(), id, option, "")}, nil
}

func (w *world) voteWeighted(actor *account) ([]sdk.Msg, error) {
	id := w.proposal(govv1.StatusVotingPeriod)
	if id == 0 {
		return nil, nil
	}
	share := w.dec(1, 999)
	weighted := govv1.WeightedVoteOptions{
		{Option: govv1.OptionYes, Weight: share.String()}, {Option: one(w.dice, options[1:]), Weight: math.LegacyOneDec().Sub(share).String()},
	}
	return []sdk.Msg{govv1.NewMsgVoteWeighted(actor.address(), id, weighted, "m")}, nil
}

func (w *world) cancelProposal(actor *account) ([]sdk.Msg, error) {
	for _, one := range w.scene.proposals {
		if one.Proposer == actor.address().String() && one.Status <= govv1.StatusVotingPeriod {
			return []sdk.Msg{govv1.NewMsgCancelProposal(one.Id, one.Proposer)}, nil
		}
	}
	return nil, nil
}
