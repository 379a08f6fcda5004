package abciclient

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

func randomEvents(random *rand.Rand) []types.Event {
	var events []types.Event
	for index := range random.Intn(4) {
		event := types.Event{Type: fmt.Sprint("event", index)}
		for range random.Intn(4) {
			event.Attributes = append(event.Attributes, types.EventAttribute{Key: strings.Repeat("k", random.Intn(3)), Value: "v", Index: random.Intn(2) == 0})
		}
		events = append(events, event)
	}
	return events
}

func randomAnswer(random *rand.Rand) *types.ResponseFinalizeBlock {
	answer := &types.ResponseFinalizeBlock{Events: randomEvents(random), AppHash: []byte(strings.Repeat("h", random.Intn(33)))}
	for range random.Intn(6) {
		answer.TxResults = append(answer.TxResults, &types.ExecTxResult{
			Code: uint32(random.Intn(3)), Data: make([]byte, random.Intn(200)), Log: strings.Repeat("l", random.Intn(3)), Info: "i",
			GasWanted: random.Int63() - random.Int63(), GasUsed: random.Int63n(2), Events: randomEvents(random), Codespace: "sdk",
		})
	}
	if random.Intn(2) == 0 {
		answer.ValidatorUpdates = []types.ValidatorUpdate{types.Ed25519ValidatorUpdate(make([]byte, 32), random.Int63())}
		answer.ConsensusParamUpdates = &cmtproto.ConsensusParams{Block: &cmtproto.BlockParams{MaxBytes: random.Int63(), MaxGas: -1}}
	}
	return answer
}

// encodedAnswer has been through the encoding once, so that what is empty is as a decoder leaves it.
func encodedAnswer(t *testing.T, answer *types.ResponseFinalizeBlock) (encoded []byte, decoded types.ResponseFinalizeBlock) {
	t.Helper()
	encoded, err := answer.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := decoded.Unmarshal(encoded); err != nil {
		t.Fatal(err)
	}
	return encoded, decoded
}

func TestAnswersAreDecodedButForTheEventsOfTransactions(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 2000 {
		encoded, wanted := encodedAnswer(t, randomAnswer(random))
		for _, result := range wanted.TxResults {
			result.Events = nil
		}
		got, err := decodeWithoutEvents(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(*got, wanted) {
			t.Fatalf("got %v, expected %v", got, wanted)
		}
	}
}

func TestAnswersThatAreCutOffAreRefused(t *testing.T) {
	encoded, _ := encodedAnswer(t, &types.ResponseFinalizeBlock{TxResults: []*types.ExecTxResult{{Data: []byte("d"), Events: []types.Event{{Type: "e"}}}}})
	for length := 1; length < len(encoded); length++ {
		if answer, err := decodeWithoutEvents(encoded[:length]); err == nil {
			t.Errorf("%x is read as %v", encoded[:length], answer)
		}
	}
}

// finalizing answers FinalizeBlock with a transaction of one event, whose type names the block's height.
func finalizing(request *types.Request) *types.Response {
	block := request.GetFinalizeBlock()
	if block == nil {
		return echoing(request)
	}
	return types.ToResponseFinalizeBlock(&types.ResponseFinalizeBlock{
		AppHash:   []byte("hash"),
		TxResults: []*types.ExecTxResult{{Data: []byte("data"), Events: []types.Event{{Type: fmt.Sprint("height ", block.Height)}}}},
	})
}

func TestEventsAreLeftOutOfAnswersAndHeldForThoseWhoWantThem(t *testing.T) {
	client := startClient(t, startServer(t, finalizing))
	finalize := func(height int64) *types.ResponseFinalizeBlock {
		t.Helper()
		answer, err := client.FinalizeBlock(within(t), &types.RequestFinalizeBlock{Height: height})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	if answer := finalize(6); len(answer.TxResults[0].Events) != 1 {
		t.Errorf("events are left out before anyone said so: %v", answer)
	}
	if _, encoded := client.results.Encoded(); encoded != nil {
		t.Errorf("an answer with its events is held: %x", encoded)
	}
	client.results.LeaveOutEvents()
	for height := int64(7); height < 9; height++ {
		answer := finalize(height)
		if result := answer.TxResults[0]; len(result.Events) != 0 || string(result.Data) != "data" || string(answer.AppHash) != "hash" {
			t.Errorf("got %v", answer)
		}
		// What comes after it on the connection does not lie in the same memory.
		if _, err := client.Echo(within(t), strings.Repeat("x", 100)); err != nil {
			t.Fatal(err)
		}
		wanted := finalizing(types.ToRequestFinalizeBlock(&types.RequestFinalizeBlock{Height: height})).GetFinalizeBlock()
		bytesWanted, _ := encodedAnswer(t, wanted)
		if held, encoded := client.results.Encoded(); held != height || !bytes.Equal(encoded, bytesWanted) {
			t.Errorf("block %d has %x, expected %x", held, encoded, bytesWanted)
		}
		for range 2 {
			whole, err := client.results.Whole(height)
			if err != nil || whole.TxResults[0].Events[0].Type != fmt.Sprint("height ", height) {
				t.Errorf("block %d has the results %v, %v", height, whole, err)
			}
		}
		if whole, err := client.results.Whole(height - 1); whole != nil || err != nil {
			t.Errorf("results of a block before: %v, %v", whole, err)
		}
	}
}
