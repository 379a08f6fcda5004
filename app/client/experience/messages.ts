import { MsgReveal, MsgSlash, MsgSubmit } from "#proto/hanzo/experience/v1/tx";
import { ClientError } from "../clientError.ts";
import { findRowFault, openSourceRow, type RowFault } from "./openRow.ts";
import { type PackedShard, packShard } from "./packShard.ts";

/** Where a prior is submitted, and by whom. */
export interface SubmitOptions {
  /** Account that pays the bond (bech32). */
  readonly submitter: string;
  /** Default: "v1". */
  readonly schema?: string;
  readonly domain: string;
  /** Entries that it builds upon, in any order. */
  readonly parents?: readonly bigint[];
  /** Most bond to pay, native base units as decimal text; left out: whatever the parameters say. */
  readonly maxBond?: string;
}

/** First message: commits to a shard by its identifier and roots, `/hanzo.experience.v1.MsgSubmit`. */
export function submitMessage(
  { cid, merkleRoot, sourceRoot }: Pick<PackedShard, "cid" | "merkleRoot" | "sourceRoot">,
  { submitter, schema = "v1", domain, parents = [], maxBond = "" }: SubmitOptions,
): MsgSubmit {
  const rising = [...new Set(parents)].sort((a, b) => (a < b ? -1 : 1));
  return MsgSubmit.fromPartial({ submitter, schema, domain, cid, merkleRoot, sourceRoot, parents: rising, maxBond });
}

/** Second message: shows the shard when the round takes it, `/hanzo.experience.v1.MsgReveal`. */
export function revealMessage(shard: Uint8Array, entryId: bigint, submitter: string): MsgReveal {
  return MsgReveal.fromPartial({ submitter, entryId, shard });
}

/** What is known of an entry at fault. */
export type SlashEvidence =
  /** The source of a revealed shard: a row of it has another scale or sign. */
  | { readonly kind: "source"; readonly shard: Uint8Array; readonly source: PackedShard["source"]; readonly shape: PackedShard["shape"] }
  /** Bytes of the entry's CID that are no shard, or have another root. */
  | { readonly kind: "shard"; readonly shard: Uint8Array }
  /** An older entry with the same rows. @param shard its bytes when the state has dropped them */
  | { readonly kind: "duplicate"; readonly olderId: bigint; readonly shard?: Uint8Array };

/** A proof of a fault, `/hanzo.experience.v1.MsgSlash`, and the fault where it is known here already. */
export interface SlashPlan {
  readonly message: MsgSlash;
  readonly fault: RowFault | undefined;
}

/**
 * Makes the message that proves a fault of an entry. A false proof costs the challenger its stake, so a source is compared here first.
 * @throws client/1 when no row of the source proves anything
 */
export function slashMessage(challenger: string, entryId: bigint, evidence: SlashEvidence): SlashPlan {
  const base = { challenger, entryId };
  switch (evidence.kind) {
    case "source": {
      const { shard, source, shape } = evidence;
      const fault = findRowFault(shard, source, shape);
      if (fault === undefined) throw new ClientError(`every row of entry ${entryId} has the signs and scale of this source`);
      const sourceRow = openSourceRow(packShard(source, shape), fault.row);
      return { message: MsgSlash.fromPartial({ ...base, sourceRow }), fault };
    }
    case "shard":
      return { message: MsgSlash.fromPartial({ ...base, shard: { shard: evidence.shard } }), fault: undefined };
    case "duplicate": {
      const { olderId, shard = new Uint8Array(0) } = evidence;
      if (olderId >= entryId) throw new ClientError(`older entry: expected one below ${entryId}, got ${olderId}`);
      return { message: MsgSlash.fromPartial({ ...base, duplicate: { olderId, shard } }), fault: undefined };
    }
  }
}
