// Starts that must not happen: each says why and what to do, ends with its exit code, and leaves the home as it was.
import assert from "node:assert/strict";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { EXIT } from "../../cmd/hanzod/node/nodeError.ts";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { killComet, spawnNode } from "./harness/nodeProcess.ts";
import { appHead, waitForHeight } from "./harness/rpc.ts";

/** What tests read of a genesis document. */
interface Json {
  readonly app_state: { readonly hmm: { readonly pools: readonly unknown[] } };
}

describe("hanzod start", () => {
  let chain: ChainHome;
  before(async () => {
    chain = await createChainHome(50);
  });
  after(async () => {
    await killComet(chain);
    await chain.remove();
  });

  /** Starts and expects the end. */
  async function refused(extra: readonly string[] = []): Promise<{ readonly code: number | null; readonly output: string }> {
    const node = spawnNode(chain, extra);
    // One that starts after all would run for ever: the test then sees its exit code and what it printed.
    const tooLong = setTimeout(() => void node.end("SIGTERM"), 300_000);
    const code = await node.exited;
    clearTimeout(tooLong);
    return { code, output: node.output() };
  }

  /** Changes a file for the length of some work. */
  async function withFile(path: string, edit: (text: string) => string, work: () => Promise<void>): Promise<void> {
    const text = await readFile(path, "utf8");
    await writeFile(path, edit(text));
    try {
      await work();
    } finally {
      await writeFile(path, text);
    }
  }

  /** Puts a value into the genesis document; appends where the path ends in a list. */
  function put(document: Json, path: string, value: unknown): void {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const target = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), document);
    assert.ok(typeof target === "object" && target !== null, path);
    Reflect.set(target, Array.isArray(target) && last === "" ? target.length : last, value);
  }

  const genesisCases: readonly (readonly [name: string, path: string, value: (document: Json) => unknown, says: RegExp])[] = [
    ["a supply that is not the sum of balances", "app_state.bank.supply.0.amount", () => "1", /supply/],
    ["a balance that no supply covers", "app_state.bank.balances.0.coins.0.amount", () => "7", /supply/],
    ["an unknown module", "app_state.group", () => ({}), /group/],
    ["an unknown field of a module", "app_state.bank.extra", () => 1, /extra/],
    ["an unknown field of the document", "extra", () => 1, /extra/],
    [
      "an address of another chain",
      "app_state.auth.accounts.0.address",
      () => "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a",
      /address|bech32/i,
    ],
    ["a vault that locks less than the credit", "app_state.hmm.vault.locked", () => "1", /credit|vault|locked/],
    ["a pool with a reserve beyond 112 bits", "app_state.hmm.pools.0.psi", () => (1n << 112n).toString(), /psi|2\^112/],
    ["a pool twice", "app_state.hmm.pools.", ({ app_state: state }) => state.hmm.pools[0], /pool/],
    ["no validator", "app_state.genutil.gen_txs", () => [], /validator/],
  ];
  for (const [name, path, value, says] of genesisCases) {
    it(`refuses a genesis file with ${name}`, async () => {
      const edit = (text: string): string => {
        const document = JSON.parse(text) as Json;
        put(document, path, value(document));
        return JSON.stringify(document);
      };
      await withFile(chain.home.config.genesis, edit, async () => {
        const { code, output } = await refused();
        assert.notEqual(code, 0, output);
        assert.match(output, /HZN-GENESIS/);
        assert.match(output, says);
        assert.match(output, /next: /);
      });
    });
  }

  it("refuses another release of CometBFT before it touches the home", async () => {
    const fake = join(chain.home.root, "cometbft");
    await writeFile(fake, "#!/bin/sh\necho 0.38.24\n", { mode: 0o755 });
    const { code, output } = await refused(["--comet", fake]);
    assert.equal(code, EXIT.config, output);
    assert.match(output, /HZN-COMET-VERSION: .*0\.38\.24.*0\.38\.25/);
    await rm(fake);
  });

  it("refuses a key file that others can read", async () => {
    await chmod(chain.home.config.privValidatorKey, 0o644);
    const { code, output } = await refused();
    assert.equal(code, EXIT.config, output);
    assert.match(output, /HZN-MODES[\s\S]*next: chmod 600/);
    await chmod(chain.home.config.privValidatorKey, 0o600);
  });

  it("refuses an unknown key of app.toml by name", async () => {
    await withFile(
      chain.home.config.app,
      (text) => `prunning = "custom"\n${text}`,
      async () => {
        const { code, output } = await refused();
        assert.equal(code, EXIT.config, output);
        assert.match(output, /app\.toml:1: unknown key prunning[\s\S]*did you mean pruning\?/);
      },
    );
  });

  it("names the port that is taken, and its holder", async () => {
    const port = Number(new URL(chain.rpc).port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    try {
      const { code, output } = await refused();
      assert.equal(code, EXIT.busy, output);
      assert.match(output, new RegExp(`HZN-PORT: port ${port} .*process ${process.pid}`));
    } finally {
      server.close();
    }
  });

  it("starts on the same home after all of that; a second start is refused and the first goes on", async () => {
    const node = spawnNode(chain);
    try {
      await node.ready();
      await waitForHeight(chain.rpc, 1);
      const { code, output } = await refused();
      assert.equal(code, EXIT.busy, output);
      assert.match(output, new RegExp(`HZN-LOCK: .*process ${node.child.pid}`));
      const { height } = await appHead(chain.rpc);
      await waitForHeight(chain.rpc, height + 2);
    } finally {
      assert.equal(await node.end("SIGTERM"), 0, node.output());
    }
  });

  it("refuses a genesis file that was changed after the first start", async () => {
    await withFile(
      chain.home.config.genesis,
      (text) => `${text}\n`,
      async () => {
        const { code, output } = await refused();
        assert.equal(code, EXIT.config, output);
        assert.match(output, /HZN-GENESIS: .* is not the file this home was started with/);
      },
    );
  });
});
