package abciclient

import (
	"testing"

	"github.com/cometbft/cometbft/abci/types"
)

func TestMemoryOfALargeRequestIsNotKept(t *testing.T) {
	var out outgoing
	send := func(request *types.Request) {
		t.Helper()
		if err := out.append(request); err != nil {
			t.Fatal(err)
		}
		out.giveBack(out.take())
	}
	send(types.ToRequestEcho("small"))
	if cap(out.spare) == 0 {
		t.Error("the memory of a small request is not used again")
	}
	send(types.ToRequestInitChain(&types.RequestInitChain{AppStateBytes: make([]byte, largeMessage)}))
	send(types.ToRequestEcho("small"))
	if cap(out.bytes) > largeMessage || cap(out.spare) > largeMessage {
		t.Error("the memory of a large request is kept")
	}
}
