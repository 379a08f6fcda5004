package abciclient

import (
	"fmt"
	"sync"

	"github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/encoding/protowire"
)

// The protocol's numbers of the fields that are looked for in an answer without decoding it.
const (
	finalizeBlockOfResponse  = 21
	txResultsOfFinalizeBlock = 2
	eventsOfTxResult         = 7
)

// Results holds what the application said of the last block, as it was sent. A block's events are most of it, and a node needs those of
// transactions for its subscribers alone, after the block is applied: once they are left out, FinalizeBlock answers without them, and whoever
// wants them, or the bytes for a database, takes them from here. It is safe for use by many goroutines.
type Results struct {
	mutex   sync.Mutex
	leaving bool
	height  int64
	encoded []byte
	whole   *types.ResponseFinalizeBlock
}

// LeaveOutEvents makes the answers to come have no events of transactions.
func (r *Results) LeaveOutEvents() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.leaving = true
}

// Encoded returns the last answer and its height; nil where it has its events, or there is none.
func (r *Results) Encoded() (height int64, encoded []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.height, r.encoded
}

// Whole returns the answer for a height with the events of its transactions; nil where it was answered with them, or is not the last. It is
// decoded once.
func (r *Results) Whole(height int64) (*types.ResponseFinalizeBlock, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.encoded == nil || r.height != height {
		return nil, nil
	}
	if r.whole == nil {
		whole := new(types.ResponseFinalizeBlock)
		if err := whole.Unmarshal(r.encoded); err != nil {
			return nil, fmt.Errorf("cannot decode the results of block %d: %w", height, err)
		}
		r.whole = whole
	}
	return r.whole, nil
}

// await forgets the last answer for the one of a height.
func (r *Results) await(height int64) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.height, r.encoded, r.whole = height, nil, nil
}

// take decodes an answer to FinalizeBlock without its transactions' events and holds its bytes, which are its own then. Of every other
// message it says nothing, and of all while events are not left out.
func (r *Results) take(message []byte) (*types.Response, error) {
	number, kind, start := protowire.ConsumeTag(message)
	if number != finalizeBlockOfResponse || kind != protowire.BytesType {
		return nil, nil
	}
	encoded, size := protowire.ConsumeBytes(message[start:])
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if !r.leaving || start+size != len(message) {
		return nil, nil
	}
	answer, err := decodeWithoutEvents(encoded)
	if err != nil {
		return nil, err
	}
	r.encoded = encoded
	return types.ToResponseFinalizeBlock(answer), nil
}

// decodeWithoutEvents decodes an answer to FinalizeBlock but for the events of its transactions.
func decodeWithoutEvents(encoded []byte) (*types.ResponseFinalizeBlock, error) {
	var (
		results []*types.ExecTxResult
		fields  []byte
	)
	rest, err := without(nil, encoded, txResultsOfFinalizeBlock, func(result []byte) (err error) {
		if fields, err = without(fields[:0], result, eventsOfTxResult, func([]byte) error { return nil }); err != nil {
			return err
		}
		decoded := new(types.ExecTxResult)
		results = append(results, decoded)
		return decoded.Unmarshal(fields)
	})
	if err != nil {
		return nil, err
	}
	answer := new(types.ResponseFinalizeBlock)
	if err := answer.Unmarshal(rest); err != nil {
		return nil, err
	}
	answer.TxResults = results
	return answer, nil
}

// without appends the fields of a message to rest, but those of a number, whose values it hands to taken.
func without(rest, message []byte, number protowire.Number, taken func([]byte) error) ([]byte, error) {
	for len(message) > 0 {
		found, kind, start := protowire.ConsumeTag(message)
		if start < 0 {
			return nil, protowire.ParseError(start)
		}
		size := protowire.ConsumeFieldValue(found, kind, message[start:])
		if size < 0 {
			return nil, protowire.ParseError(size)
		}
		field := message[:start+size]
		message = message[start+size:]
		if found != number || kind != protowire.BytesType {
			rest = append(rest, field...)
			continue
		}
		value, _ := protowire.ConsumeBytes(field[start:])
		if err := taken(value); err != nil {
			return nil, err
		}
	}
	return rest, nil
}
