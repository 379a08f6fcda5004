package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
	cmtnet "github.com/cometbft/cometbft/libs/net"
	"github.com/cometbft/cometbft/libs/service"
	"github.com/cometbft/cometbft/proxy"
)

const (
	queueLength = 1024
	// How long CheckTx calls are gathered for one write. The stock client means 20 ms but waits 20 ns, and so writes nearly every
	// call on its own and spins in between; that costs the node several times the processor time of everything else.
	gather = 200 * time.Microsecond
)

// creator hands out stock clients, and ours for the mempool. CometBFT v0.38 asks for query, snapshot, mempool and consensus, in
// this order (proxy/multi_app_conn.go); the version is pinned.
type creator struct {
	proxy.ClientCreator
	addr  string
	asked int
}

func (c *creator) NewABCIClient() (abcicli.Client, error) {
	c.asked++
	if c.asked%4 != 3 {
		return c.ClientCreator.NewABCIClient()
	}
	client := &mempoolClient{addr: c.addr, queue: make(chan *abcicli.ReqRes, queueLength)}
	client.BaseService = *service.NewBaseService(nil, "batchedMempoolClient", client)
	return client, nil
}

// mempoolClient makes the calls that CometBFT makes on the mempool connection. The embedded Application is nil: no other is made.
type mempoolClient struct {
	service.BaseService
	types.Application
	addr  string
	conn  net.Conn
	queue chan *abcicli.ReqRes

	mtx        sync.Mutex
	err        error
	waiting    []*abcicli.ReqRes // written, not answered yet; in the order of writing
	onResponse abcicli.Callback
}

func (c *mempoolClient) OnStart() (err error) {
	if c.conn, err = cmtnet.Connect(c.addr); err != nil {
		return err // two connections to the same address stand already
	}
	go c.send()
	go c.receive()
	return nil
}

// OnStop closes the connection and releases everybody who waits for an answer; they look at Error.
func (c *mempoolClient) OnStop() {
	c.conn.Close()
	c.mtx.Lock()
	defer c.mtx.Unlock()
	for _, r := range c.waiting {
		r.Done()
	}
	c.waiting = nil
	for {
		select {
		case r := <-c.queue:
			r.Done()
		default:
			return
		}
	}
}

func (c *mempoolClient) send() {
	w := bufio.NewWriterSize(c.conn, 1<<16)
	for {
		select {
		case r := <-c.queue:
			if err := c.sendBatch(w, r); err != nil {
				c.fail(err)
				return
			}
		case <-c.Quit():
			return
		}
	}
}

// sendBatch writes r and what follows within the gathering time; a Flush, which somebody is waiting for, ends it at once.
func (c *mempoolClient) sendBatch(w *bufio.Writer, r *abcicli.ReqRes) error {
	end := time.NewTimer(gather)
	defer end.Stop()
	for {
		c.mtx.Lock() // first noted, then written: the answer may be faster than this routine
		c.waiting = append(c.waiting, r)
		c.mtx.Unlock()
		if err := types.WriteMessage(r.Request, w); err != nil {
			return err
		}
		if r.Request.GetFlush() != nil {
			return w.Flush()
		}
		select {
		case r = <-c.queue:
		case <-end.C:
			r = abcicli.NewReqRes(types.ToRequestFlush())
		case <-c.Quit():
			return nil
		}
	}
}

func (c *mempoolClient) receive() {
	reader := bufio.NewReaderSize(c.conn, 1<<16)
	for c.IsRunning() {
		res := &types.Response{}
		if err := types.ReadMessage(reader, res); err != nil {
			c.fail(err)
			return
		}
		if err := c.answered(res); err != nil {
			c.fail(err)
			return
		}
	}
}

func (c *mempoolClient) answered(res *types.Response) error {
	if exception := res.GetException(); exception != nil {
		return errors.New(exception.Error)
	}
	c.mtx.Lock()
	defer c.mtx.Unlock()
	if len(c.waiting) == 0 {
		return fmt.Errorf("unexpected response %T when no call was made", res.Value)
	}
	r := c.waiting[0]
	if (r.Request.GetFlush() != nil) != (res.GetFlush() != nil) || (r.Request.GetCheckTx() != nil) != (res.GetCheckTx() != nil) {
		return fmt.Errorf("unexpected response %T to the request %T", res.Value, r.Request.Value)
	}
	c.waiting = c.waiting[1:]
	r.Response = res
	r.Done()
	if c.onResponse != nil {
		c.onResponse(r.Request, res)
	}
	r.InvokeCallback()
	return nil
}

func (c *mempoolClient) fail(err error) {
	if !c.IsRunning() {
		return
	}
	c.mtx.Lock()
	if c.err == nil {
		c.err = err
	}
	c.mtx.Unlock()
	c.Logger.Error("stopping the mempool client", "err", err)
	_ = c.Stop()
}

func (c *mempoolClient) call(ctx context.Context, req *types.Request) (*abcicli.ReqRes, error) {
	r := abcicli.NewReqRes(req)
	select {
	case c.queue <- r:
		return r, nil
	case <-c.Quit():
		return nil, errors.New("the mempool client has stopped")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *mempoolClient) CheckTxAsync(ctx context.Context, req *types.RequestCheckTx) (*abcicli.ReqRes, error) {
	return c.call(ctx, types.ToRequestCheckTx(req))
}

func (c *mempoolClient) CheckTx(ctx context.Context, req *types.RequestCheckTx) (*types.ResponseCheckTx, error) {
	r, err := c.CheckTxAsync(ctx, req)
	if err != nil {
		return nil, err
	}
	r.Wait()
	return r.Response.GetCheckTx(), c.Error()
}

func (c *mempoolClient) Flush(ctx context.Context) error {
	r, err := c.call(ctx, types.ToRequestFlush())
	if err != nil {
		return err
	}
	r.Wait()
	return c.Error()
}

func (c *mempoolClient) Error() error {
	c.mtx.Lock()
	defer c.mtx.Unlock()
	return c.err
}

func (c *mempoolClient) SetResponseCallback(callback abcicli.Callback) {
	c.mtx.Lock()
	c.onResponse = callback
	c.mtx.Unlock()
}

func (c *mempoolClient) Echo(context.Context, string) (*types.ResponseEcho, error) {
	return nil, errors.New("no echo on the mempool connection")
}
