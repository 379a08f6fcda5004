// Priors of many tenants over one base: kept compressed, swapped without a pause, applied together.
import { bytesToHex } from "@noble/hashes/utils.js";
import { cidOf, requireCid } from "./cid.ts";
import { KernelError } from "./kernelError.ts";
import type { Kernels } from "./kernels.ts";
import { q8Magnitudes } from "./scaleTable.ts";
import { requireShape, type Shape, shardBytes, signBytes } from "./shape.ts";
import { parseShard, type Shard } from "./shard.ts";

export interface PriorCacheOptions {
  readonly shape: Shape;
  /** Most bytes of shards that are kept; 12,544 for each in schema v1. */
  readonly maxBytes: number;
  /** Fetches a shard by its identifier. What it brings is hashed before it is believed. */
  readonly load: (cid: Uint8Array) => Promise<Uint8Array>;
}

/** Least recently used priors by CID, and which tenant uses which. A prior in use is never dropped. */
export class PriorCache {
  readonly #kernels: Kernels;
  readonly #options: PriorCacheOptions;
  /** By CID in hex, the one used longest ago first. */
  readonly #priors = new Map<string, Shard>();
  /** CIDs in hex by tenant. */
  readonly #tenants = new Map<string, string>();
  /** The latest swap of each tenant that is under way: an older one that ends later must not undo it. */
  readonly #swaps = new Map<string, symbol>();

  /** @throws KernelError `shape`, `params` when not even one shard fits */
  constructor(kernels: Kernels, options: PriorCacheOptions) {
    requireShape(options.shape);
    const least = shardBytes(options.shape);
    if (!Number.isSafeInteger(options.maxBytes) || options.maxBytes < least)
      throw new KernelError("params", `maxBytes: expected at least ${least}, got ${options.maxBytes}`);
    this.#kernels = kernels;
    this.#options = options;
  }

  /** Bytes of the shards that are kept. */
  get bytes(): number {
    return this.#priors.size * shardBytes(this.#options.shape);
  }

  /** Whether a prior is kept. */
  has(cid: Uint8Array): boolean {
    return this.#priors.has(bytesToHex(cid));
  }

  /** Identifier of the prior that a tenant uses, in hex. */
  priorOf(tenant: string): string | undefined {
    return this.#tenants.get(tenant);
  }

  /**
   * Gives a tenant another prior. The old one serves until the new one is there and proven; of several swaps the one asked for last wins.
   * @throws KernelError `cid` for a wrong identifier or content, what parseShard throws, `params` when the priors in use leave no room
   */
  async swap(tenant: string, cid: Uint8Array): Promise<void> {
    requireCid(cid);
    const name = bytesToHex(cid);
    const turn = Symbol();
    this.#swaps.set(tenant, turn);
    try {
      const shard = this.#priors.get(name) ?? (await this.#fetch(cid));
      if (this.#swaps.get(tenant) !== turn) return;
      this.#makeRoom(tenant, name);
      this.#touch(name, shard);
      this.#tenants.set(tenant, name);
    } finally {
      if (this.#swaps.get(tenant) === turn) this.#swaps.delete(tenant);
    }
  }

  /** Takes a tenant's prior away; it stays in the cache while there is room. */
  remove(tenant: string): void {
    this.#swaps.delete(tenant);
    this.#tenants.delete(tenant);
  }

  /**
   * base ± scale of every tenant's prior, in Q8, with one call of the kernel. Which priors these are is settled when it is called.
   * @param base rows × cols in Q8; |base| + scale < 2^24
   * @returns one matrix for each tenant; a tenant without a prior gets the base
   * @throws KernelError `length`, `range`
   */
  async apply(base: Int32Array, tenants: readonly string[]): Promise<Int32Array[]> {
    const { shape } = this.#options;
    const size = shape.rows * shape.cols;
    const used = tenants.map((tenant) => this.#tenants.get(tenant));
    const names = [...new Set(used.filter((name) => name !== undefined))];
    if (base.length !== size) throw new KernelError("length", `base: expected ${size}, got ${base.length}`);
    const signs = new Uint8Array(names.length * signBytes(shape));
    const magnitudes = new Int32Array(names.length * shape.rows);
    names.forEach((name, i) => {
      const shard = this.#priors.get(name) as Shard;
      this.#touch(name, shard);
      signs.set(shard.signs, i * signBytes(shape));
      magnitudes.set(q8Magnitudes(shard.codes), i * shape.rows);
    });
    const values = names.length === 0 ? base : await this.#kernels.applyPriors(base, signs, magnitudes, names.length, shape);
    return used.map((name) => {
      const at = name === undefined ? -1 : names.indexOf(name);
      return at < 0 ? base.slice() : values.slice(at * size, (at + 1) * size);
    });
  }

  async #fetch(cid: Uint8Array): Promise<Shard> {
    const content = await this.#options.load(cid);
    const got = bytesToHex(cidOf(content));
    if (got !== bytesToHex(cid)) throw new KernelError("cid", `expected content of ${bytesToHex(cid)}, got ${got}`);
    // A copy: whoever loaded it may go on with his bytes.
    return parseShard(content.slice(), this.#options.shape);
  }

  /** Drops priors that nobody uses until one more fits. */
  #makeRoom(tenant: string, name: string): void {
    if (this.#priors.has(name)) return;
    const used = new Set([...this.#tenants].filter(([other]) => other !== tenant).map(([, prior]) => prior));
    const own = this.#tenants.get(tenant);
    const needed = shardBytes(this.#options.shape);
    for (const known of [...this.#priors.keys()]) {
      if (this.bytes + needed <= this.#options.maxBytes) return;
      if (!used.has(known) && known !== own) this.#priors.delete(known);
    }
    // At last the one that this swap replaces.
    if (this.bytes + needed > this.#options.maxBytes && own !== undefined && !used.has(own)) this.#priors.delete(own);
    if (this.bytes + needed > this.#options.maxBytes)
      throw new KernelError(
        "params",
        `maxBytes: expected room for one more than ${used.size} priors in use, got ${this.#options.maxBytes}`,
      );
  }

  /** Makes a prior the one used last. */
  #touch(name: string, shard: Shard): void {
    this.#priors.delete(name);
    this.#priors.set(name, shard);
  }
}
