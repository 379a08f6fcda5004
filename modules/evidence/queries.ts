import { hexToBytes } from "@noble/hashes/utils.js";
import type { QueryDefinition } from "#proto/cosmos/evidence/v1beta1/query";
import { invalidArgument, notFound, paginate, type QueryHandlers } from "#sdk";
import type { Evidence } from "./evidence.ts";

/** Characters of the longest hash that a request may name. */
const MAX_HASH_DIGITS = 128;

/** Handlers of `cosmos.evidence.v1beta1.Query`. */
export function createQueries({ state }: Evidence): QueryHandlers<typeof QueryDefinition> {
  return {
    evidence(ctx, { hash }) {
      const evidence = state.evidence.find(ctx, parseHash(hash));
      if (evidence === undefined) throw notFound(`evidence ${hash} not found`);
      return { evidence };
    },
    allEvidence(ctx, { pagination: page }) {
      const { items, pagination } = paginate(ctx, state.evidence, page);
      return { evidence: items.map(([, evidence]) => evidence), pagination };
    },
  };
}

function parseHash(text: string): Uint8Array {
  if (text === "") throw invalidArgument("invalid request; hash is empty");
  if (text.length > MAX_HASH_DIGITS || !/^([0-9a-fA-F]{2})+$/.test(text))
    throw invalidArgument(`invalid evidence hash: pairs of hexadecimal digits expected, got ${text.slice(0, MAX_HASH_DIGITS)}`);
  return hexToBytes(text);
}
