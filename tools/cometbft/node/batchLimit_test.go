package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cometbft/cometbft/libs/log"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

func FuzzBatchesAreCountedAsTheyAreDecoded(f *testing.F) {
	for _, body := range []string{
		"", " ", "{}", "[]", "[ ]", "null", "7", `[{"a":[1,2,{"b":",]"}]}, 2 ,"\\\"],["]`, "\n[1,2]\t", `["\\","\"",[],{}]`, `{"a":[1,2]}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var elements []json.RawMessage
		if json.Unmarshal([]byte(body), &elements) != nil || elements == nil {
			return
		}
		if got := batchSize([]byte(body)); got != len(elements) {
			t.Errorf("%q has %d elements, got %d", body, len(elements), got)
		}
	})
}

func TestBatchesAreBounded(t *testing.T) {
	mux := http.NewServeMux()
	echo := func(_ *rpctypes.Context, text string) (string, error) { return text, nil }
	rpcserver.RegisterRPCFuncs(mux, map[string]*rpcserver.RPCFunc{"echo": rpcserver.NewRPCFunc(echo, "text")}, log.NewNopLogger())
	call := `{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"a,b"}}`
	for _, test := range []struct {
		most   int
		body   string
		wanted int
		refuse bool
	}{
		{3, call, 1, false},
		{3, "[" + strings.Repeat(call+",", 2) + call + "]", 3, false},
		{3, "[" + strings.Repeat(call+",", 3) + call + "]", 0, true},
		{0, "[" + strings.Repeat(call+",", 3) + call + "]", 4, false},
	} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
		holdBodies(limitBatches(test.most, mux)).ServeHTTP(recorder, request)
		answer, err := io.ReadAll(recorder.Body)
		if err != nil {
			t.Fatal(err)
		}
		if echoed := strings.Count(string(answer), `"result":"a,b"`); echoed != test.wanted {
			t.Errorf("%d answers, wanted %d: %s", echoed, test.wanted, answer)
		}
		if refused := strings.Contains(string(answer), "a batch may have 3 requests, got 4"); refused != test.refuse {
			t.Errorf("refused is %v: %s", refused, answer)
		}
	}
}
