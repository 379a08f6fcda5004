package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"
)

// write makes the files of the recording. One record stands on a line.
func (w *world) write(folder string) error {
	exported, err := w.export()
	if err != nil {
		return err
	}
	questions, err := w.questions()
	if err != nil {
		return err
	}
	overGrpc, overRest, err := w.call()
	if err != nil {
		return err
	}
	names := numbers{}
	for _, one := range w.plan.accounts {
		names[one.name] = one.address().String()
	}
	files := []struct {
		name, list string
		records    []any
		more       numbers
	}{
		{"blocks", "blocks", w.blocks, nil},
		{"tx", "txs", w.txs, nil},
		{"staking", "heights", w.staking.rows, numbers{"delegators": names}},
		{"distribution", "heights", w.distr.rows, numbers{"delegators": names}},
		{"abci", "abci_query", questions, numbers{"grpc": overGrpc}},
		{"rest", "requests", overRest, numbers{"default_headers": numbers{}}},
		{"genesis", "", nil, numbers{
			"app_hashes": w.appHashes, "validators_after_init_chain": w.begun, "genesis": w.document(w.plan.initialHeight, w.state), "exported": exported,
		}},
	}
	for _, file := range files {
		if err := w.writeFile(filepath.Join(folder, file.name+".json"), file.list, file.records, file.more); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) writeFile(path, list string, records []any, more numbers) error {
	head := numbers{"chain_id": w.plan.chainID, "sdk": "0.53.8", "final_height": w.height}
	for name, value := range more {
		head[name] = value
	}
	content := encode(head)
	if list != "" {
		lines := make([][]byte, len(records))
		for at, record := range records {
			lines[at] = encode(record)
		}
		content = append(bytes.TrimSuffix(content, []byte("}")), `,"`+list+"\":[\n"...)
		content = append(append(content, bytes.Join(lines, []byte(",\n"))...), "\n]}"...)
	}
	return os.WriteFile(path, append(content, '\n'), 0o644)
}

func encode(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

func (w *world) document(height int64, state []byte) numbers {
	params := w.plan.consensus.ToProto()
	if height > w.height {
		params = *w.params
	}
	return numbers{
		"genesis_time": timeText(w.plan.genesisTime), "chain_id": w.plan.chainID, "initial_height": height, "app_state": json.RawMessage(state),
		"consensus": numbers{"params": paramsNote(&params)},
	}
}

func (w *world) export() (numbers, error) {
	state, err := w.app.ModuleManager.ExportGenesis(w.app.NewContext(true), w.app.Codec)
	if err != nil {
		return nil, err
	}
	whole, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	return w.document(w.height+1, whole), nil
}

// messageNote is a message with its type, and with its fields unless they have no JSON.
func (w *world) messageNote(message sdk.Msg) any {
	fields := map[string]json.RawMessage{}
	if written, err := w.app.Codec.MarshalJSON(message.(codec.ProtoMarshaler)); err == nil {
		if err := json.Unmarshal(written, &fields); err != nil {
			panic(err)
		}
	}
	fields["@type"] = json.RawMessage(`"/` + proto.MessageName(message) + `"`)
	return fields
}
