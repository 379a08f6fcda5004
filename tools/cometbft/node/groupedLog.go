package main

import (
	"fmt"
	"reflect"

	"github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/consensus"
)

// groupedLog is the consensus's log of what it is about to act on. The release syncs the file for each of its own messages; of the parts of its
// own block this syncs the last one, and with it all before. The proposal, which is signed, is synced before any part counts, and nothing follows
// from a block before its last part: a validator that dies between finds what it would find had it died before it wrote the parts.
type groupedLog struct {
	consensus.WAL
	writes *beside
}

// WriteSync writes a message that is to be acted on, and returns when it and all before it are durable, unless more of its block follows. The end
// of a height is written behind its block.
func (l groupedLog) WriteSync(message consensus.WALMessage) error {
	if _, is := message.(consensus.EndHeightMessage); is {
		return l.writes.do(func() error { return l.WAL.WriteSync(message) })
	}
	if isFollowed(message) {
		return l.Write(message)
	}
	return l.WAL.WriteSync(message)
}

// isFollowed tells whether a message is a part of a block, and not its last. The release has a message and its sender in a type that it keeps to
// itself.
func isFollowed(message consensus.WALMessage) bool {
	envelope := reflect.ValueOf(message)
	if envelope.Kind() != reflect.Struct {
		return false
	}
	content := envelope.FieldByName("Msg")
	if !content.IsValid() || !content.CanInterface() {
		return false
	}
	part, is := content.Interface().(*consensus.BlockPartMessage)
	return is && int64(part.Part.Index)+1 < part.Part.Proof.Total
}

// groupLog opens the log of a node's consensus, which would open it at its start. Where a release keeps it elsewhere, it does so.
func groupLog(decides *consensus.State, settings *config.Config, writes *beside) error {
	log := fieldOf[consensus.WAL](decides, "wal")
	if log == nil {
		return nil
	}
	opened, err := decides.OpenWAL(settings.Consensus.WalFile())
	if err != nil {
		return fmt.Errorf("cannot open the log of the consensus %s: %w", settings.Consensus.WalFile(), err)
	}
	*log = groupedLog{opened, writes}
	return nil
}
