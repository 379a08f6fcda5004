package main

import (
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
)

// evidence is what CometBFT found against one validator that voted twice, or against several that showed a light client another chain.
type evidence struct {
	kind     abci.MisbehaviorType
	culprits []member
	height   int64
	time     time.Time
	total    int64
}

// evidence of something at a height behind, rarely, at times too old to count.
func (w *world) evidence() []evidence {
	var found []evidence
	for w.height > w.plan.initialHeight+3 && w.oneIn(w.plan.guilty) {
		height := max(w.plan.initialHeight, w.height-w.between(0, 40))
		then := w.pasts[height]
		if w.oneIn(3) || len(then.set) < 2 {
			continue
		}
		one := evidence{abci.MisbehaviorType_DUPLICATE_VOTE, w.culprits(then.set, 1), height, then.time, then.set.total()}
		if w.oneIn(3) {
			one.kind, one.culprits = abci.MisbehaviorType_LIGHT_CLIENT_ATTACK, w.culprits(then.set, 2)
		}
		if len(one.culprits) > 0 {
			found = append(found, one)
		}
	}
	return found
}

// culprits draws some who may be accused.
func (w *world) culprits(set validatorSet, most int) []member {
	var drawn []member
	for _, one := range shuffled(w.dice, set)[:most] {
		if !w.isAnchor(one) && w.isValidator(one) {
			drawn = append(drawn, one)
		}
	}
	return drawn
}

// misbehavior is what a chain is told: each culprit by himself.
func (e evidence) misbehavior() []abci.Misbehavior {
	var told []abci.Misbehavior
	for _, culprit := range e.culprits {
		told = append(told, abci.Misbehavior{
			Type: e.kind, Validator: abci.Validator{Address: culprit.address, Power: culprit.power},
			Height: e.height, Time: e.time, TotalVotingPower: e.total,
		})
	}
	return told
}

// note has the names of CometBFT's own JSON.
func (e evidence) note() map[string]any {
	note := map[string]any{"TotalVotingPower": text(e.total), "Timestamp": timeText(e.time)}
	if e.kind == abci.MisbehaviorType_DUPLICATE_VOTE {
		note["vote_a"] = map[string]any{"height": text(e.height), "validator_address": upperHex(e.culprits[0].address)}
		note["ValidatorPower"] = text(e.culprits[0].power)
		return note
	}
	var culprits []any
	for _, culprit := range e.culprits {
		culprits = append(culprits, map[string]any{"address": upperHex(culprit.address), "voting_power": text(culprit.power)})
	}
	note["CommonHeight"], note["ByzantineValidators"] = text(e.height), culprits
	return note
}
