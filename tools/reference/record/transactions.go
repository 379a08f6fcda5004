package main

import (
	"strings"
	"time"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// deed is something an account may do. It gives nothing when it makes no sense for him now; many that it gives fail on the chain.
type deed struct {
	name   string
	weight int
	do     func(w *world, actor *account) ([]sdk.Msg, error)
}

// scene is what deeds look at: the chain after the last block.
type scene struct {
	validators []stakingtypes.Validator
	proposals  []*govv1.Proposal
}

func (w *world) look() (scene, error) {
	var answer govv1.QueryProposalsResponse
	if err := w.ask("/cosmos.gov.v1.Query/Proposals", &govv1.QueryProposalsRequest{Pagination: everything}, &answer); err != nil {
		return scene{}, err
	}
	validators, err := w.validators()
	return scene{validators, answer.Proposals}, err
}

var deeds = concat(stakingDeeds, moneyDeeds, govDeeds, grantDeeds)

func concat(lists ...[]deed) []deed {
	var all []deed
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func (w *world) drawDeed() deed {
	total := 0
	for _, one := range deeds {
		total += one.weight
	}
	drawn := w.Intn(total)
	for _, one := range deeds {
		if drawn -= one.weight; drawn < 0 {
			return one
		}
	}
	return deeds[0]
}

// transactions of the next block, each of another signer.
func (w *world) transactions() ([]*signedTx, error) {
	if w.height < w.plan.initialHeight {
		return nil, nil
	}
	var txs []*signedTx
	count := w.Intn(w.plan.busy)
	if w.oneIn(20) {
		count = len(w.plan.accounts)
	}
	for _, actor := range shuffled(w.dice, w.plan.accounts)[:count] {
		name, messages, err := w.deedsOf(actor)
		if err != nil {
			return nil, err
		}
		if w.oneIn(12) {
			with, more, err := w.deedsOf(w.anybody())
			if err != nil {
				return nil, err
			}
			name, messages = name+"&"+with, append(messages, more...)
		}
		tx, err := w.sign(w.envelopeOf(actor, messages))
		if err != nil {
			return nil, err
		}
		tx.name = name
		txs = append(txs, tx)
	}
	return txs, nil
}

// deedsOf draws what somebody does with one transaction, with the names of it.
func (w *world) deedsOf(actor *account) (string, []sdk.Msg, error) {
	name, messages := "", []sdk.Msg{}
	for len(messages) == 0 || w.oneIn(6) {
		drawn := w.drawDeed()
		done, err := drawn.do(w, actor)
		if err != nil {
			return "", nil, err
		}
		if len(done) == 0 {
			continue
		}
		if w.oneIn(w.plan.strange) {
			at := w.Intn(len(done))
			drawn.name, done[at] = "odd-"+drawn.name, w.spoil(done[at])
		}
		name, messages = strings.TrimPrefix(name+"+"+drawn.name, "+"), append(messages, done...)
	}
	return name, messages, nil
}

func (w *world) envelopeOf(actor *account, messages []sdk.Msg) envelope {
	e := envelope{messages: messages, gas: uint64(w.between(4_000_000, 6_000_000)), mode: signing.SignMode_SIGN_MODE_DIRECT}
	// Accounts of several keys sign amino documents with all usual tools.
	if w.oneIn(4) || actor.threshold > 0 && !w.oneIn(8) {
		e.mode = signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	}
	if w.oneIn(8) {
		e.unordered, e.until = true, w.term()
	} else if w.oneIn(30) {
		e.until = w.term()
	}
	switch w.Intn(12) {
	case 0:
	case 1:
		e.fee = w.coins(5, w.plan.denoms()...)
	case 2:
		e.fee = sdk.NewCoins(sdk.NewCoin(w.plan.odd, w.amount(7)))
	default:
		e.fee = sdk.NewCoins(sdk.NewCoin(w.plan.fee, math.NewInt(w.between(1, 30_000))))
	}
	if w.oneIn(12) {
		e.granter = w.possibleGranter(actor).address()
	}
	if w.oneIn(20) {
		e.payer = w.anybody().address()
	}
	if w.oneIn(4 * w.plan.strange) {
		e.fee = w.oddFee(e.fee)
	}
	switch w.Intn(90) {
	case 5:
		e.keyless = true
	case 6:
		e.mistaken = true
	case 7, 8:
		// Amino documents have no place for options.
		e.extension, e.optional, e.mode = w.oneIn(2), w.oneIn(2), signing.SignMode_SIGN_MODE_DIRECT
	case 9:
		e.gas = one(w.dice, []uint64{90_000_001, 1 << 63, 1<<64 - 1})
	case 4:
		e.spoilt = true
	case 0:
		e.slip = 1
	case 1:
		e.memo = strings.Repeat("m", 300)
	case 2:
		e.timeout = uint64(w.height)
	case 3:
		e.memo = "ünï \" <&>"
	}
	return e
}

// term is until when a transaction counts: some minutes mostly, at times one that somebody had before, none, one that has passed, or one too far.
func (w *world) term() time.Time {
	switch w.Intn(12) {
	case 0:
		return time.Time{}
	case 1:
		return w.time.Add(-w.seconds(0, 20))
	case 2:
		return w.time.Add(10*time.Minute + w.seconds(-2, 20))
	case 3:
		return w.time.Add(w.seconds(0, 6))
	case 4, 5:
		if len(w.terms) > 0 {
			return one(w.dice, w.terms)
		}
	}
	term := w.time.Add(w.seconds(10, 300))
	if w.oneIn(2) {
		term = term.Truncate(time.Minute).Add(time.Minute)
	}
	w.terms = append(w.terms, term)
	return term
}

func (w *world) anybody() *account { return one(w.dice, w.plan.accounts) }

// validator draws the operator's address of one that exists, and sometimes of one that does not.
func (w *world) validator() string {
	if w.oneIn(25) || len(w.scene.validators) == 0 {
		return w.anybody().operator().String()
	}
	return one(w.dice, w.scene.validators).OperatorAddress
}

func (w *world) bondCoin(digits int) sdk.Coin {
	if w.oneIn(40) {
		return sdk.NewCoin(w.plan.fee, w.amount(digits))
	}
	return sdk.NewCoin(w.plan.bond, w.amount(digits))
}
