import { sha256 } from "@noble/hashes/sha2.js";
import { GenesisState } from "#proto/hanzo/experience/v1/genesis";
import { EntryStatus, RoundStage } from "#proto/hanzo/experience/v1/types";
import { DEFAULT_PARAMS } from "../../modules/experience/params.ts";
import { QUICK, SMALL, schemaOf } from "./experienceBench.ts";
import { accountOf } from "./stakingBench.ts";

/** Genesis of a registry with settled entries, a hundred a round, of ten submitters in turn; each builds upon the one before. */
export function pastRegistry(count: number, submitterOf: (name: string) => string = accountOf): GenesisState {
  const entries = Array.from({ length: count }, (_, i) => {
    const id = BigInt(i + 1);
    const root = (kind: string): Uint8Array => sha256(new TextEncoder().encode(`${kind} ${id}`));
    return {
      id,
      submitter: submitterOf(`s${i % 10}`),
      schema: "small",
      domain: "default",
      roundId: BigInt(1 + Math.floor(i / 100)),
      cid: Uint8Array.of(1, 0x55, 0x12, 0x20, ...root("cid")),
      merkleRoot: root("rows"),
      sourceRoot: root("source"),
      parents: i === 0 ? [] : [id - 1n],
      bond: "25000",
      status: EntryStatus.ENTRY_STATUS_SETTLED,
      stake: "1",
      refund: "25000",
    };
  });
  const closed = { schema: "small", domain: "default", stage: RoundStage.ROUND_STAGE_CLOSED, entries: 100, revealed: 100 };
  const ledger = { escrowed: "2500000", refunded: "2500000", burned: "0", bounty: "0", treasury: "0" };
  const rounds = Array.from({ length: count / 100 }, (_, i) => ({ ...closed, id: BigInt(i + 1), number: BigInt(i + 1), ledger }));
  return GenesisState.fromPartial({
    params: { ...DEFAULT_PARAMS, ...QUICK },
    schemas: [schemaOf("small", SMALL)],
    domains: [{ schema: "small", name: "default", open: true, openRound: 0n, rounds: BigInt(count / 100), activeRound: 0n }],
    entries,
    rounds,
    lastEntryId: BigInt(count),
    lastRoundId: BigInt(count / 100),
  });
}
