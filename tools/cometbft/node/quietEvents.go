package main

import (
	"reflect"

	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"

	"hanzo.network/tools/cometbft/abciclient"
)

// quietEvents publishes the events of a block. Those of its transactions it leaves out while nobody has subscribed to anything, where the
// release writes all attributes of each into a map and hands that to a goroutine which drops it. Whoever is subscribed when a transaction's
// turn comes gets it, with the events that the block was applied without: a subscription counts before its subscriber hears of it.
type quietEvents struct {
	*types.EventBus
	results *abciclient.Results
}

// PublishEventNewBlock tells the subscribers of a block, if there are any.
func (events quietEvents) PublishEventNewBlock(data types.EventDataNewBlock) error {
	if events.NumClients() == 0 {
		return nil
	}
	whole, err := events.results.Whole(data.Block.Height)
	if err != nil {
		return err
	}
	if whole != nil {
		data.ResultFinalizeBlock = *whole
	}
	return events.EventBus.PublishEventNewBlock(data)
}

// PublishEventTx tells the subscribers of a transaction, if there are any.
func (events quietEvents) PublishEventTx(data types.EventDataTx) error {
	if events.NumClients() == 0 {
		return nil
	}
	whole, err := events.results.Whole(data.Height)
	if err != nil {
		return err
	}
	if whole != nil {
		data.Result = *whole.TxResults[data.Index]
	}
	return events.EventBus.PublishEventTx(data)
}

// publishQuietly makes a node that was not started yet publish through quietEvents, and tells whether it does. The executor of its blocks takes
// any publisher, but a node does not hand its executor out. Where a release keeps it elsewhere, all is published as before.
func publishQuietly(made *node.Node, results *abciclient.Results) bool {
	consensus := reflect.ValueOf(made).Elem().FieldByName("consensusState")
	if !consensus.IsValid() || consensus.Kind() != reflect.Pointer {
		return false
	}
	executor := consensus.Elem().FieldByName("blockExec")
	if !executor.IsValid() || executor.Type() != reflect.TypeFor[*state.BlockExecutor]() {
		return false
	}
	(*state.BlockExecutor)(executor.UnsafePointer()).SetEventBus(quietEvents{made.EventBus(), results})
	return true
}
