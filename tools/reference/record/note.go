package main

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/tmhash"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
)

func text(number int64) string { return strconv.FormatInt(number, 10) }

func timeText(when time.Time) string { return when.UTC().Format(time.RFC3339Nano) }

// note writes a block and its transactions down.
func (w *world) note(request *abci.RequestFinalizeBlock, found []evidence, response *abci.ResponseFinalizeBlock, signed []*signedTx) {
	hashes, votes, misbehavior, updates := []any{}, []any{}, []any{}, []any{}
	for index, tx := range signed {
		hashes = append(hashes, upperHex(tmhash.Sum(tx.bytes)))
		w.txs = append(w.txs, w.txNote(tx, response.TxResults[index], index))
	}
	for _, vote := range request.DecidedLastCommit.Votes {
		votes = append(votes, []any{upperHex(vote.Validator.Address), text(vote.Validator.Power), int(vote.BlockIdFlag)})
	}
	for _, found := range found {
		misbehavior = append(misbehavior, found.note())
	}
	for _, update := range response.ValidatorUpdates {
		updates = append(updates, []any{keyText(update), text(update.Power)})
	}
	block := map[string]any{
		"height": request.Height, "time": timeText(request.Time), "hash": upperHex(request.Hash), "proposer_address": upperHex(request.ProposerAddress),
		"next_validators_hash": upperHex(request.NextValidatorsHash), "last_commit_round": 0, "votes": votes, "misbehavior": misbehavior,
		"txs": hashes, "events": eventNotes(response.Events), "validator_updates": updates,
	}
	if update := response.ConsensusParamUpdates; update != nil && !update.Equal(w.params) {
		block["consensus_param_updates"] = paramsNote(update)
		w.params = update
	}
	w.blocks = append(w.blocks, block)
	w.appHashes[text(request.Height)] = upperHex(response.AppHash)
}

func (w *world) txNote(tx *signedTx, result *abci.ExecTxResult, index int) map[string]any {
	messages := []any{}
	for _, message := range tx.envelope.messages {
		messages = append(messages, w.messageNote(message))
	}
	signed, signatures := []any{}, []any{}
	for at, part := range tx.signers {
		signed, signatures = append(signed, part.note()), append(signatures, lowerHex(tx.raw.Signatures[at]))
	}
	return map[string]any{
		"name": tx.name, "hash": upperHex(tmhash.Sum(tx.bytes)), "height": w.height, "index": index,
		"signed":     signed,
		"body_bytes": lowerHex(tx.raw.BodyBytes), "auth_info_bytes": lowerHex(tx.raw.AuthInfoBytes), "signatures": signatures,
		"messages": messages, "fee": map[string]any{
			"amount": coinNotes(tx.envelope.fee), "gas_limit": strconv.FormatUint(tx.envelope.gas, 10), "payer": tx.envelope.payer.String(), "granter": tx.envelope.granter.String(),
		},
		"result": map[string]any{
			"code": result.Code, "codespace": result.Codespace, "data": lowerHex(result.Data), "log": strings.ToValidUTF8(result.Log, "\ufffd"),
			"info": result.Info, "gas_wanted": text(result.GasWanted), "gas_used": text(result.GasUsed), "events": eventNotes(result.Events),
		},
	}
}

// note has the document that was signed: as text in mode LEGACY_AMINO_JSON, else its hash.
func (s *signature) note() map[string]any {
	note := map[string]any{
		"address": s.by.address().String(), "mode": s.mode.String(), "account_number": strconv.FormatUint(s.number, 10),
		"sequence": strconv.FormatUint(s.sequence, 10),
	}
	if s.mode == signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON {
		note["sign_bytes_utf8"] = string(s.document)
	} else {
		hash := sha256.Sum256(s.document)
		note["sign_bytes_sha256"] = lowerHex(hash[:])
	}
	return note
}

// eventNotes shortens events: type, then key and value; only what is not indexed says so.
func eventNotes(events []abci.Event) []any {
	notes := []any{}
	for _, event := range events {
		attributes := []any{}
		for _, attribute := range event.Attributes {
			pair := []any{attribute.Key, attribute.Value}
			if !attribute.Index {
				pair = append(pair, false)
			}
			attributes = append(attributes, pair)
		}
		notes = append(notes, []any{event.Type, attributes})
	}
	return notes
}

func paramsNote(params *cmtproto.ConsensusParams) map[string]any {
	note := map[string]any{"version": map[string]any{}, "abci": map[string]any{}}
	if block := params.Block; block != nil {
		note["block"] = map[string]any{"max_bytes": text(block.MaxBytes), "max_gas": text(block.MaxGas)}
	}
	if evidence := params.Evidence; evidence != nil {
		note["evidence"] = map[string]any{
			"max_age_num_blocks": text(evidence.MaxAgeNumBlocks), "max_age_duration": text(int64(evidence.MaxAgeDuration)), "max_bytes": text(evidence.MaxBytes),
		}
	}
	if validator := params.Validator; validator != nil {
		note["validator"] = map[string]any{"pub_key_types": validator.PubKeyTypes}
	}
	return note
}

func (w *world) jsonOf(message codec.ProtoMarshaler) []byte {
	return w.app.Codec.MustMarshalJSON(message)
}
