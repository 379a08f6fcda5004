package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"time"

	"cosmossdk.io/log"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/tmhash"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"

	"hanzo.network/tools/reference/chain"
)

// world is a chain in the making, and what was written down of it.
type world struct {
	dice
	plan *plan
	app  *chain.Chain
	// Last finished height and its time.
	height int64
	time   time.Time
	// Sets and times by height; sets are known two heights ahead.
	pasts     map[int64]past
	awayUntil map[string]int64
	// Granter and grantee of allowances that were revoked.
	revoked map[string]bool
	// Until when unordered transactions counted so far.
	terms     []time.Time
	scene     scene
	params    *cmtproto.ConsensusParams
	begun     []map[string]any
	state     []byte
	blocks    []any
	txs       []any
	appHashes map[string]string
	staking   rowWriter
	distr     rowWriter
}

func newWorld(seed int64) (*world, error) {
	d := dice{rand.New(rand.NewSource(seed))}
	w, err := found(newPlan(seed, d), d)
	if err != nil {
		return nil, err
	}
	if w.state, err = w.genesis(); err != nil {
		return nil, err
	}
	return w, w.begin()
}

// reborn is a chain that begins with the state that another one exported, at its next height. The SDK does not begin with every state that it exports: not
// with coins of x/gov's account that nobody deposited, nor with allowances that have expired since.
func (w *world) reborn() (after *world, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the SDK does not begin with what it exported: %v", cause)
		}
	}()
	exported, err := w.export()
	if err != nil {
		return nil, err
	}
	p := *w.plan
	consensus := cmttypes.ConsensusParamsFromProto(*w.params)
	p.initialHeight, p.genesisTime, p.consensus = w.height+1, w.time.Add(w.seconds(1, 9)), &consensus
	after, err = found(&p, w.dice)
	if err != nil {
		return nil, err
	}
	after.state = exported["app_state"].(json.RawMessage)
	after.revoked = w.revoked
	if after.scene, err = w.look(); err != nil {
		return nil, err
	}
	return after, after.begin()
}

// found makes a world whose chain has not begun.
func found(p *plan, d dice) (*world, error) {
	app, err := chain.Open(log.NewNopLogger(), dbm.NewMemDB(), baseapp.SetChainID(p.chainID))
	if err != nil {
		return nil, err
	}
	params := p.consensus.ToProto()
	return &world{
		dice: d, plan: p, app: app, height: p.initialHeight - 1, time: p.genesisTime, pasts: map[int64]past{}, awayUntil: map[string]int64{}, revoked: map[string]bool{},
		appHashes: map[string]string{}, params: &params,
	}, nil
}

// begin hands the chain its first state.
func (w *world) begin() error {
	p := w.plan
	started, err := w.app.InitChain(&abci.RequestInitChain{
		ChainId: p.chainID, Time: p.genesisTime, InitialHeight: p.initialHeight, ConsensusParams: w.params, AppStateBytes: w.state,
	})
	if err != nil {
		return err
	}
	set, err := validatorSet{}.with(started.Validators)
	if err != nil {
		return err
	}
	for _, update := range started.Validators {
		w.begun = append(w.begun, map[string]any{"pub_key": keyText(update), "power": text(update.Power)})
	}
	w.pasts[p.initialHeight] = past{set: set, time: p.genesisTime}
	w.pasts[p.initialHeight+1] = past{set: set}
	return nil
}

// nextBlock lets the chain live through one block more.
func (w *world) nextBlock() error {
	height := w.height + 1
	if height > w.plan.initialHeight {
		w.time = w.time.Add(w.blockTime())
	}
	now := w.pasts[height]
	now.time = w.time
	w.pasts[height] = now
	var err error
	if height > w.plan.initialHeight {
		if w.scene, err = w.look(); err != nil {
			return err
		}
	}
	request := &abci.RequestFinalizeBlock{
		Height: height, Time: w.time, Hash: tmhash.Sum(binary.BigEndian.AppendUint64([]byte(w.plan.chainID), uint64(height))),
		ProposerAddress: one(w.dice, now.set).address, NextValidatorsHash: tmhash.Sum([]byte(w.plan.chainID)),
		DecidedLastCommit: abci.CommitInfo{Votes: w.votes()},
	}
	found := w.evidence()
	for _, one := range found {
		request.Misbehavior = append(request.Misbehavior, one.misbehavior()...)
	}
	signed, err := w.transactions()
	if err != nil {
		return err
	}
	for _, tx := range signed {
		request.Txs = append(request.Txs, tx.bytes)
	}
	response, err := w.app.FinalizeBlock(request)
	if err != nil {
		return err
	}
	if _, err := w.app.Commit(); err != nil {
		return err
	}
	w.height = height
	following := w.pasts[height+1]
	after, err := following.set.with(response.ValidatorUpdates)
	if err != nil {
		return err
	}
	w.pasts[height+2] = past{set: after}
	w.note(request, found, response, signed)
	return w.noteRows()
}

// isSteady says whether the last sets of validators were the same: a chain of the SDK stops when one who still votes is gone, as everybody who unbonds is
// after a day.
func (w *world) isSteady() bool {
	last := w.pasts[w.height+2].set
	for height := w.height - 2; height < w.height+2; height++ {
		if !slices.EqualFunc(w.pasts[height].set, last, func(a, b member) bool { return bytes.Equal(a.address, b.address) }) {
			return false
		}
	}
	return true
}

// blockTime is mostly some seconds, and sometimes long enough for periods to end.
func (w *world) blockTime() time.Duration {
	switch {
	case w.oneIn(60) && w.isSteady():
		return 25 * time.Hour
	case w.oneIn(25):
		return w.seconds(15, 48)
	case w.oneIn(10):
		return time.Duration(w.between(1, 1e6))
	default:
		return w.seconds(1, 7)
	}
}
