package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cometbft/cometbft/abci/example/kvstore"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/consensus"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"
)

func TestWritesAreInTheirOrderAndEndWithTheFirstError(t *testing.T) {
	writes := &beside{used: true}
	release := make(chan struct{})
	var order []string
	for _, name := range []string{"block", "end", "results"} {
		if err := writes.do(func() error {
			<-release
			order = append(order, name)
			if name == "end" {
				return errors.New("disk full")
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	close(release)
	if err := writes.wait(); err == nil || err.Error() != "disk full" {
		t.Errorf("the error is %v", err)
	}
	if !slices.Equal(order, []string{"block", "end"}) {
		t.Errorf("%v were written", order)
	}
	if err := writes.wait(); err != nil {
		t.Errorf("the error is told again: %v", err)
	}
}

func TestAWriteThatPanicsIsAnError(t *testing.T) {
	writes := &beside{used: true}
	_ = writes.do(func() error { panic("disk full") })
	if err := writes.wait(); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("the error is %v", err)
	}
}

func TestWritesThatNobodyWaitsForAreDoneAtOnce(t *testing.T) {
	wanted := errors.New("disk full")
	if err := new(beside).do(func() error { return wanted }); err != wanted {
		t.Errorf("the error is %v", err)
	}
}

// happenings are what happens to a node's blocks, in order.
type happenings struct {
	mutex sync.Mutex
	list  []string
	// saving holds back the next block's saving.
	saving chan struct{}
}

func (h *happenings) note(what string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.list = append(h.list, what)
}

func (h *happenings) take() []string {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return slices.Clone(h.list)
}

// notedBlocks, notedLog and notedApplication tell of what they are asked to do before they do it.
type notedBlocks struct {
	state.BlockStore
	*happenings
}

func (n notedBlocks) SaveBlock(block *types.Block, parts *types.PartSet, seen *types.Commit) {
	<-n.saving
	n.note("block saved")
	n.BlockStore.SaveBlock(block, parts, seen)
}

type notedLog struct {
	consensus.WAL
	*happenings
}

func (n notedLog) describe(how string, message consensus.WALMessage) {
	switch {
	case isFollowed(message):
		n.note(how + " part")
	case isPart(message):
		n.note(how + " last part")
	default:
		if _, is := message.(consensus.EndHeightMessage); is {
			n.note(how + " end")
		}
	}
}

// isPart tells whether a message is a part of a block, with the words of the release for it.
func isPart(message consensus.WALMessage) bool {
	encoded, err := consensus.WALToProto(message)
	if err != nil || encoded.GetMsgInfo() == nil {
		return false
	}
	content := encoded.GetMsgInfo().Msg
	return content.GetBlockPart() != nil
}

func (n notedLog) Write(message consensus.WALMessage) error {
	n.describe("wrote", message)
	return n.WAL.Write(message)
}

func (n notedLog) WriteSync(message consensus.WALMessage) error {
	n.describe("synced", message)
	return n.WAL.WriteSync(message)
}

type notedApplication struct {
	abci.Application
	*happenings
}

func (n notedApplication) FinalizeBlock(ctx context.Context, request *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	n.note("executed")
	return n.Application.FinalizeBlock(ctx, request)
}

func (n notedApplication) Commit(ctx context.Context, request *abci.RequestCommit) (*abci.ResponseCommit, error) {
	n.note("committed")
	return n.Application.Commit(ctx, request)
}

// startNoted starts a node of which everything is noted, and which saves blocks when it is let. It makes blocks of transactions only.
func startNoted(t *testing.T) (*node.Node, *happenings) {
	t.Helper()
	noted := &happenings{saving: make(chan struct{}, 100)}
	settings := chainOfOne(t)
	settings.ProxyApp = serveApplication(t, notedApplication{kvstore.NewInMemoryApplication(), noted})
	settings.Consensus.CreateEmptyBlocks = false
	made, err := newNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	decides, _ := consensusOf(made)
	writes := fieldOf[consensus.WAL](decides, "wal")
	grouped := (*writes).(groupedLog)
	grouped.WAL = notedLog{grouped.WAL, noted}
	*writes = grouped
	blocks := fieldOf[state.BlockStore](decides, "blockStore")
	saved := (*blocks).(blocksBeside)
	saved.BlockStore = notedBlocks{saved.BlockStore, noted}
	*blocks = saved
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(noted.saving)
		_ = made.Stop()
	})
	return made, noted
}

// expectHappenings waits for so many of them.
func expectHappenings(t *testing.T, noted *happenings, wanted []string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); len(noted.take()) < len(wanted) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if got := noted.take(); !slices.Equal(got, wanted) {
		t.Fatalf("what happened is %v, expected %v", got, wanted)
	}
}

func TestABlockIsWrittenBesideItsExecutionAndBeforeItsCommit(t *testing.T) {
	made, noted := startNoted(t)
	// The first block has no transactions.
	noted.saving <- struct{}{}
	const ofFirst = 5
	for end := time.Now().Add(time.Minute); len(noted.take()) < ofFirst && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	before := noted.take()
	large := append([]byte("large="), bytes.Repeat([]byte("x"), 3*int(types.BlockPartSizeBytes))...)
	if err := made.Mempool().CheckTx(large, nil, mempool.TxInfo{}); err != nil {
		t.Fatal(err)
	}
	decided := []string{"wrote part", "wrote part", "wrote part", "synced last part", "executed"}
	expectHappenings(t, noted, append(before, decided...))
	// Nothing is written behind a block that is not durable, and nothing committed.
	time.Sleep(200 * time.Millisecond)
	expectHappenings(t, noted, append(before, decided...))
	noted.saving <- struct{}{}
	expectHappenings(t, noted, append(before, append(decided, "block saved", "synced end", "committed")...))
}
