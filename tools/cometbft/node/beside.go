package main

import (
	"fmt"

	"github.com/cometbft/cometbft/consensus"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"
)

// beside writes what the release writes of a block between its decision and its commit: the block, its height's end in the log of the consensus,
// the results. Each is durable before the next one is written, and all before the application is asked to commit, as with the release; but the
// application executes the block meanwhile, and checks what is under way for the mempool. It belongs to whoever applies the blocks, one by one.
type beside struct {
	// used means that somebody waits before each commit. Before that, writing is done when it returns.
	used bool
	// last tells what became of the last writing, once; nil where nobody has to ask.
	last chan error
}

// do writes behind what was to be written before, and not at all where that failed.
func (b *beside) do(write func() error) error {
	if !b.used {
		return write()
	}
	before, done := b.last, make(chan error, 1)
	b.last = done
	go func() {
		// The database of the blocks panics where it cannot write. That ends the consensus of the release, and not its process.
		defer func() {
			if reason := recover(); reason != nil {
				done <- fmt.Errorf("cannot write a block: %v", reason)
			}
		}()
		if before != nil {
			if err := <-before; err != nil {
				done <- err
				return
			}
		}
		done <- write()
	}()
	return nil
}

// wait returns when all is durable, with the first error.
func (b *beside) wait() error {
	if b.last == nil {
		return nil
	}
	err := <-b.last
	b.last = nil
	return err
}

// blocksBeside is the database of the blocks, as the consensus writes it.
type blocksBeside struct {
	state.BlockStore
	beside *beside
}

// SaveBlock saves a decided block and its commit.
func (s blocksBeside) SaveBlock(block *types.Block, parts *types.PartSet, seen *types.Commit) {
	// Without somebody who waits it panics as the release does, and never returns an error.
	_ = s.beside.do(func() error {
		s.BlockStore.SaveBlock(block, parts, seen)
		return nil
	})
}

// SaveBlockWithExtendedCommit saves a decided block and its commit with the extensions of its votes.
func (s blocksBeside) SaveBlockWithExtendedCommit(block *types.Block, parts *types.PartSet, seen *types.ExtendedCommit) {
	_ = s.beside.do(func() error {
		s.BlockStore.SaveBlockWithExtendedCommit(block, parts, seen)
		return nil
	})
}

// writeBeside makes the consensus write its blocks beside what follows. Where a release keeps their database elsewhere, it writes them before.
func writeBeside(decides *consensus.State, writes *beside) {
	if blocks := fieldOf[state.BlockStore](decides, "blockStore"); blocks != nil {
		*blocks = blocksBeside{*blocks, writes}
	}
}
