package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	rpccore "github.com/cometbft/cometbft/rpc/core"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	rpcserver "github.com/cometbft/cometbft/rpc/jsonrpc/server"
	rpctypes "github.com/cometbft/cometbft/rpc/jsonrpc/types"
	"github.com/cometbft/cometbft/types"
)

const (
	// chunkBytes is how much of the genesis document one answer of genesis_chunked holds, before base64.
	chunkBytes = 16 << 20
	// keepGenesis is how long the document stays in memory after it was last asked for: long enough to fetch all chunks in turn.
	keepGenesis = 30 * time.Second
)

// errLargeGenesis is the answer to genesis when the document does not fit into one chunk.
var errLargeGenesis = errors.New("the genesis document is large, ask genesis_chunked for it")

// genesisFile answers the RPC's questions for the genesis document from its file. The release holds the document and its chunks for good,
// which with a hundred thousand accounts is more than everything else it holds. It is safe for use by many goroutines, and reads one copy
// for all of them.
type genesisFile struct {
	path string

	mutex  sync.Mutex
	read   *genesisAnswers
	forget *time.Timer
}

// genesisAnswers is what the RPC says about a genesis document.
type genesisAnswers struct {
	document *types.GenesisDoc
	chunks   []string
}

func newGenesisFile(path string) *genesisFile { return &genesisFile{path: path} }

// replaceRoutes puts the answers from the file in the place of the release's.
func (g *genesisFile) replaceRoutes(routes rpccore.RoutesMap) {
	routes["genesis"] = rpcserver.NewRPCFunc(g.whole, "", rpcserver.Cacheable())
	routes["genesis_chunked"] = rpcserver.NewRPCFunc(g.chunk, "chunk", rpcserver.Cacheable())
}

func (g *genesisFile) whole(*rpctypes.Context) (*coretypes.ResultGenesis, error) {
	answers, err := g.answers()
	if err != nil {
		return nil, err
	}
	if len(answers.chunks) > 1 {
		return nil, errLargeGenesis
	}
	return &coretypes.ResultGenesis{Genesis: answers.document}, nil
}

func (g *genesisFile) chunk(_ *rpctypes.Context, number uint) (*coretypes.ResultGenesisChunk, error) {
	answers, err := g.answers()
	if err != nil {
		return nil, err
	}
	total := len(answers.chunks)
	if number >= uint(total) {
		return nil, fmt.Errorf("the genesis document has chunks 0 to %d, got %d", total-1, number)
	}
	return &coretypes.ResultGenesisChunk{ChunkNumber: int(number), TotalChunks: total, Data: answers.chunks[number]}, nil
}

func (g *genesisFile) answers() (*genesisAnswers, error) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.read == nil {
		read, err := readGenesisAnswers(g.path)
		if err != nil {
			return nil, err
		}
		g.read = read
		g.forget = time.AfterFunc(keepGenesis, g.drop)
	}
	g.forget.Reset(keepGenesis)
	return g.read, nil
}

func (g *genesisFile) drop() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.read = nil
}

func readGenesisAnswers(path string) (*genesisAnswers, error) {
	document, err := types.GenesisDocFromFile(path)
	if err != nil {
		return nil, err
	}
	text, err := cmtjson.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("cannot write the genesis document as JSON: %w", err)
	}
	answers := &genesisAnswers{document: document}
	for start := 0; start < len(text); start += chunkBytes {
		answers.chunks = append(answers.chunks, base64.StdEncoding.EncodeToString(text[start:min(start+chunkBytes, len(text))]))
	}
	return answers, nil
}
