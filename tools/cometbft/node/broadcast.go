package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/mempool"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

// mostTogether is how many transactions of one request may be checked at once.
const mostTogether = 64

// broadcaster answers what a busy node is asked most, broadcast_tx_sync, and leaves every other request to next. Its answers are the same
// bytes as the release's, which takes the request for four JSON texts, one inside the other, reads each twice, and builds the answer by
// reflection. The transactions of a list go to the application one right behind the other; the release waits for each answer before it
// sends the next.
type broadcaster struct {
	mempool mempool.Mempool
	limits  *config.MempoolConfig
	next    http.Handler
}

// ServeHTTP answers a request behind holdBodies.
func (b *broadcaster) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	asked := parseBroadcasts(contentOf(request))
	if len(asked) == 0 || request.URL.Path != "/" {
		b.next.ServeHTTP(writer, request)
		return
	}
	step := 1
	if b.independent(asked) {
		step = len(asked)
	}
	var answers []byte
	for at := 0; at < len(asked); at += step {
		for index, outcome := range b.check(request.Context(), asked[at:at+step]) {
			answers = append(outcome.appendAnswer(answers, asked[at+index].id), ',')
		}
	}
	answers = answers[:len(answers)-1]
	if len(asked) > 1 {
		answers = append(append([]byte{'['}, answers...), ']')
	}
	writer.Header().Set("Content-Type", "application/json")
	writer.WriteHeader(http.StatusOK)
	// Whoever asked is gone where this fails.
	_, _ = writer.Write(answers)
}

// independent tells whether what the mempool says of each transaction is the same before and after it has heard of those before: none is there
// twice, and there is room for all.
func (b *broadcaster) independent(asked []broadcast) bool {
	if len(asked) > mostTogether || b.mempool.Size()+len(asked) > b.limits.Size {
		return false
	}
	total := b.mempool.SizeBytes()
	for index, each := range asked {
		total += int64(len(each.tx))
		for _, before := range asked[:index] {
			if bytes.Equal(each.tx, before.tx) {
				return false
			}
		}
	}
	return total <= b.limits.MaxTxsBytes
}

// outcome is what became of one transaction.
type outcome struct {
	result *coretypes.ResultBroadcastTx
	err    error
}

// check puts transactions into the mempool and waits for what the application says of each.
func (b *broadcaster) check(ctx context.Context, asked []broadcast) []outcome {
	outcomes := make([]outcome, len(asked))
	answers := make([]chan *abci.ResponseCheckTx, len(asked))
	for index, each := range asked {
		answer := make(chan *abci.ResponseCheckTx, 1)
		answers[index] = answer
		outcomes[index].err = b.mempool.CheckTx(each.tx, func(said *abci.ResponseCheckTx) { answer <- said }, mempool.TxInfo{})
	}
	for index, each := range asked {
		if outcomes[index].err != nil {
			continue
		}
		select {
		case said := <-answers[index]:
			outcomes[index].result = &coretypes.ResultBroadcastTx{
				Code: said.Code, Data: said.Data, Log: said.Log, Codespace: said.Codespace, Hash: each.tx.Hash(),
			}
		case <-ctx.Done():
			// The server ends a request after a while, too: then there is somebody to read this.
			outcomes[index].err = fmt.Errorf("broadcast confirmation not received: %w", ctx.Err())
		}
	}
	return outcomes
}

const (
	answerStart = `{"jsonrpc":"2.0",`
	// acceptedStart and acceptedEnd stand around the hash of a transaction of which the application says nothing but that it is good.
	acceptedStart = `"result":{"code":0,"data":"","log":"","codespace":"","hash":"`
	acceptedEnd   = `"}}`
)

// appendAnswer appends the answer to a request, whose id is JSON.
func (o outcome) appendAnswer(answers, id []byte) []byte {
	answers = append(answers, answerStart+`"id":`...)
	answers = append(append(answers, id...), ',')
	result := o.result
	if o.err == nil && result.Code == 0 && len(result.Data) == 0 && result.Log == "" && result.Codespace == "" {
		answers = append(answers, acceptedStart...)
		answers = fmt.Appendf(answers, "%X", []byte(result.Hash))
		return append(answers, acceptedEnd...)
	}
	response := rpctypes.NewRPCSuccessResponse(nil, result)
	if o.err != nil {
		response = rpctypes.RPCInternalError(nil, o.err)
	}
	text, _ := json.Marshal(response)
	return append(answers, strings.TrimPrefix(string(text), answerStart)...)
}
