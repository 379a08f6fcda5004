package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/types/query"
)

var errAnswer = errors.New("a query failed")

// everything on one page.
var everything = &query.PageRequest{Limit: 100_000}

// ask puts a query to the state after the last block.
func (w *world) ask(path string, request, answer codec.ProtoMarshaler) error {
	data, err := w.app.Codec.Marshal(request)
	if err != nil {
		return err
	}
	got, err := w.app.Query(context.Background(), &abci.RequestQuery{Path: path, Data: data})
	if err != nil {
		return err
	}
	if got.Code != 0 {
		return fmt.Errorf("%w: %s: %s", errAnswer, path, got.Log)
	}
	return w.app.Codec.Unmarshal(got.Value, answer)
}

func isNotFound(err error) bool {
	return errors.Is(err, errAnswer) && strings.Contains(err.Error(), "not found")
}
