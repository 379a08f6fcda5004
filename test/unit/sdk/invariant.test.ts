import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  all,
  type BoundMap,
  bindModules,
  type Ctx,
  coll,
  column,
  createCtx,
  defineModule,
  each,
  FREE_GAS,
  type Invariant,
  key,
  sums,
  value,
} from "#sdk";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import type { ChangeSet } from "../../../app/store/kv.ts";

const purse = defineModule({
  name: "purse",
  version: 1,
  state: { held: coll.map(1, key.pair(key.uint64, key.uint64), value.uint64), total: coll.map(2, key.uint64, value.uint64) },
});
const chain = { bech32Prefix: "hanzo", coinType: 118, baseDenom: "aai", powerReduction: 1n, authorityModule: "gov" };
interface PurseState {
  readonly held: BoundMap<readonly [group: bigint, owner: bigint], bigint, object>;
  readonly total: BoundMap<bigint, bigint, object>;
}
const { held, total } = stateOfPurse();

function stateOfPurse(): PurseState {
  const [bound] = bindModules({ modules: [purse], chain, ports: "unconnected" });
  return (bound ?? assert.fail("a bound module expected")).state as unknown as PurseState;
}

/** A state that goes on block by block; each says what it changed. */
function createChain() {
  const store = createMemoryCommitStore({ stores: ["purse"] });
  const ctxOf = (stores: (name: string) => object): Ctx =>
    createCtx({
      height: store.version,
      timeNs: 0n,
      chainId: "a-1",
      gas: FREE_GAS,
      stores: stores as never,
      events: [],
      formatEvent: () => assert.fail("no events expected"),
    });
  return {
    latest: () => ctxOf((name) => store.latest().store(name)),
    async block(write: (ctx: Ctx) => void): Promise<ChangeSet> {
      const overlay = store.overlay();
      write(ctxOf((name) => overlay.store(name)));
      const changes = overlay.changes();
      store.apply(store.version + 1n, changes);
      await store.commit();
      return changes;
    },
  };
}

const addsUp = sums(
  [column(held, ([group], amount) => [[String(group), amount]]), column(total, (group, amount) => [[String(group), amount]])],
  (_ctx, group, [sum, noted]) => (sum === noted ? undefined : `${noted} in ${group} expected, got ${sum}`),
);
const isSmall = each(held, (_ctx, [group, owner], amount = 0n) => (amount < 100n ? undefined : `${owner} of ${group} holds ${amount}`));

describe("a rule of the state", () => {
  const begun = async () => {
    const chain = createChain();
    await chain.block((ctx) => {
      held.set(ctx, [1n, 1n], 5n);
      held.set(ctx, [1n, 2n], 6n);
      held.set(ctx, [2n, 1n], 7n);
      total.set(ctx, 1n, 11n);
      total.set(ctx, 2n, 7n);
    });
    return chain;
  };
  const cases: readonly [what: string, rule: Invariant, write: (ctx: Ctx) => void, detail: string | undefined][] = [
    [
      "an entry that changed with its sum",
      addsUp,
      (ctx) => {
        held.set(ctx, [1n, 2n], 7n);
        total.set(ctx, 1n, 12n);
      },
      undefined,
    ],
    ["an entry that changed alone", addsUp, (ctx) => held.set(ctx, [1n, 2n], 7n), "11 in 1 expected, got 12"],
    ["a sum that changed alone", addsUp, (ctx) => total.set(ctx, 2n, 8n), "8 in 2 expected, got 7"],
    ["an entry that went", addsUp, (ctx) => held.delete(ctx, [1n, 1n]), "11 in 1 expected, got 6"],
    ["an entry that came", addsUp, (ctx) => held.set(ctx, [3n, 1n], 1n), "0 in 3 expected, got 1"],
    [
      "an entry that moved",
      addsUp,
      (ctx) => {
        held.delete(ctx, [2n, 1n]);
        held.set(ctx, [1n, 3n], 7n);
      },
      "11 in 1 expected, got 18",
    ],
    ["an entry of its own", isSmall, (ctx) => held.set(ctx, [2n, 9n], 100n), "9 of 2 holds 100"],
    [
      "the second of two",
      all(addsUp, isSmall),
      (ctx) => {
        held.set(ctx, [3n, 1n], 200n);
        total.set(ctx, 3n, 200n);
      },
      "1 of 3 holds 200",
    ],
  ];
  for (const [what, rule, write, detail] of cases) {
    it(`finds the same in full and by what a block changed: ${what}`, async () => {
      const chain = await begun();
      assert.equal(rule(chain.latest()), undefined);
      const look = rule.watch?.(chain.latest()) ?? assert.fail("a rule that watches expected");
      assert.equal(look(chain.latest(), await chain.block(() => undefined)), undefined);
      const changes = await chain.block(write);
      assert.equal(rule(chain.latest()), detail);
      assert.equal(look(chain.latest(), changes), detail);
    });
  }
  it("keeps its sums over many blocks", async () => {
    const chain = await begun();
    const look = addsUp.watch?.(chain.latest()) ?? assert.fail("a rule that watches expected");
    for (let i = 0n; i < 40n; i++) {
      const changes = await chain.block((ctx) => {
        if (i % 3n === 0n) held.delete(ctx, [1n, 3n + (i % 5n)]);
        else held.set(ctx, [1n, 3n + (i % 5n)], i);
        let sum = 0n;
        for (const [, amount] of held.under(ctx, 1n)) sum += amount;
        total.set(ctx, 1n, sum);
      });
      assert.equal(look(chain.latest(), changes), undefined);
    }
    assert.match(look(chain.latest(), await chain.block((ctx) => total.set(ctx, 1n, 1n))) ?? "", /^1 in 1 expected/);
  });
  it("that cannot watch is looked at in full only", () => {
    assert.equal(all(() => undefined).watch, undefined);
  });
});
