package abciclient

import (
	"slices"
	"sync"
	"time"
)

const (
	// longestHold is how long checks wait for a block that comes to no commit, or takes its time.
	longestHold = 250 * time.Millisecond
	// mostHeld is how many checks are held back at most.
	mostHeld = 4096
)

// Gate holds checks of new transactions back while a block is applied. What the application checks before it has committed a block it must check
// again, and before the commit a mempool waits for every check that is under way. What is held back goes in its order once the mempool knows of
// the block; before that if it waits for too long or becomes too much. The clients of an application share a gate, which never shuts while nobody
// uses it.
type Gate struct {
	mutex sync.Mutex
	used  bool
	shut  bool
	// kept means that nobody but Open may open it.
	kept  bool
	held  []heldCheck
	timer *time.Timer
}

// heldCheck is a call and the client whose it is.
type heldCheck struct {
	client *Client
	call   *call
}

// Use makes the gate shut from now on when a block's turn begins. Whoever calls it opens the gate after each.
func (g *Gate) Use() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.used = true
}

// Keep makes a gate that is shut wait for Open, however long that takes.
func (g *Gate) Keep() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.kept = g.shut
}

// Open lets go of all that is held back.
func (g *Gate) Open() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.kept = false
	g.open()
}

func (g *Gate) close() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if !g.used {
		return
	}
	g.shut = true
	if g.timer == nil {
		g.timer = time.AfterFunc(longestHold, g.openUnlessKept)
	}
	g.timer.Reset(longestHold)
}

func (g *Gate) openUnlessKept() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if !g.kept {
		g.open()
	}
}

// holds tells whether a call is held back.
func (g *Gate) holds(client *Client, next *call) bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if len(g.held) == mostHeld && !g.kept {
		g.open()
	}
	if g.shut {
		g.held = append(g.held, heldCheck{client, next})
	}
	return g.shut
}

// giveUp ends the calls of a client.
func (g *Gate) giveUp(client *Client) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.held = slices.DeleteFunc(g.held, func(each heldCheck) bool {
		if each.client == client {
			each.call.end()
		}
		return each.client == client
	})
}

func (g *Gate) open() {
	g.shut = false
	for _, each := range g.held {
		each.client.putHeld(each.call)
	}
	clear(g.held)
	g.held = g.held[:0]
}
