import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ModuleError } from "#sdk";
import { fc } from "../../harness/fastCheck.ts";
import { BENCH_TIME_NS, type Bench } from "../../harness/moduleBench.ts";
import { balance, begin, exec, FUNDS, generic, grant, limited, MSG, SEND, transfer } from "../../unit/authz/authzBench.ts";

const NAMES = ["ann", "bob", "eve"] as const;
const run = { seed: 20_261_129, numRuns: 80 };
const who = fc.constantFrom(...NAMES);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("grant" as const),
    from: who,
    to: who,
    limit: fc.option(fc.bigInt(1n, 400n)),
    ends: fc.option(fc.bigInt(1n, 9n)),
  }),
  fc.record({ kind: fc.constant("revoke" as const), from: who, to: who }),
  fc.record({
    kind: fc.constant("exec" as const),
    by: who,
    moves: fc.array(fc.record({ from: who, to: who, amount: fc.bigInt(1n, 300n) }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant("block" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a model of three lines says about grants: amount left, without limit when absent; and the last moment. */
interface Held {
  left: bigint | undefined;
  readonly ends: bigint | undefined;
}

interface World {
  bench: Bench;
  now: bigint;
  readonly grants: Map<string, Held>;
  readonly money: Map<string, bigint>;
}

function apply(world: World, op: Step): void {
  const { bench, grants, money } = world;
  if (op.kind === "block") {
    world.now += 1n;
    world.bench = bench.at(5n + world.now, BENCH_TIME_NS + world.now);
    world.bench.module("authz").beginBlock?.(world.bench.ctx, {} as never);
    for (const [pair, { ends }] of grants) if (ends !== undefined && ends < world.now) grants.delete(pair);
    return;
  }
  if (op.kind === "grant") {
    grant(bench, op.from, op.to, op.limit === null ? generic() : limited(op.limit), op.ends === null ? undefined : BENCH_TIME_NS + op.ends);
    grants.set(`${op.from} ${op.to}`, { left: op.limit ?? undefined, ends: op.ends ?? undefined });
    return;
  }
  if (op.kind === "revoke") {
    bench.send(`${MSG}Revoke`, { granter: bench.account(op.from), grantee: bench.account(op.to), msgTypeUrl: SEND });
    grants.delete(`${op.from} ${op.to}`);
    return;
  }
  exec(bench, op.by, ...op.moves.map(({ from, to, amount }) => transfer(bench, from, to, amount)));
  for (const { from, to, amount } of op.moves) {
    const pair = `${from} ${op.by}`;
    const held = grants.get(pair);
    assert.ok(from === op.by || held !== undefined, "nobody moves another's money without leave");
    if (from !== op.by && held?.left !== undefined) {
      held.left -= amount;
      assert.ok(held.left >= 0n, "nor more than allowed");
      if (held.left === 0n) grants.delete(pair);
    }
    money.set(from, (money.get(from) ?? 0n) - amount);
    money.set(to, (money.get(to) ?? 0n) + amount);
  }
}

describe("whatever is granted, used, revoked and expires", () => {
  it("nobody moves more of another's money than was allowed, and state is what the grants say", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world: World = { bench: begin(), now: 0n, grants: new Map(), money: new Map(NAMES.map((name) => [name, FUNDS])) };
        for (const op of steps) {
          const before = world.bench.store("authz").dump();
          try {
            apply(world, op);
          } catch (error) {
            if (!(error instanceof ModuleError)) throw error;
            assert.deepEqual(world.bench.store("authz").dump(), before, "a failure leaves no trace");
          }
          assert.deepEqual(world.bench.broken(), []);
          for (const name of NAMES) assert.equal(balance(world.bench, name), world.money.get(name));
          assert.equal((world.bench.exportGenesis("authz") as { authorization: object[] }).authorization.length, world.grants.size);
        }
        const again = begin().at(5n + world.now, BENCH_TIME_NS + world.now - 1n);
        again.init("authz", world.bench.exportGenesis("authz") as object);
        assert.deepEqual(again.store("authz").dump(), world.bench.store("authz").dump());
      }),
      run,
    );
  });
});
