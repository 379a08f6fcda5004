package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/mempool"
	rpccore "github.com/cometbft/cometbft/rpc/core"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
	"github.com/cometbft/cometbft/types"
)

func encoded(tx string) string { return base64.StdEncoding.EncodeToString([]byte(tx)) }

// decodedByTheRelease reads a body as the release does, as far as broadcasts go; nil for everything else.
func decodedByTheRelease(body []byte) []broadcast {
	var requests []rpctypes.RPCRequest
	if json.Unmarshal(body, &requests) != nil {
		var request rpctypes.RPCRequest
		if json.Unmarshal(body, &request) != nil {
			return nil
		}
		requests = []rpctypes.RPCRequest{request}
	}
	var decoded []broadcast
	for _, request := range requests {
		var params struct{ Tx []byte }
		if request.ID == nil || request.Method != "broadcast_tx_sync" || json.Unmarshal(request.Params, &params) != nil {
			return nil
		}
		id, err := json.Marshal(request.ID)
		if err != nil {
			return nil
		}
		decoded = append(decoded, broadcast{id: id, tx: params.Tx})
	}
	return decoded
}

func FuzzBroadcastsAreReadAsByTheRelease(f *testing.F) {
	for _, body := range broadcastBodies() {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		read := parseBroadcasts(body)
		if read == nil {
			return
		}
		wanted := decodedByTheRelease(body)
		if len(wanted) != len(read) {
			t.Fatalf("%q holds %d broadcasts, read %d", body, len(wanted), len(read))
		}
		for index, each := range read {
			if !bytes.Equal(each.id, wanted[index].id) || !bytes.Equal(each.tx, wanted[index].tx) {
				t.Errorf("%q: number %d is %s %x, read %s %x", body, index, wanted[index].id, wanted[index].tx, each.id, each.tx)
			}
		}
	})
}

func TestUsualBroadcastsAreReadHere(t *testing.T) {
	for body, wanted := range map[string]int{
		syncCall("1", "a=b"):                                                           1,
		"[" + syncCall("1", "a=b") + "]":                                               1,
		"[" + syncCall(`"a"`, "a=b") + "," + syncCall("2", "c") + "]":                  2,
		`{"id":1,"jsonrpc":"2.0","params":{"tx":"YQ=="},"method":"broadcast_tx_sync"}`: 1,
	} {
		if got := len(parseBroadcasts([]byte(body))); got != wanted {
			t.Errorf("%s: %d broadcasts, wanted %d", body, got, wanted)
		}
	}
}

func TestAnswersAreEncodedAsByTheRelease(t *testing.T) {
	hash := bytes.Repeat([]byte{0xab, 1}, 16)
	for _, test := range []struct {
		result *coretypes.ResultBroadcastTx
		err    error
	}{
		{&coretypes.ResultBroadcastTx{Hash: hash}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Code: 5, Codespace: "sdk", Log: "<&> \"é\"\n\u2028"}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Data: []byte{1, 255}}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Log: "[]"}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Codespace: "sdk"}, nil},
		{nil, errors.New("tx already exists in <cache>")},
	} {
		id := rpctypes.JSONRPCIntID(42)
		response := rpctypes.NewRPCSuccessResponse(id, test.result)
		if test.err != nil {
			response = rpctypes.RPCInternalError(id, test.err)
		}
		wanted, err := json.Marshal(response)
		if err != nil {
			t.Fatal(err)
		}
		if got := (outcome{test.result, test.err}).appendAnswer(nil, []byte("42")); !bytes.Equal(got, wanted) {
			t.Errorf("the release: %s\nours:        %s", wanted, got)
		}
	}
}

// slowMempool answers when it has heard of a number of transactions, in their order, and a moment later.
type slowMempool struct {
	mempool.Mempool
	size, bytes int
	together    int

	waiting []func()
	seen    [][]byte
	// open is how many answers are to come, most the largest number of them.
	open atomic.Int32
	most int32
}

func (m *slowMempool) Size() int        { return m.size }
func (m *slowMempool) SizeBytes() int64 { return int64(m.bytes) }

func (m *slowMempool) CheckTx(tx types.Tx, answer func(*abci.ResponseCheckTx), _ mempool.TxInfo) error {
	m.seen = append(m.seen, tx)
	if string(tx) == "refused" {
		return errors.New("no")
	}
	m.most = max(m.most, m.open.Add(1))
	m.waiting = append(m.waiting, func() {
		m.open.Add(-1)
		answer(&abci.ResponseCheckTx{Code: uint32(len(tx))})
	})
	if len(m.waiting) == m.together {
		answers := m.waiting
		m.waiting = nil
		time.AfterFunc(2*time.Millisecond, func() {
			for _, each := range answers {
				each()
			}
		})
	}
	return nil
}

func TestTransactionsOfAListAreCheckedTogetherWhereThatSaysTheSame(t *testing.T) {
	many := make([]string, mostTogether+1)
	for index := range many {
		many[index] = fmt.Sprintf("tx %d", index)
	}
	for name, test := range map[string]struct {
		txs         []string
		size, bytes int
		together    int
	}{
		"different ones": {[]string{"a", "bb", "ccc"}, 0, 0, 3},
		"one refused":    {[]string{"a", "refused", "ccc"}, 0, 0, 2},
		"one twice":      {[]string{"a", "bb", "a"}, 0, 0, 1},
		"room for all":   {[]string{"a", "bb"}, 98, 997, 2},
		"one place less": {[]string{"a", "bb"}, 99, 0, 1},
		"one byte less":  {[]string{"a", "bb"}, 0, 998, 1},
		"many":           {many, 0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			pool := &slowMempool{size: test.size, bytes: test.bytes, together: test.together}
			hot := &broadcaster{mempool: pool, limits: &config.MempoolConfig{Size: 100, MaxTxsBytes: 1000}}
			var calls []string
			for index, tx := range test.txs {
				calls = append(calls, syncCall(strconv.Itoa(index), tx))
			}
			recorder := httptest.NewRecorder()
			request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("["+strings.Join(calls, ",")+"]"))
			// Where it waits for too few or too many, nobody answers before the time is over.
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			holdBodies(hot).ServeHTTP(recorder, request.WithContext(ctx))
			var answers []struct {
				ID     int
				Result struct{ Code int }
				Error  struct{ Data string }
			}
			if err := json.Unmarshal(recorder.Body.Bytes(), &answers); err != nil || len(answers) != len(test.txs) {
				t.Fatalf("%v: %s", err, recorder.Body)
			}
			if int(pool.most) != test.together {
				t.Errorf("%d are checked at once", pool.most)
			}
			for index, tx := range test.txs {
				answer := answers[index]
				if said := answer.Result.Code == len(tx) || tx == "refused" && answer.Error.Data == "no"; answer.ID != index || !said || string(pool.seen[index]) != tx {
					t.Errorf("%s is answered %+v", tx, answer)
				}
			}
		})
	}
}

func TestRequestThatEndsBeforeItsAnswerIsToldAsByTheRelease(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	release := rpccore.Environment{Mempool: &slowMempool{}}
	request := httptest.NewRequest(http.MethodPost, "/", nil).WithContext(ctx)
	_, wanted := release.BroadcastTxSync(&rpctypes.Context{HTTPReq: request}, []byte("a"))
	hot := &broadcaster{mempool: &slowMempool{}}
	got := hot.check(ctx, []broadcast{{tx: []byte("a")}})[0].err
	if wanted == nil || got == nil || got.Error() != wanted.Error() {
		t.Errorf("told %v, the release says %v", got, wanted)
	}
}
