package abciclient

import (
	"bufio"
	"io"
	"testing"

	"github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/protoio"
)

func TestMemoryOfALargeRequestIsNotKept(t *testing.T) {
	buffer := bufio.NewWriter(io.Discard)
	first := protoio.NewDelimitedWriter(buffer)
	out := &sender{client: New("unix:///nowhere", new(Results)), buffer: buffer, writer: first}
	write := func(request *types.Request) {
		t.Helper()
		if err := out.write(newCall(request, isFlushResponse)); err != nil {
			t.Fatal(err)
		}
	}
	write(types.ToRequestEcho("small"))
	if out.writer != first {
		t.Error("a small request took the writer's memory away")
	}
	write(types.ToRequestInitChain(&types.RequestInitChain{AppStateBytes: make([]byte, largeMessage)}))
	if out.writer == first {
		t.Error("the writer keeps the memory of a large request")
	}
}
