package abciclient

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/protoio"
)

const (
	bufferSize = 64 << 10
	// largeMessage is the size beyond which the memory of a message is not kept for the next one. Few blocks are as large.
	largeMessage = 4 << 20
	// maxResponse is the protocol's own bound. An application is trusted by its node.
	maxResponse = math.MaxInt32
)

// sender writes calls to the connection and knows what still lies in its buffer.
type sender struct {
	client *Client
	buffer *bufio.Writer
	writer protoio.WriteCloser
	// open means that requests were written after the last Flush: the application may hold back their answers.
	open bool
	// due fires when what lies in the buffer must go; nil when nothing does.
	due   <-chan time.Time
	timer *time.Timer
}

// send is the goroutine that writes.
func (c *Client) send(conn io.Writer) {
	buffer := bufio.NewWriterSize(conn, bufferSize)
	out := &sender{client: c, buffer: buffer, writer: protoio.NewDelimitedWriter(buffer)}
	defer out.disarm()
	for {
		var err error
		select {
		case <-c.closing:
			return
		case <-out.due:
			err = out.flush()
		case next := <-c.queue:
			err = out.batch(next)
		}
		if err != nil {
			c.fail(fmt.Errorf("cannot send to the application: %w", err))
			return
		}
	}
}

// batch writes a call and all that are queued behind it, then decides when they go.
func (s *sender) batch(next *call) error {
	urgent := false
	for {
		urgent = urgent || next.urgent
		if err := s.write(next); err != nil {
			return err
		}
		select {
		case next = <-s.client.queue:
			continue
		default:
		}
		if urgent {
			return s.flush()
		}
		s.arm()
		return nil
	}
}

func (s *sender) write(next *call) error {
	if !s.client.track(next) {
		return ErrStopped
	}
	s.open = !next.isFlush()
	size, err := s.writer.WriteMsg(next.request)
	if size > largeMessage {
		// A writer keeps the memory of its largest message, and no message is as large as the one that brings the genesis.
		s.writer = protoio.NewDelimitedWriter(s.buffer)
	}
	return err
}

// flush asks for the answers to all that was written, and empties the buffer.
func (s *sender) flush() error {
	s.disarm()
	if s.open {
		if err := s.write(newCall(types.ToRequestFlush(), isFlushResponse)); err != nil {
			return err
		}
	}
	return s.buffer.Flush()
}

func (s *sender) arm() {
	if s.due == nil {
		s.timer = time.NewTimer(s.client.linger)
		s.due = s.timer.C
	}
}

func (s *sender) disarm() {
	if s.due != nil {
		s.timer.Stop()
		s.due = nil
	}
}

// receive is the goroutine that reads, and that runs all callbacks.
func (c *Client) receive(conn io.Reader) {
	reader := bufio.NewReaderSize(conn, bufferSize)
	var message []byte
	for {
		var err error
		if message, err = readMessage(reader, message); err != nil {
			c.fail(fmt.Errorf("cannot read from the application: %w", err))
			return
		}
		response, held, err := c.decode(message)
		if err != nil {
			c.fail(fmt.Errorf("cannot read from the application: %w", err))
			return
		}
		if held || cap(message) > largeMessage {
			message = nil
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

// decode tells besides whether the message is held by the results.
func (c *Client) decode(message []byte) (response *types.Response, held bool, err error) {
	if response, err = c.results.take(message); response != nil || err != nil {
		return response, true, err
	}
	response = new(types.Response)
	return response, false, response.Unmarshal(message)
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
