import type { PageRequest } from "#proto/cosmos/base/query/v1beta1/pagination";
import type { GetBlockWithTxsResponse } from "#proto/cosmos/tx/v1beta1/service";
import type { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import { DEFAULT_PAGE_LIMIT, invalidArgument, sdkError } from "#sdk";
import type { CometPort } from "./cometPort.ts";

/**
 * A block of the consensus engine with its transactions decoded, a page of them at a time. What is no transaction is left out, as the SDK does.
 * @throws sdk/26 for a height outside of the chain
 * @throws QueryError InvalidArgument for a page that starts from a key
 */
export async function blockWithTxs(
  comet: CometPort,
  { height, pagination }: { readonly height: bigint; readonly pagination: PageRequest | undefined },
  current: bigint,
  decode: (bytes: Uint8Array) => Tx | undefined,
): Promise<GetBlockWithTxsResponse> {
  const { key = new Uint8Array(0), offset = 0n, limit = 0n } = pagination ?? {};
  if (key.length > 0) throw invalidArgument("transactions of a block are paged by offset, a key means nothing here");
  const found = height < 1n || height > current ? undefined : await comet.findBlock(height);
  if (found === undefined)
    throw sdkError.invalidHeight(
      `requested height ${height} but height must not be less than 1 or greater than the current height ${current}`,
    );
  const { block, blockId } = found;
  const txs = block.data?.txs ?? [];
  const from = Number(offset);
  const shown = txs.slice(from, from + Number(limit === 0n ? DEFAULT_PAGE_LIMIT : limit));
  return {
    txs: shown.flatMap((bytes) => decode(bytes) ?? []),
    blockId,
    block,
    pagination: { nextKey: new Uint8Array(0), total: BigInt(txs.length) },
  };
}
