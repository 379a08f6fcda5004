import type { Header } from "#proto/tendermint/types/types";
import { equalBytes, toHex } from "../../encoding/bytes.ts";
import { verifyProofOps } from "../../proof/proofOps.ts";
import { headerHash } from "./headerHash.ts";
import type { LightBlock, LightProvider } from "./lightBlock.ts";
import { LightError } from "./lightError.ts";
import type { Fraction } from "./verifyCommit.ts";
import { isFresh, type LightRules, requireFresh, verifyBlock, verifyEarlier, verifyLater } from "./verifyHeader.ts";

/** Whom a light client asks and what it believes to begin with. */
export interface LightClientOptions extends Partial<Omit<LightRules, "chainId">> {
  readonly chainId: string;
  /** The node that everything is asked of. */
  readonly provider: LightProvider;
  /** Independent nodes that must name the same header before it is believed: they catch a node together with which old validators lie. */
  readonly witnesses?: readonly LightProvider[];
  /** A header that the caller knows from elsewhere: its height, at least 1, and its hash of 32 bytes. */
  readonly trust: { readonly height: bigint; readonly hash: Uint8Array };
  /** Now, in nanoseconds since 1970; this machine's clock when left out. */
  nowNs?(): bigint;
}

/** What a query proved. */
export interface ProvenValue {
  /** Undefined: the key is proven to be absent. */
  readonly value: Uint8Array | undefined;
  /** The state after this block. */
  readonly height: bigint;
  /** The verified header of height + 1, whose app hash commits to that state. */
  readonly header: Header;
}

/** Follows a chain by its headers, without believing any node. Calls run one after another. */
export interface LightClient {
  /** The highest header that is trusted. */
  latest(): Header;
  /** Verifies the header of a height, above or below what is trusted. @throws LightError */
  verifiedHeader(height: bigint): Promise<Header>;
  /** Verifies the newest header that the provider has. @throws LightError */
  update(): Promise<Header>;
  /**
   * Proves the value of a key in the state after a block.
   * @param store name of the module's store, `bank`
   * @param height the block; the newest that can be proven when left out
   * @throws LightError
   */
  verifiedQuery(store: string, key: Uint8Array, height?: bigint): Promise<ProvenValue>;
}

/** One week, below the three that Cosmos chains unbond in; a chain whose evidence expires sooner needs less. */
const TRUSTING_PERIOD_NS = 7n * 24n * 3600n * 1_000_000_000n;
const CLOCK_DRIFT_NS = 10n * 1_000_000_000n;
const TRUST_LEVEL: Fraction = { numerator: 1n, denominator: 3n };
const HASH_LENGTH = 32;
/** Verified blocks that are kept; the one that the caller trusts stays beside them. */
const KEPT_BLOCKS = 256;

/**
 * Makes a light client that starts from a header which the caller trusts.
 * @throws LightError badOptions; wrongTrust when the provider has another header; those of verification
 */
export async function createLightClient(options: LightClientOptions): Promise<LightClient> {
  const { chainId, provider, witnesses = [], trust, nowNs = systemTimeNs } = options;
  const rules: LightRules = {
    chainId,
    trustingPeriodNs: options.trustingPeriodNs ?? TRUSTING_PERIOD_NS,
    clockDriftNs: options.clockDriftNs ?? CLOCK_DRIFT_NS,
    trustLevel: options.trustLevel ?? TRUST_LEVEL,
  };
  requireOptions(rules, trust);
  const root = await provider.lightBlock(trust.height);
  verifyBlock(chainId, trust.height, root);
  const hash = headerHash(root.header);
  if (!equalBytes(hash, trust.hash))
    throw new LightError("wrongTrust", `${toHex(trust.hash)} expected at height ${trust.height}, got ${toHex(hash)}`);
  requireFresh(rules, root.header, nowNs());
  return new HeaderChain({ rules, provider, witnesses, root, nowNs });
}

interface ChainParts {
  readonly rules: LightRules;
  readonly provider: LightProvider;
  readonly witnesses: readonly LightProvider[];
  readonly root: LightBlock;
  nowNs(): bigint;
}

class HeaderChain implements LightClient {
  readonly #parts: ChainParts;
  readonly #trusted = new Map<bigint, LightBlock>();
  #highest: LightBlock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.#highest = parts.root;
    this.#keep(parts.root);
  }

  latest(): Header {
    return this.#highest.header;
  }

  verifiedHeader(height: bigint): Promise<Header> {
    return this.#inOrder(() => this.#verify(height));
  }

  update(): Promise<Header> {
    return this.#inOrder(async () => {
      const height = await this.#parts.provider.latestHeight();
      return height > this.#highest.header.height ? this.#verify(height) : this.#highest.header;
    });
  }

  verifiedQuery(store: string, key: Uint8Array, height?: bigint): Promise<ProvenValue> {
    return this.#inOrder(async () => {
      const { provider } = this.#parts;
      const at = height ?? (await provider.latestHeight()) - 1n;
      const header = await this.#verify(at + 1n);
      const answer = await provider.stateAnswer(store, key, at);
      if (answer.height !== at) throw new LightError("wrongAnswer", `the state of height ${at} expected, got ${answer.height}`);
      if (!equalBytes(answer.key, key)) throw new LightError("wrongAnswer", `key ${toHex(key)} expected, got ${toHex(answer.key)}`);
      // State holds no empty values: an empty one says that the key is absent, and that is what must be proven then.
      const value = answer.value.length === 0 ? undefined : answer.value;
      if (!verifyProofOps(header.appHash, store, key, value, answer.ops)) {
        const claim = value === undefined ? "absence" : "value";
        throw new LightError("badProof", `the ${claim} of ${toHex(key)} in ${store} under app hash ${toHex(header.appHash)}`);
      }
      return { value, height: at, header };
    });
  }

  /** One call after another: each builds on the headers of those before. */
  #inOrder<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call, call);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #verify(height: bigint): Promise<Header> {
    if (height < 1n) throw new LightError("wrongHeight", `a height of at least 1 expected, got ${height}`);
    const known = this.#trusted.get(height);
    if (known !== undefined) {
      requireFresh(this.#parts.rules, this.#highest.header, this.#parts.nowNs());
      return known.header;
    }
    const below = this.#findBelow(height);
    const block = below === undefined ? await this.#backward(height) : await this.#forward(below, height);
    return block.header;
  }

  /** Towards a later height: at once if enough of the trusted validators still sign, otherwise through heights in the middle. */
  async #forward(from: LightBlock, height: bigint): Promise<LightBlock> {
    const { rules, nowNs } = this.#parts;
    const target = await this.#fetch(height);
    const steps: LightBlock[] = [];
    const open = [target];
    let trusted = from;
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      try {
        verifyLater(rules, trusted, next, nowNs());
      } catch (refusal) {
        if (!(refusal instanceof LightError) || refusal.kind !== "insufficientTrust") throw refusal;
        const middle = (trusted.header.height + next.header.height) / 2n;
        open.push(await this.#fetch(middle));
        continue;
      }
      open.pop();
      steps.push(next);
      trusted = next;
    }
    await this.#askWitnesses(target);
    for (const step of steps) this.#keep(step);
    return target;
  }

  /** What the provider has for a height; whether to believe it is for the caller. */
  async #fetch(height: bigint): Promise<LightBlock> {
    const block = await this.#parts.provider.lightBlock(height);
    if (block.header.height !== height) throw new LightError("wrongHeight", `${height} expected, got ${block.header.height}`);
    return block;
  }

  /** Towards an earlier height: header by header, each named by the one after it. */
  async #backward(height: bigint): Promise<LightBlock> {
    const { rules, provider, nowNs } = this.#parts;
    let trusted = this.#above(height);
    requireFresh(rules, trusted.header, nowNs());
    if (trusted.header.height < height) throw new LightError("expired", `a header below height ${height} that may vouch for it expected`);
    while (trusted.header.height > height) {
      const block = await provider.lightBlock(trusted.header.height - 1n);
      verifyEarlier(rules.chainId, trusted, block);
      trusted = block;
    }
    this.#keep(trusted);
    return trusted;
  }

  async #askWitnesses({ header }: LightBlock): Promise<void> {
    const hash = headerHash(header);
    const answers = await Promise.all(this.#parts.witnesses.map((witness) => witness.lightBlock(header.height)));
    for (const [index, answer] of answers.entries()) {
      const other = headerHash(answer.header);
      if (!equalBytes(other, hash))
        throw new LightError("conflict", `${toHex(hash)} expected at height ${header.height}, got ${toHex(other)} from witness ${index}`);
    }
  }

  /** The highest trusted block below a height that may still vouch for later ones. */
  #findBelow(height: bigint): LightBlock | undefined {
    const { rules, nowNs } = this.#parts;
    let found: LightBlock | undefined;
    for (const block of this.#trusted.values()) {
      if (block.header.height >= height || !isFresh(rules, block.header, nowNs())) continue;
      if (found === undefined || block.header.height > found.header.height) found = block;
    }
    return found;
  }

  /** The lowest trusted block above a height; the highest of all when there is none. */
  #above(height: bigint): LightBlock {
    let found = this.#highest;
    for (const block of this.#trusted.values())
      if (block.header.height > height && block.header.height < found.header.height) found = block;
    return found;
  }

  #keep(block: LightBlock): void {
    const { height } = block.header;
    this.#trusted.set(height, block);
    if (height > this.#highest.header.height) this.#highest = block;
    for (const oldest of this.#trusted.keys()) {
      if (this.#trusted.size <= KEPT_BLOCKS) break;
      if (oldest !== this.#parts.root.header.height && oldest !== this.#highest.header.height) this.#trusted.delete(oldest);
    }
  }
}

function requireOptions(rules: LightRules, trust: LightClientOptions["trust"]): void {
  const { numerator, denominator } = rules.trustLevel;
  const wrong = [
    [rules.chainId !== "", "a chain id"],
    [trust.height >= 1n, "a trusted height of at least 1"],
    [trust.hash.length === HASH_LENGTH, `a trusted hash of ${HASH_LENGTH} bytes`],
    [rules.trustingPeriodNs > 0n, "a trusting period above 0"],
    [rules.clockDriftNs >= 0n, "a clock drift of at least 0"],
    [denominator > 0n && numerator * 3n >= denominator && numerator <= denominator, "a trust level from 1/3 to 1"],
  ].find(([holds]) => holds === false);
  if (wrong !== undefined) throw new LightError("badOptions", `${String(wrong[1])} expected`);
}

function systemTimeNs(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
