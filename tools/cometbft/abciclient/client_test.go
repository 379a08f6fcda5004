package abciclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cometbft/cometbft/abci/types"
)

func TestEveryCallGetsTheResponseOfItsKind(t *testing.T) {
	client := startClient(t, startServer(t, func(request *types.Request) *types.Response {
		switch request.Value.(type) {
		case *types.Request_Info:
			return types.ToResponseInfo(&types.ResponseInfo{LastBlockHeight: 7})
		case *types.Request_Query:
			return types.ToResponseQuery(&types.ResponseQuery{Height: 7})
		case *types.Request_InitChain:
			return types.ToResponseInitChain(&types.ResponseInitChain{})
		case *types.Request_PrepareProposal:
			return types.ToResponsePrepareProposal(&types.ResponsePrepareProposal{})
		case *types.Request_ProcessProposal:
			return types.ToResponseProcessProposal(&types.ResponseProcessProposal{})
		case *types.Request_FinalizeBlock:
			return types.ToResponseFinalizeBlock(&types.ResponseFinalizeBlock{})
		case *types.Request_ExtendVote:
			return types.ToResponseExtendVote(&types.ResponseExtendVote{})
		case *types.Request_VerifyVoteExtension:
			return types.ToResponseVerifyVoteExtension(&types.ResponseVerifyVoteExtension{})
		case *types.Request_Commit:
			return types.ToResponseCommit(&types.ResponseCommit{RetainHeight: 7})
		case *types.Request_ListSnapshots:
			return types.ToResponseListSnapshots(&types.ResponseListSnapshots{})
		case *types.Request_OfferSnapshot:
			return types.ToResponseOfferSnapshot(&types.ResponseOfferSnapshot{})
		case *types.Request_LoadSnapshotChunk:
			return types.ToResponseLoadSnapshotChunk(&types.ResponseLoadSnapshotChunk{})
		case *types.Request_ApplySnapshotChunk:
			return types.ToResponseApplySnapshotChunk(&types.ResponseApplySnapshotChunk{})
		}
		return echoing(request)
	}))
	ctx := within(t)
	calls := map[string]func() (any, error){
		"Echo":                func() (any, error) { return client.Echo(ctx, "hello") },
		"Info":                func() (any, error) { return client.Info(ctx, &types.RequestInfo{}) },
		"Query":               func() (any, error) { return client.Query(ctx, &types.RequestQuery{}) },
		"CheckTx":             func() (any, error) { return client.CheckTx(ctx, &types.RequestCheckTx{}) },
		"InitChain":           func() (any, error) { return client.InitChain(ctx, &types.RequestInitChain{}) },
		"PrepareProposal":     func() (any, error) { return client.PrepareProposal(ctx, &types.RequestPrepareProposal{}) },
		"ProcessProposal":     func() (any, error) { return client.ProcessProposal(ctx, &types.RequestProcessProposal{}) },
		"FinalizeBlock":       func() (any, error) { return client.FinalizeBlock(ctx, &types.RequestFinalizeBlock{}) },
		"ExtendVote":          func() (any, error) { return client.ExtendVote(ctx, &types.RequestExtendVote{}) },
		"VerifyVoteExtension": func() (any, error) { return client.VerifyVoteExtension(ctx, &types.RequestVerifyVoteExtension{}) },
		"Commit":              func() (any, error) { return client.Commit(ctx, &types.RequestCommit{}) },
		"ListSnapshots":       func() (any, error) { return client.ListSnapshots(ctx, &types.RequestListSnapshots{}) },
		"OfferSnapshot":       func() (any, error) { return client.OfferSnapshot(ctx, &types.RequestOfferSnapshot{}) },
		"LoadSnapshotChunk":   func() (any, error) { return client.LoadSnapshotChunk(ctx, &types.RequestLoadSnapshotChunk{}) },
		"ApplySnapshotChunk":  func() (any, error) { return client.ApplySnapshotChunk(ctx, &types.RequestApplySnapshotChunk{}) },
	}
	for name, call := range calls {
		answer, err := call()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, want := fmt.Sprintf("%T", answer), "*types.Response"+name; got != want {
			t.Errorf("%s answered %s, expected %s", name, got, want)
		}
	}
}

func TestAnAsynchronousCheckIsAnsweredThoughNobodyFlushes(t *testing.T) {
	client := startClient(t, startServer(t, echoing))
	pending, err := client.CheckTxAsync(within(t), &types.RequestCheckTx{Tx: []byte("alone")})
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan struct{})
	pending.SetCallback(func(response *types.Response) {
		if got := string(response.GetCheckTx().Data); got != "alone" {
			t.Errorf("got %q", got)
		}
		close(answered)
	})
	waitFor(t, "the callback", answered)
}

func TestChecksThatNobodyWaitsForAreSentTogether(t *testing.T) {
	server := startServer(t, echoing)
	client := New(server.address, new(Results), new(Gate))
	client.linger = patience
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Stop() }()
	for range 100 {
		if _, err := client.CheckTxAsync(within(t), &types.RequestCheckTx{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Flush(within(t)); err != nil {
		t.Fatal(err)
	}
	if got := server.flushes.Load(); got != 1 {
		t.Errorf("100 checks and a Flush took %d flushes, expected 1", got)
	}
}

func TestFlushReturnsAfterTheCallbacksOfAllThatCameBeforeInTheirOrder(t *testing.T) {
	const count = 5000
	client := startClient(t, startServer(t, echoing))
	var heard, called []string
	client.SetResponseCallback(func(request *types.Request, response *types.Response) {
		if check := response.GetCheckTx(); check != nil {
			if string(request.GetCheckTx().Tx) != string(check.Data) {
				t.Errorf("the response to %q came with the request %q", check.Data, request.GetCheckTx().Tx)
			}
			heard = append(heard, string(check.Data))
		}
	})
	var mutex sync.Mutex
	for index := range count {
		pending, err := client.CheckTxAsync(within(t), &types.RequestCheckTx{Tx: fmt.Appendf(nil, "%d", index)})
		if err != nil {
			t.Fatal(err)
		}
		pending.SetCallback(func(response *types.Response) {
			mutex.Lock()
			defer mutex.Unlock()
			called = append(called, string(response.GetCheckTx().Data))
		})
	}
	if err := client.Flush(within(t)); err != nil {
		t.Fatal(err)
	}
	if len(heard) != count || len(called) != count {
		t.Fatalf("after Flush %d responses were heard and %d callbacks had run, expected %d", len(heard), len(called), count)
	}
	for index, tx := range heard {
		if tx != fmt.Sprint(index) {
			t.Fatalf("response %d is to %s", index, tx)
		}
	}
}

func TestManyGoroutinesGetTheirOwnAnswers(t *testing.T) {
	const goroutines, each = 64, 200
	client := startClient(t, startServer(t, echoing))
	ctx := within(t)
	var group sync.WaitGroup
	for worker := range goroutines {
		group.Add(1)
		go func() {
			defer group.Done()
			for index := range each {
				tx := fmt.Sprintf("%d/%d", worker, index)
				if index%2 == 0 {
					answer, err := client.Echo(ctx, tx)
					if err != nil || answer.Message != tx {
						t.Errorf("Echo %s: %v, %v", tx, answer, err)
						return
					}
					continue
				}
				pending, err := client.CheckTxAsync(ctx, &types.RequestCheckTx{Tx: []byte(tx)})
				if err != nil {
					t.Errorf("CheckTxAsync %s: %v", tx, err)
					return
				}
				pending.Wait()
				if got := string(pending.Response.GetCheckTx().Data); got != tx {
					t.Errorf("CheckTxAsync %s: got %s", tx, got)
				}
			}
		}()
	}
	group.Wait()
}

func TestWhatStopsTheClientIsTheErrorOfEveryCall(t *testing.T) {
	cases := map[string]struct {
		answer application
		want   string
	}{
		"the application reports an exception": {
			func(*types.Request) *types.Response { return types.ToResponseException("out of memory") }, "out of memory",
		},
		"the application answers another request": {
			func(request *types.Request) *types.Response {
				if request.GetEcho() != nil {
					return types.ToResponseCommit(&types.ResponseCommit{})
				}
				return types.ToResponseFlush()
			},
			"answered *types.Request_Echo with *types.Response_Commit",
		},
		"the application answers with nothing in it": {
			func(*types.Request) *types.Response { return &types.Response{} }, "answered *types.Request_Echo with <nil>",
		},
		"the application answers out of order": {
			func(request *types.Request) *types.Response {
				if request.GetEcho() != nil {
					return nil
				}
				return types.ToResponseFlush()
			},
			"answered *types.Request_Echo with *types.Response_Flush",
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			client := startClient(t, startServer(t, test.answer))
			_, err := client.Echo(within(t), "hello")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Echo failed with %v, expected %q", err, test.want)
			}
			waitFor(t, "the end of the client", client.Quit())
			if got := client.Error(); got == nil || !strings.Contains(got.Error(), test.want) {
				t.Errorf("Error is %v", got)
			}
			if _, err := client.Info(within(t), &types.RequestInfo{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("a later call failed with %v", err)
			}
			if _, err := client.CheckTxAsync(within(t), &types.RequestCheckTx{}); err == nil {
				t.Error("a later CheckTxAsync was taken")
			}
		})
	}
}

func TestAResponseThatNobodyAskedForStopsTheClient(t *testing.T) {
	server := startServer(t, echoing)
	client := startClient(t, server)
	conn := <-server.conns
	if err := types.WriteMessage(types.ToResponseInfo(&types.ResponseInfo{}), conn); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the client", client.Quit())
	if err := client.Error(); err == nil || !strings.Contains(err.Error(), "no request is open") {
		t.Errorf("Error is %v", err)
	}
}

func TestTheDeathOfTheApplicationReleasesAllWhoWait(t *testing.T) {
	arrived := make(chan struct{}, 1)
	server := startServer(t, func(request *types.Request) *types.Response {
		if request.GetFlush() != nil {
			arrived <- struct{}{}
		}
		return nil
	})
	client := startClient(t, server)
	pending, err := client.CheckTxAsync(within(t), &types.RequestCheckTx{})
	if err != nil {
		t.Fatal(err)
	}
	pending.SetCallback(func(*types.Response) { t.Error("a callback ran without a response") })
	failed := make(chan error, 1)
	go func() {
		_, err := client.FinalizeBlock(context.Background(), &types.RequestFinalizeBlock{})
		failed <- err
	}()
	<-arrived
	_ = (<-server.conns).Close()
	select {
	case err := <-failed:
		if err == nil {
			t.Error("FinalizeBlock succeeded without a response")
		}
	case <-time.After(patience):
		t.Fatal("FinalizeBlock still waits")
	}
	released := make(chan struct{})
	go func() { pending.Wait(); close(released) }()
	waitFor(t, "the release of the asynchronous check", released)
	if client.Error() == nil {
		t.Error("the client does not say why it stopped, so CometBFT would run on")
	}
}

func TestAStopOnPurposeReleasesAllAndIsNoError(t *testing.T) {
	client := startClient(t, startServer(t, func(*types.Request) *types.Response { return nil }))
	var group sync.WaitGroup
	errs := make(chan error, 1000)
	for range 1000 {
		group.Add(1)
		go func() {
			defer group.Done()
			_, err := client.Query(context.Background(), &types.RequestQuery{})
			errs <- err
		}()
		group.Add(1)
		go func() {
			defer group.Done()
			if pending, err := client.CheckTxAsync(context.Background(), &types.RequestCheckTx{}); err == nil {
				pending.Wait()
			}
		}()
	}
	if err := client.Stop(); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	go func() { group.Wait(); close(released) }()
	waitFor(t, "the release of all who wait", released)
	close(errs)
	for err := range errs {
		if !errors.Is(err, ErrStopped) {
			t.Errorf("a call ended with %v, expected %v", err, ErrStopped)
		}
	}
	if err := client.Error(); err != nil {
		t.Errorf("a stop on purpose left the error %v", err)
	}
}

func TestAnApplicationThatDoesNotReadHoldsItsCallersBack(t *testing.T) {
	server := startServer(t, func(request *types.Request) *types.Response {
		select {}
	})
	client := startClient(t, server)
	tx := make([]byte, 64<<10)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var err error
	taken := 0
	for ; err == nil && taken < 100_000; taken++ {
		_, err = client.CheckTxAsync(ctx, &types.RequestCheckTx{Tx: tx})
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after %d requests of 64 KiB: %v, expected to be held back until the deadline", taken, err)
	}
	if !client.IsRunning() {
		t.Errorf("the client stopped: %v", client.Error())
	}
}

func TestACallerThatGivesUpDoesNotDisturbTheOthers(t *testing.T) {
	release := make(chan struct{})
	client := startClient(t, startServer(t, func(request *types.Request) *types.Response {
		if request.GetEcho().GetMessage() == "slow" {
			<-release
		}
		return echoing(request)
	}))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := client.Echo(ctx, "slow"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	close(release)
	if answer, err := client.Echo(within(t), "next"); err != nil || answer.Message != "next" {
		t.Errorf("got %v, %v", answer, err)
	}
}

func TestStartWaitsForTheApplicationUntilItIsStopped(t *testing.T) {
	client := New("unix://"+t.TempDir()+"/nobody.sock", new(Results), new(Gate))
	started := make(chan error, 1)
	go func() { started <- client.Start() }()
	for !client.IsRunning() {
		time.Sleep(time.Millisecond)
	}
	if err := client.Stop(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-started:
		if !errors.Is(err, ErrStopped) {
			t.Errorf("Start ended with %v", err)
		}
	case <-time.After(patience):
		t.Fatal("Start still waits")
	}
}
