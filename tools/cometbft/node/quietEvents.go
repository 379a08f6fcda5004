package main

import (
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
