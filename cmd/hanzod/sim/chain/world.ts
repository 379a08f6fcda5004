import type { App } from "../../../../app/runtime/app.ts";
import { facetOf } from "../../../../app/runtime/facetOf.ts";
import { readCommitted } from "../../../../app/runtime/readCommitted.ts";
import type { Facets, Module, ReadCtx } from "../../../../app/sdk/index.ts";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import { staking } from "../../../../modules/staking/index.ts";
import type { Actor } from "./actors.ts";
import type { Draws } from "./draws.ts";
import type { VirtualValidator } from "./validators.ts";
import type { Walks } from "./walks.ts";

/** What operations draw from: the chain as committed, its people and the dice. */
export interface World {
  readonly draws: Draws;
  readonly actors: readonly Actor[];
  /** Operators of the validators of genesis. */
  readonly founders: readonly Actor[];
  /** May do what governance may. */
  readonly authority: Actor;
  readonly baseDenom: string;
  /** Bech32 prefix of accounts. */
  readonly prefix: string;
  readonly chainId: string;
  /** Time of the last block, Unix seconds. */
  readonly seconds: bigint;
  readonly height: bigint;
  /** The committed state, to read. */
  readonly ctx: ReadCtx;
  /** Machines that can make blocks, whether they are validators or not. */
  readonly machines: readonly VirtualValidator[];
  /** A facet of a module of the chain. */
  facet<N extends string, A extends Facets, K extends keyof A & string>(module: Module<N, A>, name: K): A[K];
  /** A value of a module's collection, for what no facet tells. */
  find(module: string, collection: string, key: unknown): unknown;
  /** A single value of a module's state. */
  item(module: string, name: string): unknown;
  /** All values of a module's collection with their keys, in the order of the keys. */
  entries(module: string, collection: string): readonly (readonly [key: unknown, value: unknown])[];
  /** All values of a module's collection, in the order of the keys. */
  values(module: string, collection: string): readonly unknown[];
  /** Operators of all validators, in the set or not, in order. */
  operators(): readonly string[];
  /** A stranger's address: mostly one without an account. */
  newAddress(): string;
  /** An address: mostly an actor's, sometimes a new one or a module's. */
  receiver(): string;
}

/** What stays the same from block to block. */
export type Setting = Pick<World, "draws" | "actors" | "founders" | "authority" | "baseDenom" | "prefix" | "machines" | "newAddress"> & {
  /** Addresses of modules. */
  readonly moduleAccounts: readonly string[];
  readonly walks: Walks;
};

function rowsOf(app: App, module: string, collection: string) {
  const rows = app.modules.find(({ name }) => name === module)?.state[collection];
  if (rows === undefined || !("under" in rows)) throw new Error(`collection ${collection} of ${module} expected`);
  return rows;
}

/** The world after the last block. */
export function lookAround(app: App, store: CommitStore, setting: Setting): World {
  const { draws, actors, moduleAccounts, walks } = setting;
  const ctx = readCommitted(app, store);
  const walk = (module: string, collection: string) => walks.of(`${module}/${collection}`, rowsOf(app, module, collection), ctx);
  return {
    ...setting,
    ctx,
    chainId: app.chainId,
    height: app.height,
    seconds: app.timeNs / 1_000_000_000n,
    facet: (module, name) => facetOf(app.modules, module, name) as never,
    item: (module, name) => {
      const item = app.modules.find((one) => one.name === module)?.state[name];
      if (item === undefined || "under" in item) throw new Error(`item ${name} of ${module} expected`);
      return item.find(ctx);
    },
    find: (module, collection, key) => rowsOf(app, module, collection).find(ctx, key),
    entries: (module, collection) => walk(module, collection).entries(),
    values: (module, collection) => walk(module, collection).values(),
    operators: () => walk(staking.name, "validators").keys() as readonly string[],
    receiver() {
      if (draws.once(12)) return setting.newAddress();
      return draws.once(25) ? draws.pick(moduleAccounts) : draws.pick(actors).address;
    },
  };
}
