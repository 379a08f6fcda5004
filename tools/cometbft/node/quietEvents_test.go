package main

import (
	"context"
	"reflect"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/types"

	"hanzo.network/tools/cometbft/abciclient"
)

func txEvent() types.EventDataTx {
	return types.EventDataTx{TxResult: abci.TxResult{Height: 7, Tx: []byte("a=b"), Result: abci.ExecTxResult{
		Events: []abci.Event{{Type: "transfer", Attributes: []abci.EventAttribute{{Key: "sender", Value: "hanzo1"}}}},
	}}}
}

func TestTransactionIsPublishedToWhoeverSubscribedAndToNobodyElse(t *testing.T) {
	bus := types.NewEventBus()
	// A bus that was not started takes nothing: whoever publishes there waits for good.
	published := make(chan error, 1)
	go func() { published <- quietEvents{bus, new(abciclient.Results)}.PublishEventTx(txEvent()) }()
	select {
	case err := <-published:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a transaction that nobody waits for is handed to the bus")
	}
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	defer bus.Stop() //nolint:errcheck // the test is over
	subscription, err := bus.Subscribe(context.Background(), "test", types.EventQueryTxFor([]byte("a=b")), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := (quietEvents{bus, new(abciclient.Results)}).PublishEventTx(txEvent()); err != nil {
		t.Fatal(err)
	}
	select {
	case message := <-subscription.Out():
		if sender := message.Events()["transfer.sender"]; len(sender) != 1 || sender[0] != "hanzo1" {
			t.Errorf("the event's attributes are %v", message.Events())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the subscriber is not told of the transaction")
	}
}

func TestNodePublishesQuietly(t *testing.T) {
	made, _ := startNode(t, chainOfOne(t))
	executor := reflect.ValueOf(made).Elem().FieldByName("consensusState").Elem().FieldByName("blockExec").Elem()
	if publisher := executor.FieldByName("eventBus").Elem().Type(); publisher != reflect.TypeFor[quietEvents]() {
		t.Errorf("the node publishes through %v", publisher)
	}
}
