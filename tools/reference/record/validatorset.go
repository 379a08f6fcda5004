package main

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtcrypto "github.com/cometbft/cometbft/crypto/encoding"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// member is a validator as CometBFT knows it.
type member struct {
	address []byte
	power   int64
}

// validatorSet is in CometBFT's order: power down, then address up.
type validatorSet []member

func (set validatorSet) total() int64 {
	var total int64
	for _, one := range set {
		total += one.power
	}
	return total
}

// with is the set after updates; power 0 removes.
func (set validatorSet) with(updates []abci.ValidatorUpdate) (validatorSet, error) {
	next := slices.Clone(set)
	for _, update := range updates {
		key, err := cmtcrypto.PubKeyFromProto(update.PubKey)
		if err != nil {
			return nil, err
		}
		address := key.Address()
		next = slices.DeleteFunc(next, func(one member) bool { return bytes.Equal(one.address, address) })
		if update.Power > 0 {
			next = append(next, member{address, update.Power})
		}
	}
	slices.SortFunc(next, func(a, b member) int {
		return cmp.Or(cmp.Compare(b.power, a.power), bytes.Compare(a.address, b.address))
	})
	return next, nil
}

// past is what a height looked like, for evidence found later.
type past struct {
	set  validatorSet
	time time.Time
}

// anchor is the validator who always signs and never leaves, so that there always is one.
func (w *world) anchor() *account { return w.plan.accounts[0] }

func (w *world) isAnchor(one member) bool {
	return bytes.Equal(one.address, w.anchor().consensus.PubKey().Address())
}

// isValidator is false once everybody has left. Evidence against such a validator would stop a chain of the SDK.
func (w *world) isValidator(one member) bool {
	return slices.ContainsFunc(w.scene.validators, func(validator stakingtypes.Validator) bool {
		address, err := validator.GetConsAddr()
		return err == nil && bytes.Equal(address, one.address)
	})
}

// votes of the last commit: some validators are away for a while, and now and then somebody votes nil.
func (w *world) votes() []abci.VoteInfo {
	if w.height < w.plan.initialHeight {
		return nil
	}
	var votes []abci.VoteInfo
	for _, one := range w.pasts[w.height].set {
		name := string(one.address)
		if w.oneIn(w.plan.lazy) && !w.isAnchor(one) {
			w.awayUntil[name] = w.height + w.between(1, 2*w.plan.slashing.SignedBlocksWindow)
		}
		flag := cmtproto.BlockIDFlagCommit
		if w.awayUntil[name] > w.height {
			flag = cmtproto.BlockIDFlagAbsent
		} else if w.oneIn(30) {
			flag = cmtproto.BlockIDFlagNil
		}
		votes = append(votes, abci.VoteInfo{Validator: abci.Validator{Address: one.address, Power: one.power}, BlockIdFlag: flag})
	}
	return votes
}

func upperHex(data []byte) string { return strings.ToUpper(hex.EncodeToString(data)) }

func lowerHex(data []byte) string { return hex.EncodeToString(data) }

func keyText(update abci.ValidatorUpdate) string {
	return base64.StdEncoding.EncodeToString(update.PubKey.GetEd25519())
}
