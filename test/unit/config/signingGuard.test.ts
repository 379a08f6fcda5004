// A node ends when another one signs with its key, and never because of its own signatures.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import { findOwnSigner, guardSigning } from "../../../cmd/hanzod/app/signingGuard.ts";
import { createHome, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { fakeApplication } from "../abci/fakeApplication.ts";

const OWN = new Uint8Array(20).fill(1);
const OTHER = new Uint8Array(20).fill(2);
const NOW_S = 1_790_000_000n;

/** A block with a vote of `address` in the height before. @param age of the block, seconds */
const block = (height: bigint, address: Uint8Array, blockIdFlag: 1 | 2 | 3, age = 1n): RequestFinalizeBlock =>
  RequestFinalizeBlock.fromPartial({
    height,
    time: { seconds: NOW_S - age, nanos: 0 },
    decidedLastCommit: { round: 0, votes: [{ validator: { address, power: 1n }, blockIdFlag }] },
  });

const guard = (signed: bigint | undefined) =>
  guardSigning(fakeApplication(), { address: OWN, signedHeight: () => signed }, () => Number(NOW_S) * 1000);

describe("a node with a consensus key", () => {
  for (const flag of [2, 3] as const)
    it(`ends when a recent block has a vote of its key (flag ${flag}) that it never gave`, () => {
      assert.throws(() => guard(8n).finalizeBlock(block(10n, OWN, flag)), {
        code: "HZN-DOUBLE-SIGN",
        message: /voted in height 9, and this node has signed in none after 8/,
      });
    });

  const goesOn: readonly (readonly [what: string, signed: bigint | undefined, request: RequestFinalizeBlock])[] = [
    ["its own vote", 9n, block(10n, OWN, 2)],
    ["its own vote, the next one given already", 10n, block(10n, OWN, 2)],
    ["its absence", 8n, block(10n, OWN, 1)],
    ["the vote of another key", 0n, block(10n, OTHER, 2)],
    ["a vote of a minute ago", 8n, block(10n, OWN, 2, 60n)],
    ["nothing known of what it signed", undefined, block(10n, OWN, 2)],
    ["no votes at all", 8n, RequestFinalizeBlock.fromPartial({ height: 10n, time: { seconds: NOW_S, nanos: 0 } })],
  ];
  for (const [what, signed, request] of goesOn) it(`goes on with ${what}`, async () => void (await guard(signed).finalizeBlock(request)));

  it("finds key and last signature in its home, and nothing where a signer elsewhere has the key", async () => {
    const root = await mkdtemp(join(tmpdir(), "hz-"));
    try {
      const home = homeLayout(root);
      await createHome(home);
      const key = { type: "x", value: Buffer.alloc(64, 3).toString("base64") };
      await writeFile(home.config.nodeKey, JSON.stringify({ priv_key: key }));
      await writeFile(
        home.config.privValidatorKey,
        JSON.stringify({ pub_key: { type: "x", value: Buffer.alloc(32, 3).toString("base64") } }),
      );
      await writeFile(home.config.comet, 'priv_validator_laddr = ""\n');
      const signer = await findOwnSigner(home);
      assert.equal(signer?.address.length, 20);
      assert.equal(signer?.signedHeight(), undefined);
      await writeFile(home.data.privValidatorState, '{"height":"7","round":0,"step":3}');
      assert.equal(signer?.signedHeight(), 7n);
      await writeFile(home.data.privValidatorState, "{");
      assert.equal(signer?.signedHeight(), undefined);
      await writeFile(home.config.comet, 'priv_validator_laddr = "tcp://1.2.3.4:5"\n');
      assert.equal(await findOwnSigner(home), undefined);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
