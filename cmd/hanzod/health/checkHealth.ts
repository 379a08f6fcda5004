import type { CometStatus } from "./cometView.ts";

/** One part of a node and whether it is well. */
export interface HealthCheck {
  readonly name: "store" | "comet" | "sync" | "block";
  readonly ok: boolean;
  /** What was seen. */
  readonly detail: string;
}

/** What is looked at. */
export interface HealthFacts {
  /** Height of the open store; undefined while it is closed. */
  readonly storeHeight: bigint | undefined;
  /** Undefined while CometBFT does not answer. */
  readonly comet: CometStatus | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
}

/** When a node counts as ready. */
export interface HealthRules {
  /** Seconds since the last block; 0 for any. */
  readonly maxBlockAge: number;
  readonly readyWhileCatchingUp: boolean;
}

/** Judges a node. It is ready when every part is well. */
export function checkHealth({ storeHeight, comet, nowMs }: HealthFacts, rules: HealthRules): readonly HealthCheck[] {
  const store: HealthCheck = {
    name: "store",
    ok: storeHeight !== undefined,
    detail: storeHeight === undefined ? "the store is not open" : `open at height ${storeHeight}`,
  };
  if (comet === undefined) {
    const unknown = "unknown: CometBFT does not answer";
    return [
      store,
      { name: "comet", ok: false, detail: "CometBFT's RPC does not answer" },
      { name: "sync", ok: false, detail: unknown },
      { name: "block", ok: false, detail: unknown },
    ];
  }
  const age = Math.max(0, (nowMs - comet.blockTimeMs) / 1000);
  const hasBlock = comet.height > 0;
  return [
    store,
    { name: "comet", ok: true, detail: `answers at height ${comet.height}` },
    {
      name: "sync",
      ok: !comet.catchingUp || rules.readyWhileCatchingUp,
      detail: comet.catchingUp ? "the node fetches old blocks" : "the node follows the chain",
    },
    {
      name: "block",
      // A node that fetches old blocks has old blocks; whether that is well is the line above.
      ok: rules.maxBlockAge === 0 || (comet.catchingUp && rules.readyWhileCatchingUp) || (hasBlock && age <= rules.maxBlockAge),
      detail: hasBlock ? `the last block is ${age.toFixed(1)} s old` : "there is no block yet",
    },
  ];
}
