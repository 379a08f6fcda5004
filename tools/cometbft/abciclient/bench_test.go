package abciclient

import (
	"bufio"
	"context"
	"net"
	"testing"

	"github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/protoio"
)

// frame is a response as it is sent.
func frame(b *testing.B, response *types.Response) []byte {
	b.Helper()
	encoded, err := protoio.MarshalDelimited(response)
	if err != nil {
		b.Fatal(err)
	}
	return encoded
}

// startApproving serves an application that decodes nothing and approves of all: what a check costs is the client's.
func startApproving(b *testing.B) string {
	b.Helper()
	path := b.TempDir() + "/abci.sock"
	listener, err := net.Listen("unix", path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	check, flush := frame(b, types.ToResponseCheckTx(&types.ResponseCheckTx{GasWanted: 120_000, GasUsed: 80_000})), frame(b, types.ToResponseFlush())
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		reader, writer := bufio.NewReaderSize(conn, bufferSize), bufio.NewWriterSize(conn, bufferSize)
		var message []byte
		for {
			if message, err = readMessage(reader, message); err != nil {
				return
			}
			answer := check
			// A Flush is a tag and no bytes.
			if len(message) == 2 {
				answer = flush
			}
			if _, err = writer.Write(answer); err != nil {
				return
			}
			if reader.Buffered() == 0 {
				_ = writer.Flush()
			}
		}
	}()
	return "unix://" + path
}

// BenchmarkChecks is a mempool's check of a transaction: in turns of a hundred, as those of a busy node come.
func BenchmarkChecks(b *testing.B) {
	client := New(startApproving(b), new(Results), new(Gate))
	if err := client.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = client.Stop() }()
	tx := make([]byte, 330)
	b.ReportAllocs()
	for index := range b.N {
		pending, err := client.CheckTxAsync(context.Background(), &types.RequestCheckTx{Tx: tx})
		if err != nil {
			b.Fatal(err)
		}
		pending.SetCallback(func(*types.Response) {})
		if index%100 == 0 {
			if err := client.Flush(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
