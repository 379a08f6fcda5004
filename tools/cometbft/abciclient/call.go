package abciclient

import (
	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
)

// call is one request on its way: queued, then sent, then answered or given up.
type call struct {
	request *types.Request
	// accepts tells whether a response is of the request's kind.
	accepts func(*types.Response) bool
	// urgent means that somebody waits for the answer, so it must not linger in the send buffer.
	urgent bool
	// async is what the caller of CheckTxAsync holds; nil for calls that wait.
	async *abcicli.ReqRes
	// done is closed when the call is over. response is nil when it was given up, and must not be read before.
	done     chan struct{}
	response *types.Response
}

func newCall(request *types.Request, accepts func(*types.Response) bool) *call {
	return &call{request: request, accepts: accepts, urgent: true, done: make(chan struct{})}
}

func newAsyncCall(request *types.Request, accepts func(*types.Response) bool) *call {
	return &call{request: request, accepts: accepts, async: abcicli.NewReqRes(request), done: make(chan struct{})}
}

func (c *call) isFlush() bool { return c.request.GetFlush() != nil }

// answer ends the call with its response, and tells the connection's listener before those who wait. A Flush is thus over only when the
// listener has seen every response before it, which the mempool relies on.
func (c *call) answer(response *types.Response, listener abcicli.Callback) {
	c.response = response
	if c.async != nil {
		c.async.Response = response
	}
	if listener != nil {
		listener(c.request, response)
	}
	c.end()
	if c.async != nil {
		c.async.InvokeCallback()
	}
}

// end releases those who wait. Without a response no callback runs: callbacks read it.
func (c *call) end() {
	close(c.done)
	if c.async != nil {
		c.async.Done()
	}
}
