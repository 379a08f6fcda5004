import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attempt, type Ctx, type MessageService, sdkError } from "#sdk";
import { StoreError } from "../../../app/store/storeError.ts";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { consensus } from "../../../modules/consensus/index.ts";
import { distribution } from "../../../modules/distribution/index.ts";
import { executeMessages } from "../../../modules/gov/execute.ts";
import type { Gov } from "../../../modules/gov/gov.ts";
import { gov } from "../../../modules/gov/index.ts";
import { staking } from "../../../modules/staking/index.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

/** Messages that do what their type says. */
function scripted(acts: Readonly<Record<string, (ctx: Ctx) => void>>): {
  readonly bench: Bench;
  readonly run: (...types: string[]) => ReturnType<typeof executeMessages>;
} {
  const messages: MessageService = {
    handles: (typeUrl) => typeUrl in acts,
    read: ({ typeUrl }) => ({
      typeUrl,
      value: {},
      signers: () => [],
      check: () => {},
      execute(ctx) {
        acts[typeUrl]?.(ctx);
        return { typeUrl, value: new Uint8Array(0) };
      },
    }),
  };
  const bench = createBench({ modules: [consensus, auth, bank, staking, distribution, gov], ports: { gov: { messages } } });
  bench.init("auth", {});
  bench.init("gov");
  const module = bench.module("gov");
  const parts = {
    state: module.state,
    ports: { messages },
    needs: { bank: bench.facet(bank, "view") },
    account: module.account,
    err: {},
    params: {},
  } as unknown as Gov;
  return {
    bench,
    run: (...types) =>
      executeMessages(
        parts,
        bench.ctx,
        types.map((typeUrl) => ({ typeUrl, value: new Uint8Array(0) })),
      ),
  };
}

const mint = (bench: () => Bench) => (ctx: Ctx) => bench().facet(bank, "mint").mint(ctx, bench().account("rich"), "coin", 7n);

describe("messages of a passed proposal", () => {
  for (const [label, fail, reason] of [
    [
      "a refusal",
      () => {
        throw sdkError.unauthorized("no");
      },
      "no: unauthorized",
    ],
    [
      "running out of gas",
      () => {
        throw sdkError.outOfGas("WriteFlat");
      },
      "WriteFlat: out of gas",
    ],
    [
      "a defect",
      () => {
        (undefined as unknown as { x: () => void }).x();
      },
      "internal error",
    ],
    [
      "something that is no error",
      () => {
        throw "text";
      },
      "internal error",
    ],
  ] as const)
    it(`undo everything with ${label}`, () => {
      const chain = scripted({ "/good": mint(() => chain.bench), "/bad": fail });
      const outcome = chain.run("/good", "/bad");
      assert.deepEqual(outcome, { ok: false, reason, log: `passed, but msg 1 (/bad) failed on execution: ${reason}` });
      assert.equal(chain.bench.facet(bank, "view").supply(chain.bench.ctx, "coin"), 0n);
      assert.deepEqual(chain.bench.takeEvents(), []);
    });
  it("may hold messages that fail alone", () => {
    const chain = scripted({
      "/outer": (ctx) => {
        mint(() => chain.bench)(ctx);
        attempt(ctx, (inner) => {
          mint(() => chain.bench)(inner);
          throw sdkError.unauthorized("inner");
        });
      },
    });
    const outcome = chain.run("/outer");
    assert.ok(outcome.ok);
    assert.deepEqual(
      outcome.events.map(({ type }) => type),
      ["coin_received", "coinbase"],
    );
    assert.equal(chain.bench.facet(bank, "view").supply(chain.bench.ctx, "coin"), 7n);
  });
  it("do not hide that the store fails or the stack is exhausted", () => {
    const chain = scripted({
      "/store": () => {
        throw new StoreError("backendFailed", "broken");
      },
      "/stack": () => {
        const again = (): number => again() + 1;
        again();
      },
    });
    assert.throws(() => chain.run("/store"), StoreError);
    assert.throws(() => chain.run("/stack"), RangeError);
  });
});
