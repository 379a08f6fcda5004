package main

import (
	"context"
	"slices"
	"time"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/crypto/types/multisig"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// envelope is what is around the messages of a transaction.
type envelope struct {
	messages []sdk.Msg
	gas      uint64
	fee      sdk.Coins
	granter  sdk.AccAddress
	memo     string
	timeout  uint64
	// Until when it counts; needed where it is unordered.
	until     time.Time
	unordered bool
	mode      signing.SignMode
	// Added to the right sequence.
	slip uint64
	// One of the signatures is missing or wrong.
	spoilt bool
}

// signedTx is a transaction with what the recording says of its signer.
type signedTx struct {
	name             string
	signer           *account
	number, sequence uint64
	document         []byte
	bytes            []byte
	raw              tx.TxRaw
	envelope         envelope
}

// sign signs with the account's number and sequence after the last block. At genesis both are 0, but a chain that does not begin at height 1
// looks at the number even there.
func (w *world) sign(signer *account, e envelope) (*signedTx, error) {
	signed := &signedTx{signer: signer, envelope: e}
	if w.height >= w.plan.initialHeight {
		info, err := w.accountInfo(signer)
		if err != nil {
			return nil, err
		}
		signed.number, signed.sequence = info.AccountNumber, info.Sequence
	} else if w.plan.initialHeight > 1 {
		signed.number = uint64(slices.Index(w.plan.accounts, signer))
	}
	if e.unordered {
		signed.sequence = 0
	}
	signed.sequence += e.slip
	config := w.app.TxConfig
	builder, err := w.builder(e)
	if err != nil {
		return nil, err
	}
	data, singles := w.emptySignature(signer, e)
	signature := signing.SignatureV2{PubKey: signer.pubKey(), Data: data, Sequence: signed.sequence}
	if err := builder.SetSignatures(signature); err != nil {
		return nil, err
	}
	terms := authsigning.SignerData{
		Address: signer.address().String(), ChainID: w.plan.chainID, AccountNumber: signed.number, Sequence: signed.sequence, PubKey: signer.pubKey(),
	}
	signed.document, err = authsigning.GetSignBytesAdapter(context.Background(), config.SignModeHandler(), e.mode, terms, builder.GetTx())
	if err != nil {
		return nil, err
	}
	for _, single := range singles {
		if single.data.Signature, err = single.key.Sign(signed.document); err != nil {
			return nil, err
		}
	}
	if e.spoilt {
		singles[0].data.Signature[5] ^= 1
	}
	if err := builder.SetSignatures(signature); err != nil {
		return nil, err
	}
	if signed.bytes, err = config.TxEncoder()(builder.GetTx()); err != nil {
		return nil, err
	}
	return signed, signed.raw.Unmarshal(signed.bytes)
}

func (w *world) builder(e envelope) (client.TxBuilder, error) {
	builder := w.app.TxConfig.NewTxBuilder()
	if err := builder.SetMsgs(e.messages...); err != nil {
		return nil, err
	}
	builder.SetGasLimit(e.gas)
	builder.SetFeeAmount(e.fee)
	builder.SetFeeGranter(e.granter)
	builder.SetMemo(e.memo)
	builder.SetTimeoutHeight(e.timeout)
	builder.SetUnordered(e.unordered)
	if !e.until.IsZero() {
		builder.SetTimeoutTimestamp(e.until)
	}
	return builder, nil
}

// keySignature is the place for a signature, and the key that fills it.
type keySignature struct {
	key  *secp256k1.PrivKey
	data *signing.SingleSignatureData
}

// emptySignature has places for the keys that sign: of several as many as must, or more, or now and then one too few.
func (w *world) emptySignature(signer *account, e envelope) (signing.SignatureData, []keySignature) {
	if signer.threshold == 0 {
		single := &signing.SingleSignatureData{SignMode: e.mode}
		return single, []keySignature{{signer.keys[0], single}}
	}
	count := signer.threshold
	if w.oneIn(3) {
		count = int(w.between(int64(count), int64(len(signer.keys))))
	} else if count > 1 && w.oneIn(12) {
		count--
	}
	places := w.Perm(len(signer.keys))[:count]
	slices.Sort(places)
	data := multisig.NewMultisig(len(signer.keys))
	var singles []keySignature
	for _, place := range places {
		single := &signing.SingleSignatureData{SignMode: e.mode}
		multisig.AddSignature(data, single, place)
		singles = append(singles, keySignature{signer.keys[place], single})
	}
	return data, singles
}

// accountInfo has zeros for an account that does not exist: such a signer's transaction fails.
func (w *world) accountInfo(of *account) (*authtypes.BaseAccount, error) {
	var answer authtypes.QueryAccountInfoResponse
	err := w.ask("/cosmos.auth.v1beta1.Query/AccountInfo", &authtypes.QueryAccountInfoRequest{Address: of.address().String()}, &answer)
	if isNotFound(err) {
		return &authtypes.BaseAccount{}, nil
	}
	return answer.Info, err
}
