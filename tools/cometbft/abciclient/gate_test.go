package abciclient

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cometbft/cometbft/abci/types"
)

// gatedApplication remembers the checks in their order, and has a client for blocks and one for checks, which share a gate.
type gatedApplication struct {
	gate           *Gate
	blocks, checks *Client

	mutex   sync.Mutex
	checked []string
}

func startGated(t *testing.T) *gatedApplication {
	t.Helper()
	app := &gatedApplication{gate: new(Gate)}
	server := startServer(t, func(request *types.Request) *types.Response {
		if check := request.GetCheckTx(); check != nil {
			app.mutex.Lock()
			defer app.mutex.Unlock()
			app.checked = append(app.checked, string(check.Tx))
		}
		if request.GetFinalizeBlock() != nil {
			return types.ToResponseFinalizeBlock(new(types.ResponseFinalizeBlock))
		}
		return echoing(request)
	})
	start := func() *Client {
		client := New(server.address, new(Results), app.gate)
		if err := client.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Stop() })
		return client
	}
	app.blocks, app.checks = start(), start()
	return app
}

func (app *gatedApplication) finalize(t *testing.T) {
	t.Helper()
	if _, err := app.blocks.FinalizeBlock(within(t), &types.RequestFinalizeBlock{}); err != nil {
		t.Fatal(err)
	}
}

// check sends a transaction and returns what is closed when somebody was told of the answer.
func (app *gatedApplication) check(t *testing.T, tx string, kind types.CheckTxType) <-chan struct{} {
	t.Helper()
	pending, err := app.checks.CheckTxAsync(within(t), &types.RequestCheckTx{Tx: []byte(tx), Type: kind})
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan struct{})
	pending.SetCallback(func(response *types.Response) {
		if got := string(response.GetCheckTx().Data); got != tx {
			t.Errorf("%s is answered with %s", tx, got)
		}
		close(answered)
	})
	return answered
}

func (app *gatedApplication) expectChecked(t *testing.T, wanted ...string) {
	t.Helper()
	if err := app.checks.Flush(within(t)); err != nil {
		t.Fatal(err)
	}
	app.mutex.Lock()
	defer app.mutex.Unlock()
	if !slices.Equal(app.checked, wanted) {
		t.Errorf("the application has checked %v, expected %v", app.checked, wanted)
	}
}

func TestNewTransactionsWaitForTheEndOfABlock(t *testing.T) {
	app := startGated(t)
	app.gate.Use()
	app.check(t, "before", types.CheckTxType_New)
	app.finalize(t)
	first, second := app.check(t, "first", types.CheckTxType_New), app.check(t, "second", types.CheckTxType_New)
	app.gate.Keep()
	waitFor(t, "a check that is repeated", app.check(t, "before", types.CheckTxType_Recheck))
	time.Sleep(longestHold + 50*time.Millisecond)
	app.expectChecked(t, "before", "before")
	app.gate.Open()
	waitFor(t, "the first that was held back", first)
	waitFor(t, "the second that was held back", second)
	waitFor(t, "one behind them", app.check(t, "after", types.CheckTxType_New))
	app.expectChecked(t, "before", "before", "first", "second", "after")
}

func TestAGateThatNobodyOpensHoldsNothing(t *testing.T) {
	app := startGated(t)
	app.finalize(t)
	app.check(t, "tx", types.CheckTxType_New)
	app.expectChecked(t, "tx")
}

func TestABlockThatTakesItsTimeIsNotWaitedFor(t *testing.T) {
	app := startGated(t)
	app.gate.Use()
	app.finalize(t)
	held := app.check(t, "tx", types.CheckTxType_New)
	app.expectChecked(t)
	waitFor(t, "a check after a while", held)
	// The next block's turn begins anew.
	app.finalize(t)
	app.check(t, "next", types.CheckTxType_New)
	app.expectChecked(t, "tx")
}

func TestSoManyChecksAreHeldBackAndNoMore(t *testing.T) {
	app := startGated(t)
	app.gate.Use()
	app.finalize(t)
	var wanted []string
	var last <-chan struct{}
	for index := range mostHeld + 1 {
		wanted = append(wanted, fmt.Sprint(index))
		last = app.check(t, wanted[index], types.CheckTxType_New)
	}
	waitFor(t, "the last", last)
	app.expectChecked(t, wanted...)
}

func TestAClientThatStopsGivesUpWhatIsHeldBack(t *testing.T) {
	app := startGated(t)
	app.gate.Use()
	app.finalize(t)
	app.gate.Keep()
	pending, err := app.checks.CheckTxAsync(context.Background(), &types.RequestCheckTx{})
	if err != nil {
		t.Fatal(err)
	}
	pending.SetCallback(func(*types.Response) { t.Error("a callback ran without a response") })
	if err := app.checks.Stop(); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	go func() { pending.Wait(); close(released) }()
	waitFor(t, "the release of a check", released)
	if _, err := app.checks.CheckTxAsync(context.Background(), &types.RequestCheckTx{}); err == nil {
		t.Error("a check is taken by a client that is stopped")
	}
	app.gate.Open()
}
