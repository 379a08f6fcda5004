// What is broken on purpose is found, by the changes of the block that broke it, and the line that a run ends with brings it back.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { simCommand } from "../../../cmd/hanzod/command/sim.ts";
import type { InvariantPlan } from "../../../cmd/hanzod/sim/chain/invariantWatch.ts";
import { SimFailure } from "../../../cmd/hanzod/sim/chain/simFailure.ts";
import { simulateChain } from "../../../cmd/hanzod/sim/chain/simulateChain.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { slashing } from "../../../modules/slashing/index.ts";
import type { SigningRecord } from "../../../modules/slashing/signingRecord.ts";

/** The block that writes a wrong count, and the one that puts it right again. */
const [BROKEN, MENDED] = [7n, 9n];
const run = (invariants: InvariantPlan, blocks = 12): Promise<unknown> => simulateChain({ seed: 2, blocks, invariants });
const stopsAt = (invariants: InvariantPlan, height: number) =>
  assert.rejects(run(invariants), (error) => {
    assert.ok(error instanceof SimFailure, String(error));
    assert.equal(error.height, height);
    assert.match(error.message, /^invariant slashing\/countersMatchBitmaps: hanzovalcons1[0-9a-z]+ counts /);
    return true;
  });

describe("an invariant that is broken for two blocks", () => {
  const spec = slashing.spec as { beginBlock?: typeof slashing.spec.beginBlock };
  const right = spec.beginBlock;
  before(() => {
    spec.beginBlock = (m) => {
      const { signingRecords } = (m as unknown as { state: Record<string, Infos> }).state;
      return (ctx, block) => {
        right?.(m)(ctx, block);
        const off = ctx.height === BROKEN ? 5n : ctx.height === MENDED ? -5n : 0n;
        if (off === 0n) return;
        const [first] = signingRecords?.entries(ctx) ?? [];
        if (first === undefined) return;
        const [at, { info, steadySince }] = first;
        signingRecords?.set(ctx, at, { info: { ...info, missedBlocksCounter: info.missedBlocksCounter + off }, steadySince });
      };
    };
  });
  after(() => {
    if (right !== undefined) spec.beginBlock = right;
  });
  it("is found in the block that broke it where changes are looked at", () => stopsAt("changed", 7));
  it("is found in the same block where all is looked at after every block", () => stopsAt("every", 7));
  it("is found at the next look in full", () => stopsAt(4, 8));
  it("passes where nobody looks in between", async () => void (await run(11)));
  it("is brought back by the line that the command ends with", async () => {
    const first = await failureOf(["--seed", "2", "--blocks", "12", "--invariants", "changed"]);
    const line = "hanzod sim chain --seed 2 --validators 4 --operations 3 --blocks 7 --invariants every";
    assert.equal(first.next, line);
    const again = await failureOf(line.split(" ").slice(3));
    assert.deepEqual([again.message, again.why, again.next], [first.message, first.why, first.next]);
  });
});

interface Infos {
  entries(ctx: unknown): Iterable<readonly [Uint8Array, SigningRecord]>;
  set(ctx: unknown, key: Uint8Array, record: SigningRecord): void;
}

async function failureOf(args: readonly string[]): Promise<CliError> {
  const command = simCommand();
  const failed = command.parseAsync(["chain", ...args], { from: "user" });
  return failed.then(
    () => assert.fail("a failure expected"),
    (error: unknown) => (error instanceof CliError ? error : assert.fail(String(error))),
  );
}
