// Command record lives a random but repeatable life with a chain of the Cosmos SDK and writes down what the chain was given and what came of it, in the
// form that `hanzod selftest --replay` reads. Validators are virtual: there is no CometBFT.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	seed := flag.Int64("seed", 1, "what decides everything")
	blocks := flag.Int64("blocks", 200, "number of blocks")
	out := flag.String("out", "", "folder for the recording; it must exist")
	flag.Parse()
	if *out == "" || *blocks < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := record(*seed, *blocks, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func record(seed, blocks int64, out string) error {
	world, err := newWorld(seed)
	if err != nil {
		return err
	}
	// One in three has lived before, and begins with what was exported then.
	if world.oneIn(3) {
		if err := world.live(world.between(20, 120)); err != nil {
			return err
		}
		if after, err := world.reborn(); err == nil {
			world = after
		}
	}
	if err := world.live(blocks); err != nil {
		return err
	}
	return world.write(out)
}

func (w *world) live(blocks int64) error {
	for range blocks {
		if err := w.nextBlock(); err != nil {
			return fmt.Errorf("height %d: %w", w.height+1, err)
		}
	}
	return nil
}
