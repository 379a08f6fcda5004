package abciclient

import (
	"sync"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
)

// call is one request on its way: written, then sent, then answered or given up.
type call struct {
	request *types.Request
	// accepts tells whether a response is of the request's kind.
	accepts func(*types.Response) bool
	// urgent means that somebody waits for the answer, so it must not linger in the send buffer.
	urgent bool
	// async is what the caller of CheckTxAsync holds; nil for calls that wait.
	async *abcicli.ReqRes
	// done is closed when a call that somebody waits for is over. response is nil when it was given up, and must not be read before.
	done     chan struct{}
	response *types.Response
}

func newCall(request *types.Request, accepts func(*types.Response) bool) *call {
	return &call{request: request, accepts: accepts, urgent: true, done: make(chan struct{})}
}

// asyncCall is a call with all that belongs to it, in one piece of memory: there are thousands of them in a second.
type asyncCall struct {
	call
	request types.Request
	check   types.Request_CheckTx
	held    abcicli.ReqRes
	waiting sync.WaitGroup
}

// newAsyncCall makes what abcicli.NewReqRes makes, and the call around it.
func newAsyncCall(check *types.RequestCheckTx) *call {
	made := new(asyncCall)
	made.check.CheckTx = check
	made.request.Value = &made.check
	made.waiting.Add(1)
	made.held.Request, made.held.WaitGroup = &made.request, &made.waiting
	made.call = call{request: &made.request, accepts: isCheckTxResponse, async: &made.held}
	return &made.call
}

func isCheckTxResponse(response *types.Response) bool { return response.GetCheckTx() != nil }

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
	if c.async != nil {
		c.async.Done()
		return
	}
	close(c.done)
}

// calls are a queue: first in, first out.
type calls struct {
	queue []*call
	// next is the place of the oldest.
	next int
}

func (c *calls) push(last *call) {
	if len(c.queue) == cap(c.queue) && c.next > len(c.queue)/2 {
		rest := copy(c.queue, c.queue[c.next:])
		clear(c.queue[rest:])
		c.queue, c.next = c.queue[:rest], 0
	}
	c.queue = append(c.queue, last)
}

// first returns the oldest call; nil where there is none.
func (c *calls) first() *call {
	if c.next == len(c.queue) {
		return nil
	}
	return c.queue[c.next]
}

// pop takes the oldest call away.
func (c *calls) pop() {
	c.queue[c.next] = nil
	if c.next++; c.next == len(c.queue) {
		c.queue, c.next = c.queue[:0], 0
	}
}

// all takes all calls away.
func (c *calls) all() []*call {
	rest := c.queue[c.next:]
	*c = calls{}
	return rest
}
