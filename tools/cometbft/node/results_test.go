package main

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/abci/example/kvstore"
	abciserver "github.com/cometbft/cometbft/abci/server"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"

	"hanzo.network/tools/cometbft/abciclient"
)

// serveApplication returns the address at which an application answers until the tests are over: a node that is stopped goes on talking to it.
func serveApplication(t *testing.T, app abci.Application) string {
	t.Helper()
	address := "unix://" + filepath.Join(t.TempDir(), "app.sock")
	server := abciserver.NewSocketServer(address, app)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	return address
}

// finalizing is an application that says of every block that it had one transaction with one event.
type finalizing struct{ abci.BaseApplication }

func (finalizing) FinalizeBlock(_ context.Context, block *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	result := &abci.ExecTxResult{Code: 3, Data: []byte("data"), GasUsed: 7, Events: []abci.Event{{Type: fmt.Sprint("height ", block.Height)}}}
	return &abci.ResponseFinalizeBlock{AppHash: []byte("hash"), TxResults: []*abci.ExecTxResult{result}}, nil
}

// finalized returns what our client answers for a block, the results that it holds then, and what the release's client answers.
func finalized(t *testing.T, height int64) (ours *abci.ResponseFinalizeBlock, results *abciclient.Results, release *abci.ResponseFinalizeBlock) {
	t.Helper()
	results = new(abciclient.Results)
	results.LeaveOutEvents()
	client := abciclient.New(serveApplication(t, finalizing{}), results, new(abciclient.Gate))
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	defer client.Stop() //nolint:errcheck // it has answered
	request := &abci.RequestFinalizeBlock{Height: height}
	ours, err := client.FinalizeBlock(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	if len(ours.TxResults[0].Events) != 0 {
		t.Fatalf("the answer has its events: %v", ours)
	}
	release, err = finalizing{}.FinalizeBlock(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return ours, results, release
}

func TestResultsAreKeptAsByTheReleaseButForTheEventsOfTheLast(t *testing.T) {
	const height = 7
	ours, results, wanted := finalized(t, height)
	kept := dbm.NewMemDB()
	store := state.NewStore(stateDatabase{kept, results, new(beside)}, state.StoreOptions{})
	if err := store.SaveFinalizeBlockResponse(height, ours); err != nil {
		t.Fatal(err)
	}
	releaseKept := dbm.NewMemDB()
	if err := state.NewStore(releaseKept, state.StoreOptions{}).SaveFinalizeBlockResponse(height, wanted); err != nil {
		t.Fatal(err)
	}
	got, err := kept.Get(resultsKey(height))
	if err != nil {
		t.Fatal(err)
	}
	if expected, _ := releaseKept.Get(resultsKey(height)); !reflect.DeepEqual(got, expected) {
		t.Errorf("kept %x, the release keeps %x", got, expected)
	}
	// After a start nothing is held.
	for name, read := range map[string]state.Store{
		"ours, held":    store,
		"ours, started": state.NewStore(stateDatabase{kept, new(abciclient.Results), new(beside)}, state.StoreOptions{}),
	} {
		last, err := read.LoadLastFinalizeBlockResponse(height)
		if err != nil || !reflect.DeepEqual(last, wanted) {
			t.Errorf("%s: the last results are %v, %v", name, last, err)
		}
	}
	last, err := state.NewStore(kept, state.StoreOptions{}).LoadLastFinalizeBlockResponse(height)
	if err != nil {
		t.Fatal(err)
	}
	// All that the next header says of them.
	if string(last.AppHash) != "hash" || !reflect.DeepEqual(state.TxResultsHash(last.TxResults), state.TxResultsHash(wanted.TxResults)) {
		t.Errorf("the release reads %v", last)
	}
}

func TestResultsThatAreNotHeldAreKeptAsTheyAre(t *testing.T) {
	const height = 7
	_, results, wanted := finalized(t, height)
	kept := dbm.NewMemDB()
	store := state.NewStore(stateDatabase{kept, results, new(beside)}, state.StoreOptions{})
	if err := store.SaveFinalizeBlockResponse(height+1, wanted); err != nil {
		t.Fatal(err)
	}
	for name, load := range map[string]func(int64) (*abci.ResponseFinalizeBlock, error){
		"of the height": store.LoadFinalizeBlockResponse, "last": store.LoadLastFinalizeBlockResponse,
	} {
		if got, err := load(height + 1); err != nil || !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	// Where the release keeps the last results only.
	if err := kept.Delete(resultsKey(height + 1)); err != nil {
		t.Fatal(err)
	}
	if got, err := store.LoadLastFinalizeBlockResponse(height + 1); err != nil || !reflect.DeepEqual(got, wanted) {
		t.Errorf("the last results are %v, %v", got, err)
	}
}

func TestSubscribersGetTheEventsThatABlockWasAppliedWithout(t *testing.T) {
	const height = 7
	ours, results, wanted := finalized(t, height)
	bus := types.NewEventBus()
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	defer bus.Stop() //nolint:errcheck // the test is over
	events := quietEvents{bus, results}
	blocks, err := bus.Subscribe(context.Background(), "blocks", types.EventQueryNewBlock, 1)
	if err != nil {
		t.Fatal(err)
	}
	txs, err := bus.Subscribe(context.Background(), "txs", types.EventQueryTx, 1)
	if err != nil {
		t.Fatal(err)
	}
	block := &types.Block{Header: types.Header{Height: height}}
	if err := events.PublishEventNewBlock(types.EventDataNewBlock{Block: block, ResultFinalizeBlock: *ours}); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, blocks).(types.EventDataNewBlock); !reflect.DeepEqual(got.ResultFinalizeBlock, *wanted) {
		t.Errorf("the block has %v", got.ResultFinalizeBlock)
	}
	if err := events.PublishEventTx(types.EventDataTx{TxResult: abci.TxResult{Height: height, Result: *ours.TxResults[0]}}); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, txs).(types.EventDataTx); !reflect.DeepEqual(got.Result, *wanted.TxResults[0]) {
		t.Errorf("the transaction has %v", got.Result)
	}
}

func receive(t *testing.T, subscription types.Subscription) any {
	t.Helper()
	select {
	case message := <-subscription.Out():
		return message.Data()
	case <-time.After(time.Minute):
		t.Fatal("nothing is published within a minute")
		return nil
	}
}

// leavesOutEvents looks at the results of a node's next two blocks. They are not held all of the time.
func leavesOutEvents(t *testing.T, made *node.Node) bool {
	t.Helper()
	executor := reflect.ValueOf(made).Elem().FieldByName("consensusState").Elem().FieldByName("blockExec").Elem()
	results := (*abciclient.Results)(executor.FieldByName("eventBus").Elem().FieldByName("results").UnsafePointer())
	last := made.BlockStore().Height() + 2
	for end := time.Now().Add(time.Minute); made.BlockStore().Height() <= last; time.Sleep(time.Millisecond) {
		if _, encoded := results.Encoded(); encoded != nil {
			return true
		}
		if time.Now().After(end) {
			t.Fatal("no block within a minute")
		}
	}
	return false
}

func TestABlockOfOurNodeHasTheResultsThatItsApplicationSent(t *testing.T) {
	settings := chainOfOne(t)
	settings.ProxyApp = serveApplication(t, kvstore.NewInMemoryApplication())
	settings.TxIndex.Indexer = "null"
	made, address := startNode(t, settings)
	waitForBlock(t, made)
	height := commitAlone(t, made)
	if !leavesOutEvents(t, made) {
		t.Error("blocks are applied with the events of their transactions")
	}
	var results struct {
		Txs []struct {
			Events []struct{ Type string }
		} `json:"txs_results"`
	}
	get(t, address, fmt.Sprintf("/block_results?height=%d", height), &results)
	if len(results.Txs) != 1 || len(results.Txs[0].Events) != 2 || results.Txs[0].Events[0].Type != "app" {
		t.Errorf("block %d has the results %v", height, results)
	}
}

func TestANodeThatKeepsNoResultsButTheLastKeepsTheirEvents(t *testing.T) {
	settings := chainOfOne(t)
	settings.ProxyApp = serveApplication(t, kvstore.NewInMemoryApplication())
	settings.Storage.DiscardABCIResponses = true
	made, _ := startNode(t, settings)
	waitForBlock(t, made)
	if leavesOutEvents(t, made) {
		t.Error("blocks are applied without the events of their transactions")
	}
}

// commitAlone commits a transaction that nobody waits for and returns the height of its block.
func commitAlone(t *testing.T, made *node.Node) int64 {
	t.Helper()
	before := made.BlockStore().Height()
	if err := made.Mempool().CheckTx([]byte("alone=1"), nil, mempool.TxInfo{}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		for height := before + 1; height <= made.BlockStore().Height(); height++ {
			// The state of a block is kept after its results are.
			if block := made.BlockStore().LoadBlock(height); len(block.Txs) == 1 && made.BlockStore().Height() > height {
				return height
			}
		}
	}
	t.Fatal("no block with the transaction within a minute")
	return 0
}
