package main

import (
	"errors"

	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/state"

	"hanzo.network/tools/cometbft/abciclient"
)

// gatedMempool is the mempool as it is told of a block. Of the checks of new transactions that a gate holds back it does not wait for any: they
// go when it is unlocked, to an application that has committed the block, and need not be repeated.
type gatedMempool struct {
	mempool.Mempool
	gate   *abciclient.Gate
	writes *beside
}

// FlushAppConn waits for the checks that are under way, and until all is written that must be before the commit, which is next. From here on no
// new transaction is checked until the end of the block's turn: a mempool that repeats its checks takes no answers to others.
func (m gatedMempool) FlushAppConn() error {
	m.gate.Keep()
	return errors.Join(m.Mempool.FlushAppConn(), m.writes.wait())
}

// Unlock ends the block's turn.
func (m gatedMempool) Unlock() {
	m.Mempool.Unlock()
	m.gate.Open()
}

// useGate makes an executor of blocks wait for what is written before each commit, and open the gate behind it. Where a release keeps its mempool
// elsewhere, nothing is held back, and nothing is written beside anything.
func useGate(executor *state.BlockExecutor, gate *abciclient.Gate, writes *beside) {
	if pool := fieldOf[mempool.Mempool](executor, "mempool"); pool != nil {
		*pool = gatedMempool{*pool, gate, writes}
		gate.Use()
		writes.used = true
	}
}
