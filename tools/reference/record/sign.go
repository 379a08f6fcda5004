package main

import (
	"context"
	"crypto/sha256"
	"slices"

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
	// Added to the right sequence.
	slip uint64
}

// signedTx is a transaction with what the recording says of its signer.
type signedTx struct {
	name             string
	signer           *account
	number, sequence uint64
	hash             [32]byte
	bytes            []byte
	raw              tx.TxRaw
	envelope         envelope
}

// sign signs in mode DIRECT with the account's number and sequence after the last block. At genesis both are 0, but a chain that does not begin at height 1
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
	signed.sequence += e.slip
	config := w.app.TxConfig
	builder := config.NewTxBuilder()
	if err := builder.SetMsgs(e.messages...); err != nil {
		return nil, err
	}
	builder.SetGasLimit(e.gas)
	builder.SetFeeAmount(e.fee)
	builder.SetFeeGranter(e.granter)
	builder.SetMemo(e.memo)
	builder.SetTimeoutHeight(e.timeout)
	single := &signing.SingleSignatureData{SignMode: signing.SignMode_SIGN_MODE_DIRECT}
	signature := signing.SignatureV2{PubKey: signer.key.PubKey(), Data: single, Sequence: signed.sequence}
	if err := builder.SetSignatures(signature); err != nil {
		return nil, err
	}
	data := authsigning.SignerData{
		Address: signer.address().String(), ChainID: w.plan.chainID, AccountNumber: signed.number, Sequence: signed.sequence, PubKey: signer.key.PubKey(),
	}
	signBytes, err := authsigning.GetSignBytesAdapter(
		context.Background(), config.SignModeHandler(), signing.SignMode_SIGN_MODE_DIRECT, data, builder.GetTx(),
	)
	if err != nil {
		return nil, err
	}
	signed.hash = sha256.Sum256(signBytes)
	if single.Signature, err = signer.key.Sign(signBytes); err != nil {
		return nil, err
	}
	if err := builder.SetSignatures(signature); err != nil {
		return nil, err
	}
	if signed.bytes, err = config.TxEncoder()(builder.GetTx()); err != nil {
		return nil, err
	}
	return signed, signed.raw.Unmarshal(signed.bytes)
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
