// Sealed orders as a table on paper: what a round should do, without hashes, stores or coins. The market is compared with it step by step.
import { Side } from "#proto/hanzo/hmm/v1/types";
import { ACCOUNT, accountOf, CHAIN_ID, CREDIT, E18, type Terms, TIER, USERS } from "./sealedMarket.ts";

/** A commit: what its hash binds, and what is shown. */
export interface Commit {
  readonly terms: Terms;
  /** What the hash binds besides the order. */
  readonly round: bigint;
  readonly chainId: string;
  /** What the message shows. */
  readonly sender: string;
  readonly poolId: string;
  readonly deposit: bigint;
}

interface Sealed extends Commit {
  revealed: boolean;
  /** Resource after the cut. */
  resource: bigint;
}

/** An order that the end of a round made. */
export interface Placed {
  readonly owner: string;
  readonly poolId: string;
  readonly side: Side;
  readonly resource: bigint;
  readonly escrow: bigint;
  readonly expiresHeight: bigint;
}

export interface ModelPool {
  psi: bigint;
  paused: boolean;
  fees: bigint;
}

/** Codes of refusals, `""` for success. */
export type Verdict = "" | `hmm/${number}` | "sdk/5";

export interface ModelParams {
  commitBlocks: bigint;
  revealBlocks: bigint;
  forfeitBps: bigint;
  maxSealed: number;
  orderBlocks: bigint;
}

/** What a hash stands for: two hashes are the same exactly when these texts are. */
function nameOf({ terms, round, chainId }: Pick<Commit, "terms" | "round" | "chainId">): string {
  const { sender, poolId, side, resource, limitE18, salt } = terms;
  return [chainId, round, poolId, sender, side, resource, limitE18, salt.join(".")].join("|");
}

export class SealedModel {
  readonly params: ModelParams;
  readonly coins = new Map<string, bigint>();
  readonly pools: Readonly<Record<string, ModelPool>> = {
    gpu: { psi: 10n ** 12n, paused: false, fees: 0n },
    ram: { psi: 10n ** 12n, paused: false, fees: 0n },
  };
  height = 1n;
  round: { id: bigint; start: bigint; commit: bigint; reveal: bigint };
  sealed = new Map<string, Sealed>();
  placed: Placed[] = [];
  burned = 0n;

  constructor(params: ModelParams, wealth: bigint) {
    this.params = params;
    this.round = { id: 1n, start: 1n, commit: params.commitBlocks, reveal: params.revealBlocks };
    for (const name of USERS) for (const denom of [CREDIT, "ngpu", "nram"]) this.coins.set(`${accountOf(name)} ${denom}`, wealth);
  }

  private move(owner: string, denom: string, amount: bigint): boolean {
    const after = (this.coins.get(`${owner} ${denom}`) ?? 0n) + amount;
    if (after < 0n) return false;
    if (owner !== ACCOUNT) this.coins.set(`${owner} ${denom}`, after);
    return true;
  }

  get revealing(): boolean {
    return this.height >= this.round.start + this.round.commit;
  }

  commit(commit: Commit): Verdict {
    if (this.revealing) return "hmm/22";
    const isTier = Array.from({ length: 10 }, (_, k) => TIER * 10n ** BigInt(k)).includes(commit.deposit);
    if (!isTier) return "hmm/24";
    if (this.pools[commit.poolId] === undefined) return "hmm/3";
    const name = `${commit.sender}: ${nameOf(commit)}`;
    if (this.sealed.has(name)) return "hmm/24";
    if (this.sealed.size >= this.params.maxSealed) return "hmm/25";
    if (!this.move(commit.sender, CREDIT, -commit.deposit)) return "sdk/5";
    this.sealed.set(name, { ...commit, revealed: false, resource: 0n });
    return "";
  }

  reveal(terms: Terms): Verdict {
    if (!this.revealing) return "hmm/22";
    const found = this.sealed.get(`${terms.sender}: ${nameOf({ terms, round: this.round.id, chainId: CHAIN_ID })}`);
    if (found === undefined) return "hmm/23";
    if (found.revealed || found.poolId !== terms.poolId) return "hmm/24";
    const cost = (terms.resource * terms.limitE18 + E18 - 1n) / E18 + 4n;
    if (terms.side === Side.SIDE_BUY && cost > found.deposit) return "hmm/24";
    const most = ((this.pools[terms.poolId]?.psi ?? 0n) * 3n) / 10n;
    const resource = terms.resource < most ? terms.resource : most;
    if (terms.side === Side.SIDE_SELL && !this.move(terms.sender, `n${terms.poolId}`, -resource)) return "sdk/5";
    found.revealed = true;
    found.resource = resource;
    return "";
  }

  nextBlock(): void {
    const end = this.round.start + this.round.commit + this.round.reveal;
    if (this.height + 1n === end) for (const order of this.sealed.values()) this.settle(order);
    this.height++;
    if (this.height !== end) return;
    this.sealed = new Map();
    this.round = { id: this.round.id + 1n, start: end, commit: this.params.commitBlocks, reveal: this.params.revealBlocks };
  }

  private settle({ sender, poolId, deposit, revealed, terms, resource }: Sealed): void {
    if (!revealed) {
      const lost = (deposit * this.params.forfeitBps) / 10_000n;
      const pool = this.pools[poolId];
      this.burned += lost / 2n;
      if (pool !== undefined) pool.fees += lost - lost / 2n;
      this.move(sender, CREDIT, deposit - lost);
      return;
    }
    const buys = terms.side === Side.SIDE_BUY;
    const cost = (resource * terms.limitE18 + E18 - 1n) / E18;
    const full = cost + 2n * (this.params.orderBlocks + 1n);
    const escrow = buys && resource > 0n ? (full < deposit ? full : deposit) : 0n;
    this.move(sender, CREDIT, deposit - escrow);
    if (resource === 0n) return;
    const waits = this.pools[poolId]?.paused === true && (!buys || escrow === full);
    const expiresHeight = waits ? this.height + this.params.orderBlocks - 1n : this.height;
    this.placed.push({ owner: sender, poolId, side: terms.side, resource, escrow, expiresHeight });
  }
}
