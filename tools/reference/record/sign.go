package main

import (
	"context"
	"slices"
	"time"

	"github.com/cosmos/cosmos-sdk/client"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/crypto/types/multisig"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// envelope is what is around the messages of a transaction.
type envelope struct {
	messages []sdk.Msg
	gas      uint64
	fee      sdk.Coins
	granter  sdk.AccAddress
	payer    sdk.AccAddress
	memo     string
	timeout  uint64
	// Until when it counts; needed where it is unordered.
	until     time.Time
	unordered bool
	mode      signing.SignMode
	// Added to the right sequence.
	slip uint64
	// The keys are left out, or are somebody's.
	keyless, mistaken bool
	// Options that the chain does not know, which a transaction may have or not.
	extension, optional bool
	// The last signature is wrong.
	spoilt bool
}

// signedTx is a transaction with what the recording says of its signers.
type signedTx struct {
	name     string
	signers  []*signature
	bytes    []byte
	raw      tx.TxRaw
	envelope envelope
}

// signature is one signer's part.
type signature struct {
	by               *account
	mode             signing.SignMode
	number, sequence uint64
	document         []byte
	singles          []keySignature
	data             signing.SignatureV2
}

// sign signs for everybody who must.
func (w *world) sign(e envelope) (*signedTx, error) {
	signed := &signedTx{envelope: e}
	builder, err := w.builder(e)
	if err != nil {
		return nil, err
	}
	addresses, err := builder.GetTx().GetSigners()
	if err != nil {
		return nil, err
	}
	var all []signing.SignatureV2
	for at, address := range addresses {
		part, err := w.newSignature(w.accountOf(address), e, at == 0)
		if err != nil {
			return nil, err
		}
		signed.signers, all = append(signed.signers, part), append(all, part.data)
	}
	if err := builder.SetSignatures(all...); err != nil {
		return nil, err
	}
	for at, part := range signed.signers {
		if err := w.fill(part, builder.GetTx()); err != nil {
			return nil, err
		}
		if e.spoilt && at == len(signed.signers)-1 {
			part.singles[0].data.Signature[5] ^= 1
		}
	}
	if err := builder.SetSignatures(all...); err != nil {
		return nil, err
	}
	if signed.bytes, err = w.app.TxConfig.TxEncoder()(builder.GetTx()); err != nil {
		return nil, err
	}
	return signed, signed.raw.Unmarshal(signed.bytes)
}

// newSignature has the account's number and sequence after the last block, and no bytes yet. At genesis both are 0, but a chain that does not begin at
// height 1 looks at the number even there. Whoever is not the first may sign in the other mode.
func (w *world) newSignature(signer *account, e envelope, first bool) (*signature, error) {
	part := &signature{by: signer, mode: e.mode}
	if !first && !e.extension && !e.optional && w.oneIn(3) {
		part.mode = signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	}
	if w.height >= w.plan.initialHeight {
		info, err := w.accountInfo(signer)
		if err != nil {
			return nil, err
		}
		part.number, part.sequence = info.AccountNumber, info.Sequence
	} else if w.plan.initialHeight > 1 {
		part.number = uint64(slices.Index(w.plan.accounts, signer))
	}
	if e.unordered {
		part.sequence = 0
	}
	if first {
		part.sequence += e.slip
	}
	data, singles := w.emptySignature(signer, part.mode)
	part.singles, part.data = singles, signing.SignatureV2{PubKey: signer.pubKey(), Data: data, Sequence: part.sequence}
	if e.keyless {
		part.data.PubKey = nil
	}
	if e.mistaken && signer.threshold == 0 {
		part.data.PubKey = w.anybody().pubKey()
	}
	return part, nil
}

// fill signs with the keys of one signer.
func (w *world) fill(part *signature, unsigned authsigning.Tx) (err error) {
	terms := authsigning.SignerData{
		Address: part.by.address().String(), ChainID: w.plan.chainID, AccountNumber: part.number, Sequence: part.sequence, PubKey: part.by.pubKey(),
	}
	part.document, err = authsigning.GetSignBytesAdapter(context.Background(), w.app.TxConfig.SignModeHandler(), part.mode, terms, unsigned)
	if err != nil {
		return err
	}
	for _, single := range part.singles {
		if single.data.Signature, err = single.key.Sign(part.document); err != nil {
			return err
		}
	}
	return nil
}

// accountOf is who has an address. CONTRACT: there is somebody.
func (w *world) accountOf(address []byte) *account {
	at := slices.IndexFunc(w.plan.accounts, func(one *account) bool { return one.address().Equals(sdk.AccAddress(address)) })
	return w.plan.accounts[at]
}

func (w *world) builder(e envelope) (client.TxBuilder, error) {
	builder := w.app.TxConfig.NewTxBuilder()
	if err := builder.SetMsgs(e.messages...); err != nil {
		return nil, err
	}
	builder.SetGasLimit(e.gas)
	builder.SetFeeAmount(e.fee)
	builder.SetFeeGranter(e.granter)
	builder.SetFeePayer(e.payer)
	builder.SetMemo(e.memo)
	builder.SetTimeoutHeight(e.timeout)
	builder.SetUnordered(e.unordered)
	if !e.until.IsZero() {
		builder.SetTimeoutTimestamp(e.until)
	}
	options, _ := builder.(authtx.ExtensionOptionsTxBuilder)
	unknown, err := codectypes.NewAnyWithValue(&banktypes.MsgSend{})
	if err != nil {
		return nil, err
	}
	if e.extension {
		options.SetExtensionOptions(unknown)
	}
	if e.optional {
		options.SetNonCriticalExtensionOptions(unknown)
	}
	return builder, nil
}

// keySignature is the place for a signature, and the key that fills it.
type keySignature struct {
	key  *secp256k1.PrivKey
	data *signing.SingleSignatureData
}

// emptySignature has places for the keys that sign: of several as many as must, or more, or now and then one too few.
func (w *world) emptySignature(signer *account, mode signing.SignMode) (signing.SignatureData, []keySignature) {
	if signer.threshold == 0 {
		single := &signing.SingleSignatureData{SignMode: mode}
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
		single := &signing.SingleSignatureData{SignMode: mode}
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
