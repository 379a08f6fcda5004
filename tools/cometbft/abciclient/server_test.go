package abciclient

import (
	"bufio"
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/protoio"
)

// patience bounds every wait. Nothing comes near it unless something hangs.
const patience = 30 * time.Second

// application answers a request; nil leaves it without an answer.
type application func(*types.Request) *types.Response

// testServer holds back its answers until a Flush, as CometBFT's own server does: a client that forgets to ask gets none.
type testServer struct {
	address  string
	listener net.Listener
	conns    chan net.Conn
	flushes  atomic.Int64
}

func startServer(t *testing.T, answer application) *testServer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "abci.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &testServer{address: "unix://" + path, listener: listener, conns: make(chan net.Conn, 4)}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			server.conns <- conn
			go server.serve(conn, answer)
		}
	}()
	return server
}

func (s *testServer) serve(conn net.Conn, answer application) {
	defer func() { _ = conn.Close() }()
	buffer := bufio.NewWriter(conn)
	reader, writer := protoio.NewDelimitedReader(bufio.NewReader(conn), maxResponse), protoio.NewDelimitedWriter(buffer)
	for {
		request := new(types.Request)
		if _, err := reader.ReadMsg(request); err != nil {
			return
		}
		if response := answer(request); response != nil {
			if _, err := writer.WriteMsg(response); err != nil {
				return
			}
		}
		if request.GetFlush() != nil {
			s.flushes.Add(1)
			if err := buffer.Flush(); err != nil {
				return
			}
		}
	}
}

// startClient connects a client and stops it at the end of the test.
func startClient(t *testing.T, server *testServer) *Client {
	t.Helper()
	client := New(server.address, new(Results), new(Gate))
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Stop() })
	return client
}

// echoing answers Echo and Flush, and CheckTx with the transaction as data.
func echoing(request *types.Request) *types.Response {
	switch value := request.Value.(type) {
	case *types.Request_Echo:
		return types.ToResponseEcho(value.Echo.Message)
	case *types.Request_CheckTx:
		return types.ToResponseCheckTx(&types.ResponseCheckTx{Data: value.CheckTx.Tx})
	case *types.Request_Flush:
		return types.ToResponseFlush()
	}
	return types.ToResponseException("unexpected request")
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func waitFor(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s did not happen", what)
	}
}
