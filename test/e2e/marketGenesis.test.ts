// Markets that must not open: `hanzod start` with such a genesis file ends at once and names the field.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { killComet, spawnNode } from "./harness/nodeProcess.ts";

const E18 = 10n ** 18n;

describe("hanzod start with a market that could be drained", () => {
  let chain: ChainHome;
  before(async () => {
    chain = await createChainHome(50);
  });
  after(async () => {
    await killComet(chain);
    await chain.remove();
  });

  const CASES: readonly (readonly [name: string, field: string, value: bigint, says: RegExp])[] = [
    [
      "λ above w, where buyers of more pay less per unit",
      "lambda_e18",
      2n * E18,
      /HZN-GENESIS.*pools\[0\]\.lambda_e18: disk: expected at most half of w_e18 .*got 2000000000000000000/s,
    ],
    ["λ equal to w", "lambda_e18", E18, /HZN-GENESIS.*pools\[0\]\.lambda_e18: disk: expected at most half of w_e18/s],
    [
      "λ one unit above half of w",
      "lambda_e18",
      E18 / 2n + 1n,
      /HZN-GENESIS.*pools\[0\]\.lambda_e18: disk: expected at most half of w_e18/s,
    ],
    [
      "a risk fee that eats the proceeds of a sale",
      "risk_e18",
      E18 / 3n + 1n,
      /HZN-GENESIS.*pools\[0\]\.risk_e18: disk: expected less than a third/s,
    ],
    [
      "a market fee above its bound",
      "market_fee_e18",
      E18 / 20n + 1n,
      /HZN-GENESIS.*pools\[0\]\.market_fee_e18: disk: expected at most 5/s,
    ],
    ["a centre price beyond 112 bits", "centre_e18", 1n << 112n, /HZN-GENESIS.*pools\[0\]\.centre_e18: disk: expected.*2\^112 - 1/s],
    ["reserves below the least", "psi", 999n, /HZN-GENESIS.*psi: expected 1000 to .*got 999/s],
  ];
  for (const [name, field, value, says] of CASES) {
    it(`refuses ${name}`, async () => {
      const path = chain.home.config.genesis;
      const text = await readFile(path, "utf8");
      const document = JSON.parse(text) as { app_state: { hmm: { pools: Record<string, string>[] } } };
      const pool = document.app_state.hmm.pools[0] ?? assert.fail("a pool");
      pool[field] = value.toString();
      await writeFile(path, JSON.stringify(document));
      try {
        const node = spawnNode(chain);
        assert.notEqual(await node.exited, 0, node.output());
        assert.match(node.output(), says);
      } finally {
        await writeFile(path, text);
      }
    });
  }
});
