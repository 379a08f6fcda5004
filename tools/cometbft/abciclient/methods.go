package abciclient

import (
	"context"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
)

// ask sends a request and waits for its answer, which pick takes out of the response.
func ask[T any](ctx context.Context, c *Client, request *types.Request, pick func(*types.Response) *T) (*T, error) {
	pending := newCall(request, func(response *types.Response) bool { return pick(response) != nil })
	if err := c.put(ctx, pending); err != nil {
		return nil, err
	}
	response, err := c.await(ctx, pending)
	if err != nil {
		return nil, err
	}
	return pick(response), nil
}

// CheckTxAsync sends a transaction for checking and does not wait. The answer may come after Linger, that to a new transaction when the gate opens.
func (c *Client) CheckTxAsync(ctx context.Context, request *types.RequestCheckTx) (*abcicli.ReqRes, error) {
	next := newAsyncCall(request)
	if request.Type == types.CheckTxType_New && c.IsRunning() && c.gate.holds(c, next) {
		return next.async, nil
	}
	if err := c.put(ctx, next); err != nil {
		return nil, err
	}
	return next.async, nil
}

// Flush returns when all requests before it are answered and their callbacks have run.
func (c *Client) Flush(ctx context.Context) error {
	_, err := ask(ctx, c, types.ToRequestFlush(), (*types.Response).GetFlush)
	return err
}

// Echo returns the message.
func (c *Client) Echo(ctx context.Context, message string) (*types.ResponseEcho, error) {
	return ask(ctx, c, types.ToRequestEcho(message), (*types.Response).GetEcho)
}

// The calls of the application, each of which waits for its answer.

func (c *Client) Info(ctx context.Context, request *types.RequestInfo) (*types.ResponseInfo, error) {
	return ask(ctx, c, types.ToRequestInfo(request), (*types.Response).GetInfo)
}

func (c *Client) Query(ctx context.Context, request *types.RequestQuery) (*types.ResponseQuery, error) {
	return ask(ctx, c, types.ToRequestQuery(request), (*types.Response).GetQuery)
}

func (c *Client) CheckTx(ctx context.Context, request *types.RequestCheckTx) (*types.ResponseCheckTx, error) {
	return ask(ctx, c, types.ToRequestCheckTx(request), (*types.Response).GetCheckTx)
}

func (c *Client) InitChain(ctx context.Context, request *types.RequestInitChain) (*types.ResponseInitChain, error) {
	return ask(ctx, c, types.ToRequestInitChain(request), (*types.Response).GetInitChain)
}

func (c *Client) PrepareProposal(ctx context.Context, request *types.RequestPrepareProposal) (*types.ResponsePrepareProposal, error) {
	return ask(ctx, c, types.ToRequestPrepareProposal(request), (*types.Response).GetPrepareProposal)
}

func (c *Client) ProcessProposal(ctx context.Context, request *types.RequestProcessProposal) (*types.ResponseProcessProposal, error) {
	return ask(ctx, c, types.ToRequestProcessProposal(request), (*types.Response).GetProcessProposal)
}

func (c *Client) FinalizeBlock(ctx context.Context, request *types.RequestFinalizeBlock) (*types.ResponseFinalizeBlock, error) {
	c.results.await(request.Height)
	c.gate.close()
	return ask(ctx, c, types.ToRequestFinalizeBlock(request), (*types.Response).GetFinalizeBlock)
}

func (c *Client) ExtendVote(ctx context.Context, request *types.RequestExtendVote) (*types.ResponseExtendVote, error) {
	return ask(ctx, c, types.ToRequestExtendVote(request), (*types.Response).GetExtendVote)
}

func (c *Client) VerifyVoteExtension(ctx context.Context, request *types.RequestVerifyVoteExtension) (*types.ResponseVerifyVoteExtension, error) {
	return ask(ctx, c, types.ToRequestVerifyVoteExtension(request), (*types.Response).GetVerifyVoteExtension)
}

func (c *Client) Commit(ctx context.Context, _ *types.RequestCommit) (*types.ResponseCommit, error) {
	return ask(ctx, c, types.ToRequestCommit(), (*types.Response).GetCommit)
}

func (c *Client) ListSnapshots(ctx context.Context, request *types.RequestListSnapshots) (*types.ResponseListSnapshots, error) {
	return ask(ctx, c, types.ToRequestListSnapshots(request), (*types.Response).GetListSnapshots)
}

func (c *Client) OfferSnapshot(ctx context.Context, request *types.RequestOfferSnapshot) (*types.ResponseOfferSnapshot, error) {
	return ask(ctx, c, types.ToRequestOfferSnapshot(request), (*types.Response).GetOfferSnapshot)
}

func (c *Client) LoadSnapshotChunk(ctx context.Context, request *types.RequestLoadSnapshotChunk) (*types.ResponseLoadSnapshotChunk, error) {
	return ask(ctx, c, types.ToRequestLoadSnapshotChunk(request), (*types.Response).GetLoadSnapshotChunk)
}

func (c *Client) ApplySnapshotChunk(ctx context.Context, request *types.RequestApplySnapshotChunk) (*types.ResponseApplySnapshotChunk, error) {
	return ask(ctx, c, types.ToRequestApplySnapshotChunk(request), (*types.Response).GetApplySnapshotChunk)
}
