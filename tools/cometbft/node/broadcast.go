package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	rpccore "github.com/cometbft/cometbft/rpc/core"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

// broadcasts answers what a busy node is asked most, broadcast_tx_sync, and leaves every other request to next. It does what the release
// does with it, in the same order, and its answers are the same bytes. The release takes the request for four JSON texts, one inside the
// other, each of which it reads twice, and builds the answer by reflection.
func broadcasts(environment *rpccore.Environment, next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		asked := parseBroadcasts(contentOf(request))
		if len(asked) == 0 || request.URL.Path != "/" {
			next.ServeHTTP(writer, request)
			return
		}
		context := &rpctypes.Context{HTTPReq: request}
		var answers []byte
		for index, each := range asked {
			if index > 0 {
				answers = append(answers, ',')
			}
			result, err := environment.BroadcastTxSync(context, each.tx)
			answers = appendAnswer(answers, each.id, result, err)
		}
		if len(asked) > 1 {
			answers = append(append([]byte{'['}, answers...), ']')
		}
		writer.Header().Set("Content-Type", "application/json")
		writer.WriteHeader(http.StatusOK)
		// Whoever asked is gone where this fails.
		_, _ = writer.Write(answers)
	})
}

const (
	answerStart = `{"jsonrpc":"2.0",`
	// acceptedStart and acceptedEnd stand around the hash of a transaction of which the application says nothing but that it is good.
	acceptedStart = `"result":{"code":0,"data":"","log":"","codespace":"","hash":"`
	acceptedEnd   = `"}}`
)

// appendAnswer appends the answer to a request, whose id is JSON.
func appendAnswer(answers, id []byte, result *coretypes.ResultBroadcastTx, err error) []byte {
	answers = append(answers, answerStart+`"id":`...)
	answers = append(append(answers, id...), ',')
	if err == nil && result.Code == 0 && len(result.Data) == 0 && result.Log == "" && result.Codespace == "" {
		answers = append(answers, acceptedStart...)
		answers = fmt.Appendf(answers, "%X", []byte(result.Hash))
		return append(answers, acceptedEnd...)
	}
	response := rpctypes.NewRPCSuccessResponse(nil, result)
	if err != nil {
		response = rpctypes.RPCInternalError(nil, err)
	}
	text, _ := json.Marshal(response)
	return append(answers, strings.TrimPrefix(string(text), answerStart)...)
}
