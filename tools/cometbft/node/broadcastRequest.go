package main

import (
	"bytes"
	"encoding/base64"
	"strings"

	"github.com/cometbft/cometbft/types"
)

// broadcast is a request of broadcast_tx_sync.
type broadcast struct {
	// id is JSON: a number that is a safe integer, or a text that JSON does not escape.
	id []byte
	tx types.Tx
}

// The parts of a request, all of which it has, in any order. Of one that is there twice the last counts, here and for the release.
const (
	versionPart = 1 << iota
	idPart
	methodPart
	paramsPart
	allParts = 1<<iota - 1
)

// mostDigits is how many digits an id may have. Those of the release are floating point numbers on their way.
const mostDigits = 15

// parseBroadcasts reads a body that asks for broadcast_tx_sync and nothing else, once or as a list, in the form in which clients write it:
// no escapes, no other members, parameters by name. Of every other body, whether it is JSON or not, it says nothing.
func parseBroadcasts(body []byte) []broadcast {
	reader := broadcastReader{rest: body}
	var read []broadcast
	if reader.takes('[') {
		for more := true; more && !reader.failed; more = reader.takes(',') {
			read = append(read, reader.request())
		}
		reader.take(']')
	} else {
		read = append(read, reader.request())
	}
	if len(bytes.Trim(reader.rest, space)) > 0 || reader.failed {
		return nil
	}
	return read
}

// broadcastReader reads the rest of a body. What it returns after it has failed says nothing.
type broadcastReader struct {
	rest   []byte
	failed bool
}

func (r *broadcastReader) request() (read broadcast) {
	r.take('{')
	parts := 0
	for more := true; more && !r.failed; more = r.takes(',') {
		part := 0
		key := string(r.word())
		r.take(':')
		switch key {
		case "jsonrpc":
			part = versionPart
			r.wordIs("2.0")
		case "id":
			part = idPart
			read.id = r.id()
		case "method":
			part = methodPart
			r.wordIs("broadcast_tx_sync")
		case "params":
			part = paramsPart
			read.tx = r.params()
		}
		r.failed = r.failed || part == 0
		parts |= part
	}
	r.take('}')
	r.failed = r.failed || parts != allParts
	return read
}

func (r *broadcastReader) params() types.Tx {
	r.take('{')
	r.failed = r.failed || string(r.word()) != "tx"
	r.take(':')
	encoded := r.text()
	r.take('}')
	// Base64 passes over the ends of lines, of which JSON has none in a text.
	if r.failed || len(encoded) == 0 || bytes.ContainsAny(encoded, "\r\n") {
		r.failed = true
		return nil
	}
	tx := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	size, err := base64.StdEncoding.Decode(tx, encoded)
	r.failed = err != nil
	return tx[:size]
}

func (r *broadcastReader) id() []byte {
	r.skipSpace()
	if start := r.rest; len(start) > 0 && start[0] == '"' {
		r.word()
		return start[:len(start)-len(r.rest)]
	}
	digits := 0
	for digits < len(r.rest) && r.rest[digits] >= '0' && r.rest[digits] <= '9' {
		digits++
	}
	id := r.rest[:digits]
	r.rest = r.rest[digits:]
	r.failed = r.failed || digits == 0 || digits > mostDigits || digits > 1 && id[0] == '0'
	return id
}

func (r *broadcastReader) wordIs(wanted string) {
	r.failed = r.failed || string(r.word()) != wanted
}

// word reads a text of letters, digits and what names are made of, none of which JSON escapes in either direction.
func (r *broadcastReader) word() []byte {
	text := r.text()
	for _, sign := range text {
		switch {
		case sign >= 'a' && sign <= 'z', sign >= 'A' && sign <= 'Z', sign >= '0' && sign <= '9', sign == '_', sign == '-', sign == '.', sign == ':':
		default:
			r.failed = true
		}
	}
	return text
}

// text reads up to the next quotation mark.
func (r *broadcastReader) text() []byte {
	r.take('"')
	end := bytes.IndexByte(r.rest, '"')
	if end < 0 {
		r.failed = true
		return nil
	}
	text := r.rest[:end]
	r.rest = r.rest[end+1:]
	return text
}

func (r *broadcastReader) take(sign byte) {
	if !r.takes(sign) {
		r.failed = true
	}
}

// takes tells whether the next sign is this one, and reads it if so.
func (r *broadcastReader) takes(sign byte) bool {
	r.skipSpace()
	if len(r.rest) == 0 || r.rest[0] != sign {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *broadcastReader) skipSpace() {
	for len(r.rest) > 0 && strings.IndexByte(space, r.rest[0]) >= 0 {
		r.rest = r.rest[1:]
	}
}
