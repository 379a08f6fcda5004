package main

import (
	"reflect"

	"github.com/cometbft/cometbft/consensus"
	"github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/state"
)

// fieldOf returns the unexported field of a struct behind a pointer, to be read and set; nil where a release has no field of that name and type.
// A node is made with everything in it, and hands out little: it is for parts that are interfaces, of a node that was not started yet.
func fieldOf[T any](owner any, name string) *T {
	field := reflect.ValueOf(owner).Elem().FieldByName(name)
	if !field.IsValid() || field.Type() != reflect.TypeFor[T]() {
		return nil
	}
	return (*T)(field.Addr().UnsafePointer())
}

// consensusOf returns what decides a node's blocks, and what applies them; nil where a release keeps either elsewhere.
func consensusOf(made *node.Node) (*consensus.State, *state.BlockExecutor) {
	decides := fieldOf[*consensus.State](made, "consensusState")
	if decides == nil {
		return nil, nil
	}
	applies := fieldOf[*state.BlockExecutor](*decides, "blockExec")
	if applies == nil {
		return nil, nil
	}
	return *decides, *applies
}
