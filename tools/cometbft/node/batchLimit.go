package main

import (
	"bytes"
	"fmt"
	"net/http"

	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

// space is what JSON skips.
const space = " \t\r\n"

// limitBatches refuses batches of more than so many requests, as the release does; 0 bounds nothing. The release decodes every request to
// count them, and decodes them again to answer: a fifth of what a transaction costs to arrive.
func limitBatches(most int, next http.Handler) http.Handler {
	if most == 0 {
		return next
	}
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if count := batchSize(contentOf(request)); count > most {
			refusal := rpctypes.RPCInvalidRequestError(nil, fmt.Errorf("a batch may have %d requests, got %d", most, count))
			_ = rpcserver.WriteRPCResponseHTTP(writer, refusal)
			return
		}
		next.ServeHTTP(writer, request)
	})
}

// batchSize counts the elements of a JSON array without decoding them; 0 for anything else. Of malformed JSON it says something: whoever
// decodes it refuses it.
func batchSize(body []byte) int {
	body, isArray := bytes.CutPrefix(bytes.TrimLeft(body, space), []byte("["))
	if !isArray || bytes.HasPrefix(bytes.TrimLeft(body, space), []byte("]")) {
		return 0
	}
	count, depth, inText := 1, 0, false
	for at := 0; at < len(body); at++ {
		sign := body[at]
		switch {
		case inText:
			if sign == '\\' {
				at++
			}
			inText = sign != '"'
		case sign == '"':
			inText = true
		case sign == '[' || sign == '{':
			depth++
		case sign == ']' || sign == '}':
			depth--
		case sign == ',' && depth == 0:
			count++
		}
	}
	return count
}
