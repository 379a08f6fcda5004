import type { QueryDefinition } from "#proto/cosmos/slashing/v1beta1/query";
import { AddressError, invalidArgument, notFound, paginate, type QueryHandlers } from "#sdk";
import { findSigningInfo } from "./signingInfo.ts";
import { infoAfter } from "./signingRecord.ts";
import type { Slashing } from "./slashing.ts";

/** Handlers of `cosmos.slashing.v1beta1.Query`; `Params` follows from the declaration. */
export function createQueries({ state, address }: Slashing): QueryHandlers<typeof QueryDefinition> {
  const parse = (text: string): Uint8Array => {
    if (text === "") throw invalidArgument("invalid request");
    try {
      return address.consensus.parse(text);
    } catch (cause) {
      if (cause instanceof AddressError) throw invalidArgument(cause.message);
      throw cause;
    }
  };
  return {
    signingInfo(ctx, { consAddress }) {
      const info = findSigningInfo({ state }, ctx, parse(consAddress));
      if (info === undefined) throw notFound(`SigningInfo not found for validator ${consAddress}`);
      return { valSigningInfo: info };
    },
    signingInfos(ctx, { pagination: page }) {
      const { items, pagination } = paginate(ctx, state.signingRecords, page, { countsBehindEnd: true });
      return { info: items.map(([, record]) => infoAfter(record, ctx.height)), pagination };
    },
  };
}
