package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
)

func encoded(tx string) string { return base64.StdEncoding.EncodeToString([]byte(tx)) }

// decodedByTheRelease reads a body as the release does, as far as broadcasts go; nil for everything else.
func decodedByTheRelease(body []byte) []broadcast {
	var requests []rpctypes.RPCRequest
	if json.Unmarshal(body, &requests) != nil {
		var request rpctypes.RPCRequest
		if json.Unmarshal(body, &request) != nil {
			return nil
		}
		requests = []rpctypes.RPCRequest{request}
	}
	var decoded []broadcast
	for _, request := range requests {
		var params struct{ Tx []byte }
		if request.ID == nil || request.Method != "broadcast_tx_sync" || json.Unmarshal(request.Params, &params) != nil {
			return nil
		}
		id, err := json.Marshal(request.ID)
		if err != nil {
			return nil
		}
		decoded = append(decoded, broadcast{id: id, tx: params.Tx})
	}
	return decoded
}

func FuzzBroadcastsAreReadAsByTheRelease(f *testing.F) {
	for _, body := range broadcastBodies() {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		read := parseBroadcasts(body)
		if read == nil {
			return
		}
		wanted := decodedByTheRelease(body)
		if len(wanted) != len(read) {
			t.Fatalf("%q holds %d broadcasts, read %d", body, len(wanted), len(read))
		}
		for index, each := range read {
			if !bytes.Equal(each.id, wanted[index].id) || !bytes.Equal(each.tx, wanted[index].tx) {
				t.Errorf("%q: number %d is %s %x, read %s %x", body, index, wanted[index].id, wanted[index].tx, each.id, each.tx)
			}
		}
	})
}

func TestUsualBroadcastsAreReadHere(t *testing.T) {
	for body, wanted := range map[string]int{
		syncCall("1", "a=b"):                                                           1,
		"[" + syncCall("1", "a=b") + "]":                                               1,
		"[" + syncCall(`"a"`, "a=b") + "," + syncCall("2", "c") + "]":                  2,
		`{"id":1,"jsonrpc":"2.0","params":{"tx":"YQ=="},"method":"broadcast_tx_sync"}`: 1,
	} {
		if got := len(parseBroadcasts([]byte(body))); got != wanted {
			t.Errorf("%s: %d broadcasts, wanted %d", body, got, wanted)
		}
	}
}

func TestAnswersAreEncodedAsByTheRelease(t *testing.T) {
	hash := bytes.Repeat([]byte{0xab, 1}, 16)
	for _, test := range []struct {
		result *coretypes.ResultBroadcastTx
		err    error
	}{
		{&coretypes.ResultBroadcastTx{Hash: hash}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Code: 5, Codespace: "sdk", Log: "<&> \"é\"\n\u2028"}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Data: []byte{1, 255}}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Log: "[]"}, nil},
		{&coretypes.ResultBroadcastTx{Hash: hash, Codespace: "sdk"}, nil},
		{nil, errors.New("tx already exists in <cache>")},
	} {
		id := rpctypes.JSONRPCIntID(42)
		response := rpctypes.NewRPCSuccessResponse(id, test.result)
		if test.err != nil {
			response = rpctypes.RPCInternalError(id, test.err)
		}
		wanted, err := json.Marshal(response)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendAnswer(nil, []byte("42"), test.result, test.err); !bytes.Equal(got, wanted) {
			t.Errorf("the release: %s\nours:        %s", wanted, got)
		}
	}
}
