package abciclient

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/cometbft/cometbft/abci/types"
)

const (
	bufferSize = 64 << 10
	// largeMessage is the size beyond which the memory of a message is not kept for the next one. Few blocks are as large.
	largeMessage = 4 << 20
	// shortMessage is the most that is compared with the message before.
	shortMessage = 128
	// maxResponse is the protocol's own bound. An application is trusted by its node.
	maxResponse = math.MaxInt32
)

// outgoing are requests as they are sent, one behind the other.
type outgoing struct {
	bytes []byte
	// open means that the last request is no Flush: the application may hold back its answers.
	open bool
	// spare is the memory of what was sent before.
	spare []byte
	// taken is closed when what is here goes, for those who wait for room; nil while nobody does.
	taken chan struct{}
}

// full returns what ends when there is room again; nil while there is.
func (o *outgoing) full() <-chan struct{} {
	if len(o.bytes) < mostPending {
		return nil
	}
	if o.taken == nil {
		o.taken = make(chan struct{})
	}
	return o.taken
}

// append writes a request behind those before it.
func (o *outgoing) append(request *types.Request) error {
	size := request.Size()
	written := slices.Grow(o.bytes, binary.MaxVarintLen64+size)
	written = binary.AppendUvarint(written, uint64(size))
	start := len(written)
	written = written[:start+size]
	if _, err := request.MarshalToSizedBuffer(written[start:]); err != nil {
		return fmt.Errorf("cannot encode %T: %w", request.Value, err)
	}
	o.bytes, o.open = written, request.GetFlush() == nil
	return nil
}

// take returns all there is. Its memory is free again with giveBack.
func (o *outgoing) take() []byte {
	taken := o.bytes
	o.bytes, o.spare = o.spare, nil
	if o.taken != nil {
		close(o.taken)
		o.taken = nil
	}
	return taken
}

// giveBack keeps the memory of what was sent for what comes, but for that of the largest messages.
func (o *outgoing) giveBack(sent []byte) {
	if cap(sent) <= largeMessage {
		o.spare = sent[:0]
	}
}

// send is the goroutine that writes.
func (c *Client) send(conn io.Writer) {
	defer c.due.Stop()
	for {
		select {
		case <-c.closing:
			return
		case <-c.due.C:
		case <-c.wake:
		}
		if err := c.flush(conn); err != nil {
			c.fail(fmt.Errorf("cannot send to the application: %w", err))
			return
		}
	}
}

// flush sends all there is, and asks for the answers to it.
func (c *Client) flush(conn io.Writer) error {
	c.mutex.Lock()
	if len(c.pending.bytes) == 0 || c.stopping {
		c.mutex.Unlock()
		return nil
	}
	if c.pending.open {
		ask := newCall(types.ToRequestFlush(), isFlushResponse)
		if err := c.pending.append(ask.request); err != nil {
			c.mutex.Unlock()
			return err
		}
		c.open.push(ask)
	}
	taken := c.pending.take()
	c.mutex.Unlock()
	_, err := conn.Write(taken)
	c.mutex.Lock()
	c.pending.giveBack(taken)
	c.mutex.Unlock()
	return err
}

// receive is the goroutine that reads, and that runs all callbacks.
func (c *Client) receive(conn io.Reader) {
	in := incoming{reader: bufio.NewReaderSize(conn, bufferSize), results: c.results}
	for {
		response, err := in.next()
		if err != nil {
			c.fail(fmt.Errorf("cannot read from the application: %w", err))
			return
		}
		if exception := response.GetException(); exception != nil {
			c.fail(errors.New(exception.Error))
			return
		}
		if err := c.settle(response); err != nil {
			c.fail(err)
			return
		}
	}
}

// incoming reads responses.
type incoming struct {
	reader  *bufio.Reader
	results *Results
	// memory is what messages are read into that are not held.
	memory []byte
	// last is a copy of the last short message, and response what it says: a mempool's checks are answered alike, and nobody changes an answer.
	last     []byte
	response *types.Response
}

func (in *incoming) next() (*types.Response, error) {
	message, err := readMessage(in.reader, in.memory)
	if err != nil {
		return nil, err
	}
	in.memory = message
	if in.response != nil && bytes.Equal(message, in.last) {
		return in.response, nil
	}
	response, err := in.results.take(message)
	if response != nil || cap(message) > largeMessage {
		in.memory = nil
	}
	if response != nil || err != nil {
		return response, err
	}
	response = new(types.Response)
	if err := response.Unmarshal(message); err != nil {
		return nil, err
	}
	if response.GetCheckTx() != nil && len(message) <= shortMessage {
		in.last, in.response = append(in.last[:0], message...), response
	}
	return response, nil
}

// readMessage reads a message into memory of which it needs more only where the message is longer.
func readMessage(reader *bufio.Reader, memory []byte) ([]byte, error) {
	size, err := binary.ReadUvarint(reader)
	if err != nil {
		return nil, err
	}
	if size > maxResponse {
		return nil, fmt.Errorf("a message has %d bytes, the most is %d", size, maxResponse)
	}
	if size > uint64(cap(memory)) {
		memory = make([]byte, size)
	}
	_, err = io.ReadFull(reader, memory[:size])
	return memory[:size], err
}

func isFlushResponse(response *types.Response) bool { return response.GetFlush() != nil }
