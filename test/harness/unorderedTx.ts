import { toTimestamp } from "../../app/sdk/time.ts";
import { MsgSend } from "../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { RequestFinalizeBlock, type ResponseFinalizeBlock } from "../../proto/gen/tendermint/abci/types.ts";
import type { TestAccount } from "./accounts.ts";
import { message, type SignOptions, signTx, type TestMessage } from "./signTx.ts";
import type { TestChain } from "./testChain.ts";

/** One atomic unit to oneself: what the tests of unordered transactions send. */
export function sendToSelf({ address }: TestAccount): TestMessage {
  return message(MsgSend, { fromAddress: address, toAddress: address, amount: [{ denom: "aai", amount: "1" }] });
}

/** Signs an unordered transfer of each signer to itself. */
export async function unorderedTx(
  chain: TestChain,
  signers: readonly TestAccount[],
  until: bigint,
  options: Partial<SignOptions> & { readonly sequence?: bigint } = {},
): Promise<Uint8Array> {
  const states = await Promise.all(signers.map(chain.signer));
  return signTx(signers.map(sendToSelf), {
    chainId: chain.chainId,
    signers: states.map((state) => ({ ...state, sequence: options.sequence ?? 0n })),
    fee: [{ denom: "aai", amount: "1000" }],
    unorderedUntil: until,
    ...options,
  });
}

/** Makes and commits a block at a time of one's own. */
export async function deliverAt(chain: TestChain, timeNs: bigint, ...txs: readonly Uint8Array[]): Promise<ResponseFinalizeBlock> {
  const response = await chain.app.finalizeBlock(
    RequestFinalizeBlock.fromPartial({ ...chain.nextBlock(...txs), time: toTimestamp(timeNs) }),
  );
  await chain.app.commit();
  return response;
}
