package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/libs/log"
	"github.com/cometbft/cometbft/node"
	rpccore "github.com/cometbft/cometbft/rpc/core"
	"github.com/cometbft/cometbft/types"
)

// putState gives a chain's genesis an application's state of so many bytes, and characters that JSON escapes.
func putState(t *testing.T, settings *config.Config, size int) {
	t.Helper()
	document, err := types.GenesisDocFromFile(settings.GenesisFile())
	if err != nil {
		t.Fatal(err)
	}
	document.AppState = json.RawMessage(fmt.Sprintf(`{"memo":"<&>é","filling":"%s"}`, bytes.Repeat([]byte("x"), size)))
	if err := document.SaveAs(settings.GenesisFile()); err != nil {
		t.Fatal(err)
	}
}

func TestGenesisAnswersAreThoseOfTheRelease(t *testing.T) {
	for _, size := range []int{0, chunkBytes + 5} {
		settings := chainOfOne(t)
		putState(t, settings, size)
		document, err := types.GenesisDocFromFile(settings.GenesisFile())
		if err != nil {
			t.Fatal(err)
		}
		release := rpccore.Environment{GenDoc: document}
		if err := release.InitGenesisChunks(); err != nil {
			t.Fatal(err)
		}
		ours := newGenesisFile(settings.GenesisFile())
		total := uint(0)
		for ; ; total++ {
			wanted, refusal := release.GenesisChunked(nil, total)
			got, err := ours.chunk(nil, total)
			if (err == nil) != (refusal == nil) {
				t.Fatalf("%d bytes, chunk %d: %v, the release says %v", size, total, err, refusal)
			}
			if err != nil {
				break
			}
			if *got != *wanted {
				t.Fatalf("%d bytes, chunk %d of %d differs from the release's", size, total, wanted.TotalChunks)
			}
		}
		wanted, refusal := release.Genesis(nil)
		got, err := ours.whole(nil)
		if (err == nil) != (refusal == nil) {
			t.Fatalf("%d bytes in %d chunks: %v, the release says %v", size, total, err, refusal)
		}
		if err == nil && !bytes.Equal(got.Genesis.AppState, wanted.Genesis.AppState) {
			t.Errorf("%d bytes: another state than the release's", size)
		}
	}
}

func TestGenesisIsReadOnceAndForgotten(t *testing.T) {
	settings := chainOfOne(t)
	ours := newGenesisFile(settings.GenesisFile())
	if _, err := ours.whole(nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(settings.GenesisFile()); err != nil {
		t.Fatal(err)
	}
	if _, err := ours.chunk(nil, 0); err != nil {
		t.Errorf("the file is read for every question: %v", err)
	}
	ours.drop()
	if _, err := ours.whole(nil); err == nil {
		t.Error("the document is still there after it was dropped")
	}
}

// get asks the RPC of a running node and puts the result into a value.
func get(t *testing.T, address, path string, result any) {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer := struct {
		Result any `json:"result"`
		Error  any `json:"error"`
	}{Result: result}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.Error != nil {
		t.Fatalf("%s: %v", path, answer.Error)
	}
}

func TestGenesisIsServedAndNotHeld(t *testing.T) {
	settings := chainOfOne(t)
	putState(t, settings, 1000)
	made, address := startNode(t, settings)
	if held := made.GenesisDoc().AppState; held != nil {
		t.Errorf("the node holds %d bytes of the genesis", len(held))
	}
	var genesis struct {
		Genesis struct {
			State struct{ Memo string } `json:"app_state"`
		} `json:"genesis"`
	}
	get(t, address, "/genesis", &genesis)
	if memo := genesis.Genesis.State.Memo; memo != "<&>é" {
		t.Errorf("the state in the genesis says %q", memo)
	}
	var chunk struct{ Total string }
	get(t, address, "/genesis_chunked?chunk=0", &chunk)
	if chunk.Total != "1" {
		t.Errorf("the genesis has %s chunks", chunk.Total)
	}
}

func TestReleaseGoesOnWithAHomeThatHasNoCopyOfTheGenesis(t *testing.T) {
	settings := chainOfOne(t)
	// A node that is stopped leaves the index open until its process ends.
	settings.TxIndex.Indexer = "null"
	putState(t, settings, 1000)
	made, _ := startNode(t, settings)
	waitForBlock(t, made)
	if err := made.Stop(); err != nil {
		t.Fatal(err)
	}
	database, err := config.DefaultDBProvider(&config.DBContext{ID: "state", Config: settings})
	if err != nil {
		t.Fatal(err)
	}
	if copied, err := database.Get(genesisKey); err != nil || copied != nil {
		t.Fatalf("the state has a copy of %d bytes, %v", len(copied), err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	settings.RPC.ListenAddress = "tcp://127.0.0.1:0"
	release, err := node.DefaultNewNode(settings, log.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	if len(release.GenesisDoc().AppState) < 1000 {
		t.Error("the release found another genesis")
	}
	if release.BlockStore().Height() == 0 {
		t.Error("the release found no blocks")
	}
}
