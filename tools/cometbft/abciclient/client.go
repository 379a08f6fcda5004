// Package abciclient is the socket client between a CometBFT node and its application. It speaks the same protocol as CometBFT's own
// client and differs in when it sends: requests that somebody waits for go out as soon as the queue is empty, CheckTx requests that
// nobody waits for may gather for Linger. Nothing runs while there is nothing to send.
package abciclient

import (
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
)

const (
	// Linger is how long a request may stay in the send buffer when nobody waits for it.
	Linger = 200 * time.Microsecond
	// mostPending is how many bytes may wait to be sent before callers have to.
	mostPending = 256 << 10
	// dialInterval is the pause between attempts to connect.
	dialInterval = 500 * time.Millisecond
)

// ErrStopped is the error of calls on a client that was stopped on purpose.
var ErrStopped = errors.New("the ABCI client is stopped")

var _ abcicli.Client = (*Client)(nil)

// Client is safe for use by many goroutines. Requests of one goroutine reach the application in their order; responses must come in the
// order of the requests. The first error of the connection or the application stops the client for good.
type Client struct {
	service.BaseService

	address string
	results *Results
	gate    *Gate
	linger  time.Duration
	// closing is closed when the client stops, before Quit.
	closing chan struct{}
	// wake tells the sender that something must go, due that it has waited for long enough.
	wake chan struct{}
	due  *time.Timer

	mutex    sync.Mutex
	conn     net.Conn
	stopping bool
	err      error
	listener abcicli.Callback
	pending  outgoing
	// open holds the calls that await their response.
	open calls
}

// New returns a client of the application at an address such as unix:///path or tcp://host:port, whose last block's results are held there and
// whose checks wait at that gate. Start connects, and tries again until the application listens or the client is stopped.
func New(address string, results *Results, gate *Gate) *Client {
	client := &Client{
		address: address, results: results, gate: gate, linger: Linger,
		closing: make(chan struct{}), wake: make(chan struct{}, 1), due: time.NewTimer(time.Hour),
	}
	// Nothing is due yet.
	client.due.Stop()
	client.BaseService = *service.NewBaseService(nil, "abciClient", client)
	return client
}

// OnStart connects. It is called by Start.
func (c *Client) OnStart() error {
	for {
		conn, err := cmtnet.Connect(c.address)
		if err == nil {
			return c.use(conn)
		}
		c.Logger.Error("the application does not answer yet", "address", c.address, "again in", dialInterval, "err", err)
		select {
		case <-time.After(dialInterval):
		case <-c.closing:
			return ErrStopped
		}
	}
}

func (c *Client) use(conn net.Conn) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stopping {
		return errors.Join(ErrStopped, conn.Close())
	}
	c.conn = conn
	go c.send(conn)
	go c.receive(conn)
	return nil
}

// OnStop closes the connection and gives up every call. It is called by Stop.
func (c *Client) OnStop() {
	c.mutex.Lock()
	c.stopping = true
	close(c.closing)
	given := c.open.all()
	if c.conn != nil {
		// Nothing is lost by an error here: the connection is not used again.
		_ = c.conn.Close()
	}
	c.mutex.Unlock()
	for _, each := range given {
		each.end()
	}
	c.gate.giveUp(c)
}

// Error returns what stopped the client; nil while it runs and after a stop on purpose.
func (c *Client) Error() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.err
}

// SetResponseCallback sets what is called with every response, in their order, those of Flush included.
func (c *Client) SetResponseCallback(listener abcicli.Callback) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.listener = listener
}

// fail stops the client with the first error. CometBFT ends its process when a client ends with an error.
func (c *Client) fail(err error) {
	c.mutex.Lock()
	if c.stopping || c.err != nil {
		c.mutex.Unlock()
		return
	}
	c.err = err
	c.mutex.Unlock()
	c.Logger.Error("the connection to the application failed", "address", c.address, "err", err)
	if err := c.Stop(); err != nil && !errors.Is(err, service.ErrAlreadyStopped) {
		c.Logger.Error("cannot stop the ABCI client", "err", err)
	}
}

// put writes a call behind those before it. It waits while too much is to be sent.
func (c *Client) put(ctx context.Context, next *call) error {
	for {
		c.mutex.Lock()
		if c.stopping {
			c.mutex.Unlock()
			return c.whyStopped()
		}
		taken := c.pending.full()
		if taken == nil {
			break
		}
		c.mutex.Unlock()
		select {
		case <-taken:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.closing:
		}
	}
	defer c.mutex.Unlock()
	return c.write(next)
}

// putHeld writes a call that was held back, whether or not there is room.
func (c *Client) putHeld(next *call) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stopping || c.write(next) != nil {
		next.end()
	}
}

// write writes a call while the client is locked.
func (c *Client) write(next *call) error {
	first := len(c.pending.bytes) == 0
	// The answer may be quick: it finds the call, since both are there before anything is sent.
	if err := c.pending.append(next.request); err != nil {
		return err
	}
	c.open.push(next)
	switch {
	case next.urgent || len(c.pending.bytes) >= bufferSize:
		c.wakeSender()
	case first:
		c.due.Reset(c.linger)
	}
	return nil
}

func (c *Client) wakeSender() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *Client) whyStopped() error {
	if err := c.Error(); err != nil {
		return err
	}
	return ErrStopped
}

// await returns the response of a call that was put.
func (c *Client) await(ctx context.Context, pending *call) (*types.Response, error) {
	select {
	case <-pending.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if pending.response == nil {
		return nil, c.whyStopped()
	}
	return pending.response, nil
}

// settle ends the oldest call with a response.
func (c *Client) settle(response *types.Response) error {
	c.mutex.Lock()
	if c.stopping {
		c.mutex.Unlock()
		return ErrStopped
	}
	oldest := c.open.first()
	if oldest == nil {
		c.mutex.Unlock()
		return fmt.Errorf("the application sent %T although no request is open", response.Value)
	}
	if !oldest.accepts(response) {
		c.mutex.Unlock()
		return fmt.Errorf("the application answered %T with %T", oldest.request.Value, response.Value)
	}
	c.open.pop()
	listener := c.listener
	c.mutex.Unlock()
	oldest.answer(response, listener)
	return nil
}
