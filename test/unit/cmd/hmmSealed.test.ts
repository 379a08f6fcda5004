import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { QueryParamsResponse, QueryRoundResponse } from "#proto/hanzo/hmm/v1/query";
import { MsgCommitOrder, MsgRevealOrder } from "#proto/hanzo/hmm/v1/tx";
import { Side } from "#proto/hanzo/hmm/v1/types";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { toHex } from "../../../app/encoding/bytes.ts";
import { dropSealed, loadSealed, saveSealed } from "../../../cmd/hanzod/hmm/sealedFile.ts";
import { requireCommits, requireReveals, revealMessage, sealOrder, TooEarly } from "../../../cmd/hanzod/hmm/sealing.ts";
import { findEvent, unquote } from "../../../cmd/hanzod/hmm/sendAndWait.ts";
import { findEnd } from "../../../cmd/hanzod/job/waitForOrder.ts";
import { fakeMarket } from "./hmmFake.ts";

const home = mkdtempSync(join(tmpdir(), "hz-sealed-"));
after(() => rmSync(home, { recursive: true, force: true }));

const TIER = 10n ** 21n;
const roundOf = (id: bigint, revealing: boolean): QueryRoundResponse =>
  QueryRoundResponse.fromPartial({ round: { id, startHeight: 11n, commitBlocks: 5n, revealBlocks: 5n }, revealing });
const WISH = {
  chainId: "test-1",
  sender: encodeBech32("hanzo", new Uint8Array(20).fill(7)),
  poolId: "gpu",
  side: "buy",
  resource: 360_000n * 10n ** 9n,
  limitE18: 600_000n * 10n ** 18n,
} as const;
const market = fakeMarket([], { params: async () => QueryParamsResponse.fromPartial({ params: { commitTier: TIER.toString() } }) });
const seal = (id = 3n) => sealOrder(market, requireCommits(roundOf(id, false)), WISH);

describe("a sealed order", () => {
  test("is kept with its salt, and its two messages belong together", async () => {
    const { file, commit } = await seal();
    assert.deepEqual([file.round, file.revealFrom, file.revealTo, file.deposit], [3n, 16n, 20n, TIER]);
    const sent = MsgCommitOrder.decode(commit);
    assert.deepEqual([sent.sender, sent.poolId, toHex(sent.hash), sent.deposit], [WISH.sender, "gpu", file.hash, TIER.toString()]);
    const reveal = MsgRevealOrder.decode(revealMessage(file));
    assert.deepEqual(
      [reveal.sender, reveal.poolId, reveal.side, reveal.resource, reveal.limitE18, toHex(reveal.salt)],
      [WISH.sender, "gpu", Side.SIDE_BUY, WISH.resource.toString(), WISH.limitE18.toString(), file.salt],
    );
    assert.notEqual((await seal()).file.salt, file.salt, "every salt is new");
    assert.throws(() => revealMessage({ ...file, resource: file.resource + 1n }), /the file has been changed/);
  });

  test("lies in a folder and a file of its owner alone, is never overwritten, and comes back as it was", async () => {
    const { file } = await seal();
    const path = saveSealed(home, file);
    assert.match(path, /sealed\/gpu-3-[0-9a-f]{8}\.json$/);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(join(home, "sealed")).mode & 0o777], [0o600, 0o700]);
    assert.deepEqual(loadSealed(path), file);
    assert.throws(() => saveSealed(home, file), /cannot be kept/);
    const text = readFileSync(path, "utf8");
    for (const broken of [
      "",
      "{}",
      text.replace('"buy"', '"borrow"'),
      text.replace(file.salt, "aa"),
      text.replace("sealed/v1", "sealed/v2"),
    ]) {
      writeFileSync(path, broken);
      assert.throws(() => loadSealed(path), /is no sealed order/);
    }
    dropSealed(path);
    assert.throws(() => loadSealed(path), /is no sealed order/);
  });

  test("cannot be kept where nothing can be written, and says that nothing was sent", async () => {
    const { file } = await seal();
    const blocked = join(home, "blocked");
    mkdirSync(blocked);
    writeFileSync(join(blocked, "sealed"), "a file, not a folder");
    chmodSync(blocked, 0o700);
    assert.throws(() => saveSealed(blocked, file), /cannot be kept/);
  });
});

describe("the phases of a round", () => {
  test("decide what it takes, and say from which height on", async () => {
    assert.equal(requireCommits(roundOf(3n, false)).id, 3n);
    assert.throws(
      () => requireCommits(roundOf(3n, true)),
      (thrown) => thrown instanceof TooEarly && /commits begin at height 21$/.test(thrown.message),
    );
    const { file } = await seal();
    assert.equal(requireReveals(roundOf(3n, true), file).id, 3n);
    assert.throws(
      () => requireReveals(roundOf(3n, false), file),
      (thrown) => thrown instanceof TooEarly && /from height 16 on$/.test(thrown.message),
    );
    assert.throws(
      () => requireReveals(roundOf(4n, true), file),
      (thrown) => !(thrown instanceof TooEarly) && /has ended at height 20/.test(String(thrown)),
    );
  });
});

describe("events", () => {
  const event = (type: string, fields: Readonly<Record<string, string>>) => ({
    type: `hanzo.hmm.v1.${type}`,
    attributes: Object.entries(fields).map(([key, value]) => ({ key, value })),
  });

  test("of a transaction are found by type, with the texts that the message had", () => {
    const events = [event("EventTrade", { pool_id: '"gpu"' }), event("EventBundleRouted", { cost: '"17"', legs: "3" })];
    const found = findEvent({ events }, "hanzo.hmm.v1.EventBundleRouted");
    assert.deepEqual([found?.get("cost"), found?.get("legs")], ["17", "3"]);
    assert.equal(findEvent({ events }, "hanzo.hmm.v1.Other"), undefined);
    assert.deepEqual(['"a"', "3", "no json"].map(unquote), ["a", "3", "no json"]);
  });

  test("of a block tell the end of one's own order only", () => {
    const closed = (id: string) => event("EventOrderClosed", { order_id: `"${id}"`, reason: '"filled"', filled: '"5"', credit: '"9"' });
    const results = { finalize_block_events: [event("EventOrderFilled", { order_id: '"2"' }), closed("1"), closed("2")] };
    assert.deepEqual(findEnd(results, 2n, 8), { height: 8, reason: "filled", filled: 5n, credit: 9n });
    assert.equal(findEnd(results, 3n, 8), undefined);
    assert.equal(findEnd({ finalize_block_events: null }, 2n, 8), undefined);
  });
});
