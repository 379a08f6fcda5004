import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, before, beforeEach, test } from "node:test";
import { ResponseInfo } from "#proto/tendermint/abci/types";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { EXIT, NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { formatIdentity, identify } from "../../../cmd/hanzod/node/processIdentity.ts";
import { type NodeOptions, type RunningNode, startNode } from "../../../cmd/hanzod/node/supervisor.ts";
import { GrammarChecker } from "../../harness/abciGrammar.ts";
import { callRpc, createTestHome, getComet, waitForHeight } from "./cometNode.ts";
import { KvstoreApp } from "./kvstoreApp.ts";

let binary = "";
let home: Home;
let remove: () => Promise<void> = async () => undefined;
let closed = 0;
let log: string[] = [];

before(async () => {
  binary = await getComet();
});
beforeEach(async () => {
  ({ home, remove } = await createTestHome(binary));
  closed = 0;
  log = [];
});
afterEach(() => remove());

const QUICK = { delaysMs: [50], restarts: 2, windowMs: 60_000, stopMs: 10_000 };

function start(app: KvstoreApp, more: Partial<NodeOptions> = {}): Promise<RunningNode> {
  return startNode({
    home,
    openApp: async () => ({
      app,
      async close() {
        closed++;
      },
    }),
    comet: { binary, policy: QUICK },
    log: (level, text) => void log.push(`${level} ${text}`),
    ...more,
  });
}

const hasCode =
  (code: string) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof NodeError, String(error));
    assert.equal(error.code, code, error.format());
    return true;
  };

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Nothing that a later start needs may still be held. */
async function assertReleased(): Promise<void> {
  assert.equal(await stat(home.run.lock).catch(() => undefined), undefined, "lock file");
  assert.equal(await stat(home.run.cometPid).catch(() => undefined), undefined, "process file");
  assert.equal(await stat(home.run.abciSocket).catch(() => undefined), undefined, "socket");
}

test("CometBFT killed by SIGKILL is started again and the chain goes on by the grammar", async () => {
  const grammar = new GrammarChecker();
  const node = await start(new KvstoreApp(), { observer: grammar });
  await waitForHeight(node.endpoints.rpc, 2);
  const first = node.cometPid;
  assert.ok(first !== undefined);
  process.kill(first, "SIGKILL");
  while (isAlive(first) || node.cometPid === undefined || node.cometPid === first) await new Promise((resolve) => setTimeout(resolve, 10));
  let up = false;
  while (!up)
    up = await waitForHeight(node.endpoints.rpc, 5).then(
      () => true,
      () => false,
    );
  assert.deepEqual(await node.stop(), { exitCode: EXIT.ok, error: undefined });
  assert.deepEqual(grammar.violations, []);
  await assertReleased();
});

test("an application that fails in a block stops the whole node with a code that is not 0", async () => {
  class Failing extends KvstoreApp {
    override finalizeBlock(request: Parameters<KvstoreApp["finalizeBlock"]>[0]): ReturnType<KvstoreApp["finalizeBlock"]> {
      if (request.height === 3n) throw new Error("supply does not add up");
      return super.finalizeBlock(request);
    }
  }
  const node = await start(new Failing());
  const pid = node.cometPid;
  const exit = await node.exited;
  assert.equal(exit.exitCode, EXIT.failed);
  assert.equal(exit.error?.code, "HZN-APP");
  assert.match(exit.error?.message ?? "", /finalizeBlock: supply does not add up/);
  assert.equal(isAlive(pid), false);
  assert.equal(closed, 1);
  await assertReleased();
});

test("a replay that gives another app hash is fatal and names it", async () => {
  const node = await start(new KvstoreApp());
  await waitForHeight(node.endpoints.rpc, 2);
  await callRpc(node.endpoints.rpc, 'broadcast_tx_commit?tx="a=1"');
  await waitForHeight(node.endpoints.rpc, 5);
  await node.stop();
  class Forgetful extends KvstoreApp {
    override finalizeBlock(request: Parameters<KvstoreApp["finalizeBlock"]>[0]): ReturnType<KvstoreApp["finalizeBlock"]> {
      return { ...super.finalizeBlock(request), appHash: new Uint8Array(8).fill(9) };
    }
  }
  await assert.rejects(start(new Forgetful()), hasCode("HZN-APP-HASH"));
  assert.equal(closed, 2);
  await assertReleased();
});

test("an application ahead of CometBFT is fatal and names it", async () => {
  const node = await start(new KvstoreApp());
  await waitForHeight(node.endpoints.rpc, 3);
  await node.stop();
  class Ahead extends KvstoreApp {
    override info(): ResponseInfo {
      return ResponseInfo.fromPartial({ lastBlockHeight: 9_999n, lastBlockAppHash: new Uint8Array(8) });
    }
  }
  await assert.rejects(start(new Ahead()), hasCode("HZN-APP-AHEAD"));
  await assertReleased();
});

test("a CometBFT left behind by a killed node is ended before the next one starts", async (t) => {
  // It waits for an application that never comes, so it would live for ever.
  const orphan = spawn(binary, ["start", "--home", home.root, "--proxy_app", `unix://${home.root}/nobody.sock`], { stdio: "ignore" });
  t.after(() => orphan.kill("SIGKILL"));
  const gone = new Promise((resolve) => orphan.once("exit", () => resolve("gone")));
  await mkdir(home.run.dir, { recursive: true });
  await writeFile(home.run.cometPid, formatIdentity(await identify(orphan.pid ?? 0)));
  const node = await start(new KvstoreApp());
  assert.equal(await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 60_000, "still there").unref())]), "gone");
  assert.match(log.join("\n"), new RegExp(`earlier start \\(process ${orphan.pid}\\)`));
  await waitForHeight(node.endpoints.rpc, 2);
  assert.equal((await node.stop()).exitCode, EXIT.ok);
  await assertReleased();
});

test("a stop that is asked for while the node is still starting is carried out", async () => {
  const stop = new AbortController();
  class Silent extends KvstoreApp {
    override info(): ResponseInfo {
      setImmediate(() => stop.abort());
      return super.info();
    }
  }
  await assert.rejects(start(new Silent(), { signal: stop.signal }), hasCode("HZN-STOPPED"));
  assert.equal(closed, 1);
  await assertReleased();
  const before = new AbortController();
  before.abort();
  await assert.rejects(start(new KvstoreApp(), { signal: before.signal }), hasCode("HZN-STOPPED"));
  await assertReleased();
  const running = new AbortController();
  const node = await start(new KvstoreApp(), { signal: running.signal });
  running.abort();
  assert.deepEqual(await node.exited, { exitCode: EXIT.ok, error: undefined });
  await assertReleased();
});

test("a second start on the same home is refused and does not disturb the first", async () => {
  const node = await start(new KvstoreApp());
  await assert.rejects(start(new KvstoreApp()), hasCode("HZN-LOCK"));
  assert.equal(closed, 0);
  await waitForHeight(node.endpoints.rpc, 2);
  assert.equal((await node.stop()).exitCode, EXIT.ok);
});

test("a port in use is found before anything is opened", async () => {
  const other = await start(new KvstoreApp());
  const { home: second, remove: removeSecond } = await createTestHome(binary);
  try {
    await writeFile(second.config.comet, await readFile(home.config.comet, "utf8"));
    let opened = false;
    await assert.rejects(
      start(new KvstoreApp(), {
        home: second,
        openApp: async () => {
          opened = true;
          return { app: new KvstoreApp(), close: async () => undefined };
        },
      }),
      (error: unknown) =>
        hasCode("HZN-PORT")(error) && error instanceof NodeError && /CometBFT RPC .*cometbft.*process/.test(error.message),
    );
    assert.equal(opened, false);
  } finally {
    await other.stop();
    await removeSecond();
  }
});

test("a replaced genesis file is refused, a malformed one is named", async () => {
  const good = await readFile(home.config.genesis, "utf8");
  await (await start(new KvstoreApp())).stop();
  await writeFile(home.config.genesis, good.replace("kv-1", "kv-2"));
  await assert.rejects(start(new KvstoreApp()), hasCode("HZN-GENESIS"));
  await rm(join(home.data.dir, "genesis.sha256"));
  execFileSync(binary, ["unsafe-reset-all", "--home", home.root]);
  await writeFile(home.config.genesis, "{");
  await assert.rejects(start(new KvstoreApp()), hasCode("HZN-GENESIS"));
  await assertReleased();
});

test("a home with a path too long for a socket works all the same", async () => {
  const long = homeLayout(join(home.root, "x".repeat(60), "y".repeat(60)));
  await mkdir(join(home.root, "x".repeat(60)));
  const moved = homeLayout(`${home.root}-moved`);
  await rename(home.root, moved.root);
  await mkdir(join(long.root, ".."), { recursive: true });
  await rename(moved.root, long.root);
  const node = await start(new KvstoreApp(), { home: long });
  await waitForHeight(node.endpoints.rpc, 2);
  const socket = node.endpoints.abci.slice("unix://".length);
  assert.equal((await node.stop()).exitCode, EXIT.ok);
  assert.equal(await stat(socket).catch(() => undefined), undefined);
});

test("an API that cannot start takes everything down again, last first", async () => {
  const order: string[] = [];
  const api = (name: string, fails: boolean) => ({
    name,
    start: async () => {
      if (fails) throw new Error("no such certificate");
      return { stop: async () => void order.push(name) };
    },
  });
  await assert.rejects(
    start(new KvstoreApp(), { apis: [api("one", false), api("two", false), api("three", true)] }),
    /no such certificate/,
  );
  assert.deepEqual(order, ["two", "one"]);
  assert.equal(closed, 1);
  await assertReleased();
});

test("a stop ends although the application's store does not close", async () => {
  let close: () => void = () => undefined;
  const closing = new Promise<void>((resolve) => {
    close = resolve;
  });
  const node = await start(new KvstoreApp(), { openApp: async () => ({ app: new KvstoreApp(), close: () => closing }), stepMs: 15_000 });
  assert.equal((await node.stop()).exitCode, EXIT.ok);
  assert.ok(log.includes("error stopping store failed: Error: store did not end within 15000 ms"), log.join("\n"));
  close();
});
