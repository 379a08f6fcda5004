package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cometbft/cometbft/abci/example/kvstore"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
)

// rpcAnswer is what a client sees of an answer, without the time and the server's address.
type rpcAnswer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, address string, request *http.Request) rpcAnswer {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	response.Header.Del("X-Server-Time")
	if response.ContentLength < 0 {
		response.Header.Set("Transfer-Encoding", "chunked")
	}
	return rpcAnswer{response.StatusCode, response.Header, strings.ReplaceAll(string(body), address, "here")}
}

// bothBuilds starts the release and our node, each on a chain of its own with the same application, ours behind a socket, and returns the
// addresses of their RPC.
func bothBuilds(t *testing.T) (release, ours string) {
	t.Helper()
	settings := chainOfOne(t)
	release = freeAddress(t)
	settings.RPC.ListenAddress = "tcp://" + release
	made, err := node.DefaultNewNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(made) })
	settings = chainOfOne(t)
	settings.ProxyApp = serveApplication(t, kvstore.NewInMemoryApplication())
	made, ours = startNode(t, settings)
	waitForBlock(t, made)
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var status struct {
			Sync struct {
				Height string `json:"latest_block_height"`
			} `json:"sync_info"`
		}
		if get(t, release, "/status", &status); status.Sync.Height != "0" {
			return release, ours
		}
		if time.Now().After(end) {
			t.Fatal("the release makes no block within a minute")
		}
	}
}

// syncCall is a request of broadcast_tx_sync in the form of most clients. `a=b` is a transaction of the application, `bad` is none.
func syncCall(id, tx string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"broadcast_tx_sync","params":{"tx":%q}}`, id, encoded(tx))
}

// broadcastBodies are asked in this order. Each says something else about a form that is answered here, or nearly is.
func broadcastBodies() []string {
	long := strings.Repeat("x", 3000)
	return []string{
		syncCall("0", "a=1"), syncCall("1", "a=1"), syncCall(`"text-id_1"`, "a=2"), syncCall("7", "bad"), syncCall("7", "bad"),
		"[" + syncCall("1", "b=1") + "]", "[" + syncCall("1", "b=2") + "," + syncCall("2", "b=3") + ",\n" + syncCall("3", "b=2") + "]",
		"[" + syncCall("1", "c=1") + "," + syncCall("2", "bad") + "," + syncCall("3", "bad") + "]",
		"[" + syncCall("1", "c=2") + `,{"jsonrpc":"2.0","id":2,"method":"health","params":{}}]`,
		"[" + strings.Repeat(syncCall("1", "d=1")+",", 9) + syncCall("2", "d=1") + "]",
		"[" + strings.Repeat(syncCall("1", "d="+long)+",", 9) + syncCall("2", "d=2") + "]",
		" {\t\"params\" : {\"tx\": \"" + encoded("e=1") + "\" } ,\"method\":\"broadcast_tx_sync\", \"id\":12,\r\n\"jsonrpc\":\"2.0\"} ",
		syncCall("1.9", "f=1"), syncCall("-4", "f=2"), syncCall("1e3", "f=3"), syncCall("123456789012345678", "f=4"), syncCall("007", "f=5"),
		syncCall(`"<&>"`, "g=1"), syncCall(`"é"`, "g=2"), syncCall(`"\u0041"`, "g=3"), syncCall(`""`, "g=4"), syncCall("null", "g=5"), syncCall("{}", "g=6"),
		syncCall(`"`+"\xff"+`"`, "g=7"),
		`{"id":1,"method":"broadcast_tx_sync","params":{"tx":"aD0x"}}`, `{"jsonrpc":"1.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aD0y"}}`,
		`{"jsonrpc":"2.0","method":"broadcast_tx_sync","params":{"tx":"aD0z"}}`, `{"jsonrpc":"2.0","id":1,"params":{"tx":"aD00"}}`,
		`{"jsonrpc":"2.0","id":1,"id":2,"method":"broadcast_tx_sync","params":{"tx":"aD01"}}`,
		`{"jsonrpc":"2.0","ID":1,"Method":"broadcast_tx_sync","PARAMS":{"tx":"aD02"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":["aD03"]}`, `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{}}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync"}`, `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":""}}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":null}}`, `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":7}}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT0x","more":1}}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT0y"},"more":1}`,
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT0"}}`, `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT0_"}}`,
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"broadcast_tx_sync\",\"params\":{\"tx\":\"aT\n01\"}}",
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT\n0y"}}`, `{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"aT01aT0="}}`,
		syncCall("1", "j=1") + "x", syncCall("1", "j=2") + syncCall("1", "j=3"), "[" + syncCall("1", "j=4") + ",]", "[" + syncCall("1", "j=5"), "[]", "", " ", "7", "null", "{}", "[7]",
		`{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_async","params":{"tx":"aj0x"}}`, `{"jsonrpc":"2.0","id":1,"method":"nothing","params":{"tx":"aj0x"}}`,
		syncCall("1", "k="+strings.Repeat("x", 600_000)), syncCall("1", "l="+strings.Repeat("x", 800_000)),
	}
}

func TestBroadcastsAreAnsweredAsByTheRelease(t *testing.T) {
	release, ours := bothBuilds(t)
	post := func(address, path, body string, length int64) rpcAnswer {
		request, err := http.NewRequest(http.MethodPost, "http://"+address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.ContentLength = length
		return ask(t, address, request)
	}
	for _, body := range broadcastBodies() {
		wanted, got := post(release, "/", body, int64(len(body))), post(ours, "/", body, int64(len(body)))
		if !reflect.DeepEqual(got, wanted) {
			t.Errorf("%.300s\nthe release: %.600v\nours:        %.600v", body, wanted, got)
		}
	}
	for path, body := range map[string]string{"/?a=b": syncCall("1", "m=1"), "/x": syncCall("1", "m=2"), "//": syncCall("1", "m=3"), "": syncCall("1", "m=4")} {
		// As a stream, whose length nobody knows before its end.
		wanted, got := post(release, path, body, -1), post(ours, path, body, -1)
		if !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s %s\nthe release: %v\nours:        %v", path, body, wanted, got)
		}
	}
}

// heightOf commits a transaction and returns the height of its block, which has no other one.
func heightOf(t *testing.T, address string) string {
	t.Helper()
	var result struct{ Height string }
	get(t, address, `/broadcast_tx_commit?tx="alone=1"`, &result)
	return result.Height
}

// shapeOf is JSON with every value replaced by its kind.
func shapeOf(value any) any {
	switch value := value.(type) {
	case map[string]any:
		shape := map[string]any{}
		for key, each := range value {
			shape[key] = shapeOf(each)
		}
		return shape
	case []any:
		shape := make([]any, len(value))
		for index, each := range value {
			shape[index] = shapeOf(each)
		}
		return shape
	default:
		return fmt.Sprintf("%T", value)
	}
}

func TestQuestionsAreAnsweredInTheFormOfTheRelease(t *testing.T) {
	release, ours := bothBuilds(t)
	heights := map[string]string{release: heightOf(t, release), ours: heightOf(t, ours)}
	query := func(address, path string) (rpcAnswer, any) {
		request, err := http.NewRequest(http.MethodGet, "http://"+address+strings.ReplaceAll(path, "HEIGHT", heights[address]), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := ask(t, address, request)
		var value any
		if err := json.Unmarshal([]byte(answer.body), &value); err != nil {
			value = answer.body
		}
		answer.body = ""
		answer.header.Del("Content-Length")
		return answer, shapeOf(value)
	}
	for _, path := range []string{
		"/", "/nothing", `/broadcast_tx_sync?tx="n=1"`, `/broadcast_tx_commit?tx="n=2"`, `/broadcast_tx_async?tx="n=3"`, `/check_tx?tx="n=4"`, "/broadcast_tx_sync",
		"/block?height=HEIGHT", "/block_results?height=HEIGHT", "/commit?height=1", "/validators?height=1", "/header?height=1", "/blockchain?minHeight=1&maxHeight=2",
		"/block?height=99999999", "/block?height=x", "/status", "/health", "/abci_info", "/abci_query?data=0x61", "/consensus_params", "/genesis",
		"/genesis_chunked", "/num_unconfirmed_txs", "/net_info", `/tx_search?query="tx.height=HEIGHT"`, `/block_search?query="block.height=1"`, "/tx?hash=0x00",
	} {
		wanted, wantedShape := query(release, path)
		got, gotShape := query(ours, path)
		if !reflect.DeepEqual(got, wanted) || !reflect.DeepEqual(gotShape, wantedShape) {
			t.Errorf("%s\nthe release: %v %v\nours:        %v %v", path, wanted, wantedShape, got, gotShape)
		}
	}
}
