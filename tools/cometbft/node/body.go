package main

import (
	"bytes"
	"fmt"
	"net/http"

	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

// mostAllocated is how much memory a request gets for a body of which nothing has come yet. It grows with what comes.
const mostAllocated = 64 << 10

// heldBody is the body of a request in memory, so that whoever only looks at it leaves it to be read.
type heldBody struct {
	*bytes.Reader
	content []byte
}

// Close does nothing: the server closes the body that it made.
func (heldBody) Close() error { return nil }

// holdBodies reads the body of every request that has one, for the handlers behind it. What is too long is refused as the release does.
func holdBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		if request.ContentLength != 0 {
			var content bytes.Buffer
			content.Grow(int(min(max(request.ContentLength, 0), mostAllocated)) + bytes.MinRead)
			if _, err := content.ReadFrom(request.Body); err != nil {
				refusal := rpctypes.RPCInvalidRequestError(nil, fmt.Errorf("error reading request body: %w", err))
				_ = rpcserver.WriteRPCResponseHTTPError(writer, http.StatusBadRequest, refusal)
				return
			}
			request.Body = heldBody{bytes.NewReader(content.Bytes()), content.Bytes()}
		}
		next.ServeHTTP(writer, request)
	})
}

// contentOf is the body of a request behind holdBodies; empty where it has none.
func contentOf(request *http.Request) []byte {
	held, _ := request.Body.(heldBody)
	return held.content
}
