package main

import (
	"bytes"
	"fmt"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/config"
	cmtstate "github.com/cometbft/cometbft/proto/tendermint/state"

	"hanzo.network/tools/cometbft/abciclient"
)

var (
	// genesisKey is where CometBFT keeps a copy of the genesis document in the database of its state.
	genesisKey = []byte("genesisDoc")
	// lastResultsKey is where it keeps the results of the last block, for a start after the application alone has committed it.
	lastResultsKey = []byte("lastABCIResponseKey")
)

// resultsKey is where it keeps the results of a block.
func resultsKey(height int64) []byte { return fmt.Appendf(nil, "abciResponsesKey:%d", height) }

// databasesWith opens databases as CometBFT does; that of the state as a stateDatabase.
func databasesWith(results *abciclient.Results, writes *beside) config.DBProvider {
	return func(context *config.DBContext) (dbm.DB, error) {
		opened, err := config.DefaultDBProvider(context)
		if err != nil || context.ID != "state" {
			return opened, err
		}
		return stateDatabase{opened, results, writes}, nil
	}
}

// stateDatabase keeps no copy of the genesis document and reads none, so that a node takes it from its file at every start. The copy is one
// value of tens of megabytes between small ones: every compaction of the first blocks' values reads, packs and writes it again. A copy that
// the release has made stays where it is.
//
// Of a block whose results have no events of transactions it keeps the results of its height as the application sent them, and those of the
// last block without: the same once, where the release encodes and keeps it twice.
type stateDatabase struct {
	dbm.DB
	results *abciclient.Results
	writes  *beside
}

// Get answers that there is no copy of the genesis document, gives the last results the events that their height has, and answers everything
// else as it is.
func (db stateDatabase) Get(key []byte) ([]byte, error) {
	if bytes.Equal(key, genesisKey) {
		return nil, nil
	}
	value, err := db.DB.Get(key)
	if err != nil || len(value) == 0 || !bytes.Equal(key, lastResultsKey) {
		return value, err
	}
	return db.withEvents(value)
}

// withEvents is what the release would keep as the last results. Where it cannot be read, or the results of the height are not there, it is
// what it was.
func (db stateDatabase) withEvents(last []byte) ([]byte, error) {
	var info cmtstate.ABCIResponsesInfo
	if info.Unmarshal(last) != nil || info.ResponseFinalizeBlock == nil {
		return last, nil
	}
	encoded, err := db.DB.Get(resultsKey(info.Height))
	if err != nil || len(encoded) == 0 {
		return last, err
	}
	info.ResponseFinalizeBlock.Reset()
	if err := info.ResponseFinalizeBlock.Unmarshal(encoded); err != nil {
		return nil, err
	}
	return info.Marshal()
}

// Set writes results as the application sent them, and everything else as it is.
func (db stateDatabase) Set(key, value []byte) error {
	if height, encoded := db.results.Encoded(); encoded != nil && bytes.Equal(key, resultsKey(height)) {
		return db.writes.do(func() error { return db.DB.Set(key, encoded) })
	}
	return db.DB.Set(key, value)
}

// SetSync drops the copy of the genesis document, and writes the last results behind those of their height, and everything else.
func (db stateDatabase) SetSync(key, value []byte) error {
	if bytes.Equal(key, genesisKey) {
		return nil
	}
	if bytes.Equal(key, lastResultsKey) {
		return db.writes.do(func() error { return db.DB.SetSync(key, value) })
	}
	return db.DB.SetSync(key, value)
}
