package main

import (
	"bytes"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/config"
)

// genesisKey is where CometBFT keeps a copy of the genesis document in the database of its state.
var genesisKey = []byte("genesisDoc")

// openDatabase opens a database as CometBFT does; that of the state without the copy of the genesis document.
func openDatabase(context *config.DBContext) (dbm.DB, error) {
	opened, err := config.DefaultDBProvider(context)
	if err != nil || context.ID != "state" {
		return opened, err
	}
	return stateDatabase{opened}, nil
}

// stateDatabase keeps no copy of the genesis document and reads none, so that a node takes it from its file at every start. The copy is one
// value of tens of megabytes between small ones: every compaction of the first blocks' values reads, packs and writes it again. A copy that
// the release has made stays where it is.
type stateDatabase struct{ dbm.DB }

// Get answers that there is no copy of the genesis document, and everything else as it is.
func (db stateDatabase) Get(key []byte) ([]byte, error) {
	if bytes.Equal(key, genesisKey) {
		return nil, nil
	}
	return db.DB.Get(key)
}

// SetSync drops the copy of the genesis document and writes everything else.
func (db stateDatabase) SetSync(key, value []byte) error {
	if bytes.Equal(key, genesisKey) {
		return nil
	}
	return db.DB.SetSync(key, value)
}
