// The doctor finds what was broken on purpose, names it, and says what to do; a good home has no finding.
import assert from "node:assert/strict";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openCommitStore } from "../../../app/store/commitStore.ts";
import { initHome } from "../../../cmd/hanzod/command/init.ts";
import { examine, type Thorough } from "../../../cmd/hanzod/doctor/examine.ts";
import type { Machine, RunningFacts } from "../../../cmd/hanzod/doctor/finding.ts";
import { realMachine } from "../../../cmd/hanzod/doctor/realMachine.ts";
import { readCometIdentity } from "../../../cmd/hanzod/node/cometConfig.ts";
import { type Home, homeLayout } from "../../../cmd/hanzod/node/home.ts";
import { walHead } from "../../../cmd/hanzod/node/mendWal.ts";
import { NodeError } from "../../../cmd/hanzod/node/nodeError.ts";
import { findFreePorts } from "../../../cmd/hanzod/node/ports.ts";
import { formatIdentity, identify } from "../../../cmd/hanzod/node/processIdentity.ts";
import { findPages, mendCheckpoint } from "../../conformance/checkpointBytes.ts";
import { runWorkloadBlock, workloadStores } from "../../conformance/storeWorkload.ts";

const GIB = 2 ** 30;
const PEER = `${"ab".repeat(20)}@10.1.2.3:26656`;

let folder: string;
let good: Home;
let standard: string;
let restPort = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "hz-"));
  good = homeLayout(join(folder, "good"));
  const [rpc = 0, p2p = 0, rest = 0, grpc = 0] = await findFreePorts(4);
  await initHome(good, { chainId: "hanzo-1", moniker: "m", local: false, ports: { rpc, p2p, rest, grpc }, timeoutCommitMs: 1000 });
  standard = await readFile(good.config.comet, "utf8");
  restPort = rest;
});
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

/** A machine on which all is well. */
function goodMachine(): Machine {
  return {
    environment: {},
    nodeVersion: "v20.19.0",
    fileLimit: async () => 65_536,
    freeBytes: async () => 500 * GIB,
    memoryBytes: async () => 16 * GIB,
    syncSeconds: async () => 0.002,
    hasNativeSignatures: () => true,
    isPortFree: async () => true,
    findPortOwner: async () => undefined,
    cometBinary: async () => "cometbft",
    defaultCometConfig: async () => standard,
    storeHeight: async () => undefined,
    askNode: async () => undefined,
  };
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  const changed = change(text);
  assert.notEqual(changed, text, "the file was changed");
  await writeFile(path, changed);
}

/** Sets a key of config.toml. */
const comet = (section: string, key: string, value: string) => (home: Home) =>
  edit(home.config.comet, (text) => {
    const at = section === "" ? 0 : text.indexOf(`[${section}]`);
    return text.slice(0, at) + text.slice(at).replace(new RegExp(`^${key} = .*$`, "m"), `${key} = ${value}`);
  });
const app = (before: RegExp, after: string) => (home: Home) => edit(home.config.app, (text) => text.replace(before, after));
const all =
  (...steps: ((home: Home) => Promise<void>)[]) =>
  async (home: Home): Promise<void> => {
    for (const step of steps) await step(home);
  };
const leave = async (): Promise<void> => undefined;
const fails = async (): Promise<never> => {
  throw new NodeError("HZN-COMET-VERSION", "cometbft is 0.38.24, needed is 0.38.25", "scripts/cometbft.sh");
};
const signer = (height: string) => (home: Home) => writeFile(home.data.privValidatorState, JSON.stringify({ height, round: 0, step: 3 }));
const own = async (home: Home): Promise<string> => (await readCometIdentity(home)).nodeId;
const rest = async (home: Home): Promise<string> => /tcp:\/\/127\.0\.0\.1:(\d+)/.exec(await readFile(home.config.app, "utf8"))?.[1] ?? "";
const facts = (changes: Partial<RunningFacts>): Partial<Machine> => ({
  askNode: async () => ({
    status: { height: 9, blockTimeMs: 1_000_000, catchingUp: false },
    cometVersion: "0.38.25",
    peers: 1,
    votes: new Map(),
    askedMs: 1_000_500,
    ...changes,
  }),
});
const walWithoutEnd = async (home: Home): Promise<void> => {
  await mkdir(dirname(walHead(home)), { recursive: true });
  await cp(new URL("../../../../test/golden/comet/wal-without-end", import.meta.url), walHead(home));
};
/** A state whose checkpoint has a wrong node under right checksums. */
const forgedState = async (home: Home): Promise<void> => {
  const store = await openCommitStore({ path: home.data.app, stores: workloadStores });
  for (let block = 0; block < 3; block++) await runWorkloadBlock(store, 1);
  await store.checkpoint();
  await store.close();
  assert.deepEqual(await examine(home, goodMachine(), { state: true }), []);
  const path = join(home.data.app, "checkpoints", `checkpoint-${"3".padStart(20, "0")}`);
  const bytes = await readFile(path);
  const { to } = findPages(bytes)[1] ?? assert.fail("no page of nodes");
  bytes[to - 40] = (bytes[to - 40] ?? 0) ^ 1;
  await writeFile(path, mendCheckpoint(bytes));
  assert.deepEqual(await examine(home, goodMachine()), []);
};
const PANIC = "panic: state (60) and store (0) height mismatch, stores were left in an inconsistent state";
/** CometBFT has data and ended with these last lines. */
const cometEnded =
  (...lines: string[]) =>
  async (home: Home): Promise<void> => {
    await mkdir(join(home.data.dir, "state.db"));
    await writeFile(home.logs.comet, ["I[2026-11-30|04:00:00.000] Version info", ...lines, ""].join("\n"));
  };
/** This process holds the home. */
const running = async (home: Home): Promise<void> => writeFile(home.run.lock, formatIdentity(await identify(process.pid)));

interface Row {
  readonly seed: (home: Home) => Promise<void>;
  readonly thorough?: Thorough;
  readonly machine?: Partial<Machine>;
  readonly check: string;
  readonly what: RegExp;
}

const MISCONFIGURATIONS: Readonly<Record<string, Row>> = {
  "a checkpoint with a node that its hash does not say": {
    seed: forgedState,
    thorough: { state: true },
    check: "state.checkpoint",
    what: /store\/14 .*checkpoint-0+3, height 3, store "acc", node \d+/,
  },
  "a home that was never made": { seed: (home) => rm(home.config.genesis), check: "home.missing", what: /genesis\.json is missing/ },
  "a home that others may enter": { seed: (home) => chmod(home.root, 0o755), check: "home.mode", what: /mode 755/ },
  "a validator key that others can read": {
    seed: (home) => chmod(home.config.privValidatorKey, 0o644),
    check: "keys.mode",
    what: /priv_validator_key/,
  },
  "a damaged node key": { seed: (home) => writeFile(home.config.nodeKey, "{}"), check: "keys.damaged", what: /node_key/ },
  "a keyring that others can read": {
    seed: async (home) => {
      await mkdir(home.keyring.file, { mode: 0o700 });
      await writeFile(join(home.keyring.file, "a.json"), "{}");
      await chmod(join(home.keyring.file, "a.json"), 0o644);
    },
    check: "keyring.mode",
    what: /a\.json/,
  },
  "keys in the clear on a real chain": {
    seed: async (home) => {
      await mkdir(home.keyring.test, { mode: 0o700 });
      await writeFile(join(home.keyring.test, "a.json"), "{}", { mode: 0o600 });
    },
    check: "keyring.test",
    what: /1 keys in the clear/,
  },
  "a lock of a process that is gone": {
    seed: (home) => writeFile(home.run.lock, formatIdentity({ pid: 2 ** 22 + 1, born: "1" })),
    check: "run.stale",
    what: /hanzod\.lock/,
  },
  "a takeover that never ended": { seed: (home) => writeFile(`${home.run.lock}.takeover`, ""), check: "run.takeover", what: /takeover/ },
  "a mistyped key of app.toml": {
    seed: app(/^halt-height/m, "halt-heigth"),
    check: "app.invalid",
    what: /app\.toml:\d+: unknown key halt-heigth/,
  },
  "a mistyped variable": {
    seed: leave,
    machine: { environment: { HANZOD_API_ENABEL: "true" } },
    check: "app.variable",
    what: /HANZOD_API_ENABEL/,
  },
  "transactions for free": { seed: app(/^minimum-gas-prices = .*/m, 'minimum-gas-prices = ""'), check: "app.free", what: /empty/ },
  "an archive that fills the memory": { seed: app(/^pruning = .*/m, 'pruning = "nothing"'), check: "app.archive", what: /in memory/ },
  "a public REST API that any page may call": {
    seed: all(
      app(/tcp:\/\/127\.0\.0\.1/, "tcp://0.0.0.0"),
      app(/enabled-unsafe-cors = false/, "enabled-unsafe-cors = true"),
      app(/^(\[telemetry\][^[]*?)enabled = true/m, "$1enabled = false"),
    ),
    check: "app.cors",
    what: /any web page/,
  },
  "metrics on a public port": { seed: app(/tcp:\/\/127\.0\.0\.1/, "tcp://0.0.0.0"), check: "app.metrics", what: /metrics are public/ },
  "a halt that has come": {
    seed: all(app(/^halt-height = 0/m, "halt-height = 5"), signer("6")),
    machine: { storeHeight: async () => 5n },
    check: "app.halted",
    what: /height 5 and halt-height is 5/,
  },
  "readiness that an idle chain never has": {
    seed: comet("consensus", "create_empty_blocks", "false"),
    check: "app.block-age",
    what: /never ready/,
  },
  "a broken config.toml": {
    seed: (home) => edit(home.config.comet, (text) => `${text}\n[rpc\n`),
    check: "comet.unreadable",
    what: /no valid TOML/,
  },
  "a mistyped key of config.toml": {
    seed: (home) => edit(home.config.comet, (text) => text.replace(/^persistent_peers =/m, "persistant_peers =")),
    check: "comet.unknown-key",
    what: /p2p\.persistant_peers/,
  },
  "a config.toml that does not say where the RPC is": {
    seed: (home) => edit(home.config.comet, (text) => text.replace(/(\n\[rpc\][\s\S]*?)\nladdr = .*/, "$1")),
    check: "comet.missing-key",
    what: /has no rpc\.laddr/,
  },
  "ABCI over gRPC": { seed: comet("", "abci", '"grpc"'), check: "comet.abci", what: /not socket/ },
  "unsafe RPC calls for everybody": {
    seed: all(comet("rpc", "unsafe", "true"), comet("rpc", "laddr", '"tcp://0.0.0.0:26657"')),
    check: "comet.unsafe",
    what: /unsafe calls/,
  },
  "an RPC that any page may call": {
    seed: all(comet("rpc", "cors_allowed_origins", '["*"]'), comet("rpc", "laddr", '"tcp://0.0.0.0:26657"')),
    check: "comet.cors",
    what: /public RPC/,
  },
  "state sync without snapshots": { seed: comet("statesync", "enable", "true"), check: "comet.statesync", what: /state sync/ },
  "a node that was stopped between state sync and its first block": {
    seed: cometEnded(PANIC, "", "goroutine 1 [running]:", "main.main()", "\t/x/main.go:1"),
    check: "comet.state-sync",
    what: /stopped after state sync/,
  },
  "no index of transactions": { seed: comet("tx_index", "indexer", '"null"'), check: "comet.indexer", what: /indexes no/ },
  "results of blocks thrown away": { seed: comet("storage", "discard_abci_responses", "true"), check: "comet.responses", what: /results/ },
  "a mempool that takes nothing": { seed: comet("mempool", "type", '"nop"'), check: "comet.mempool", what: /no transactions/ },
  "a mempool that the application would keep": { seed: comet("mempool", "type", '"app"'), check: "comet.mempool", what: /no transactions/ },
  "transactions that are not looked at again": {
    seed: comet("mempool", "recheck", "false"),
    check: "comet.recheck",
    what: /not looked at again/,
  },
  "settings of a local network in public": {
    seed: all(comet("p2p", "addr_book_strict", "false"), comet("p2p", "laddr", '"tcp://0.0.0.0:26656"')),
    check: "comet.address-book",
    what: /private addresses/,
  },
  "peers elsewhere and an address of this machine": {
    seed: comet("p2p", "persistent_peers", JSON.stringify(PEER)),
    check: "comet.unreachable",
    what: /cannot connect to this node/,
  },
  "a peer without an id": { seed: comet("p2p", "persistent_peers", '"10.1.2.3:26656"'), check: "comet.peer", what: /10\.1\.2\.3/ },
  "a node that is its own peer": {
    seed: async (home) => comet("p2p", "persistent_peers", JSON.stringify(`${await own(home)}@127.0.0.1:26656`))(home),
    check: "comet.self",
    what: /itself/,
  },
  "a remote signer beside a key": { seed: comet("", "priv_validator_laddr", '"tcp://0.0.0.0:1234"'), check: "comet.signer", what: /1234/ },
  "a port given twice": {
    seed: async (home) => comet("rpc", "laddr", `"tcp://127.0.0.1:${await rest(home)}"`)(home),
    check: "ports.twice",
    what: /CometBFT RPC and the REST API/,
  },
  "a port that somebody has": {
    seed: leave,
    machine: { isPortFree: async (port) => port !== restPort, findPortOwner: async () => "nginx (process 7)" },
    check: "ports.taken",
    what: /for the REST API is in use by nginx \(process 7\)/,
  },
  "a genesis file with a mistake": {
    seed: (home) => edit(home.config.genesis, (text) => text.replace('"chain_id"', '"chainid"')),
    check: "genesis.invalid",
    what: /unknown key chainid/,
  },
  "a genesis file of another chain": {
    seed: (home) => writeFile(join(home.data.dir, "genesis.sha256"), `${"00".repeat(32)}\n`),
    check: "genesis.changed",
    what: /not the file/,
  },
  "no signer's state": { seed: (home) => rm(home.data.privValidatorState), check: "signer.missing", what: /is missing/ },
  "a damaged signer's state": {
    seed: (home) => writeFile(home.data.privValidatorState, "{"),
    check: "signer.damaged",
    what: /cannot be read/,
  },
  "data from an old backup under a newer signer's state": {
    seed: signer("9"),
    machine: { storeHeight: async () => 6n },
    check: "signer.ahead",
    what: /height 9, the store of height 6/,
  },
  "a write-ahead log without the end of a height": { seed: walWithoutEnd, check: "wal.end", what: /height 1 is over/ },
  "a signer's state from an old backup": {
    seed: signer("3"),
    machine: { storeHeight: async () => 10n },
    check: "signer.old",
    what: /of height 3, the store of height 10/,
  },
  "few files": { seed: leave, machine: { fileLimit: async () => 1024 }, check: "machine.files", what: /1024/ },
  "little memory": { seed: leave, machine: { memoryBytes: async () => GIB }, check: "machine.memory", what: /1\.0 GiB/ },
  "a full disk": { seed: leave, machine: { freeBytes: async () => GIB / 2 }, check: "machine.disk", what: /0\.5 GiB/ },
  "a slow disk": { seed: leave, machine: { syncSeconds: async () => 0.2 }, check: "machine.disk-speed", what: /200 ms/ },
  "an old Node.js": { seed: leave, machine: { nodeVersion: "v18.20.1" }, check: "machine.node", what: /v18\.20\.1/ },
  "slow signatures": { seed: leave, machine: { hasNativeSignatures: () => false }, check: "machine.signatures", what: /JavaScript/ },
  "another CometBFT": { seed: leave, machine: { cometBinary: fails }, check: "machine.comet", what: /0\.38\.24/ },
  "a node that does not answer": { seed: running, check: "run.silent", what: /does not answer/ },
  "a clock that is slow": {
    seed: running,
    machine: facts({ askedMs: 990_000 }),
    check: "clock.slow",
    what: /at least 10\.0 s slow/,
  },
  "a validator whose clock is off": {
    seed: running,
    machine: { ...facts({}) },
    check: "clock.skew",
    what: /5\.0 s ahead of the others/,
  },
  "another CometBFT beside the node": {
    seed: running,
    machine: facts({ cometVersion: "0.38.21" }),
    check: "run.version",
    what: /0\.38\.21/,
  },
  "a node that fetches old blocks": {
    seed: running,
    machine: facts({ status: { height: 9, blockTimeMs: 0, catchingUp: true } }),
    check: "run.behind",
    what: /height 9/,
  },
  "a node without its peers": {
    seed: all(comet("p2p", "persistent_peers", JSON.stringify(PEER.replace("10.1.2.3", "127.0.0.1"))), running),
    machine: facts({ peers: 0 }),
    check: "run.alone",
    what: /no peers/,
  },
};

describe("hanzod doctor", () => {
  it("finds nothing wrong with a new home on a good machine", async () => {
    assert.deepEqual(await examine(good, goodMachine()), []);
    await running(good);
    try {
      assert.deepEqual(await examine(good, { ...goodMachine(), ...facts({}) }), []);
    } finally {
      await rm(good.run.lock);
    }
  });

  it("knows the settings that a release of CometBFT writes as tables in a list", async () => {
    const home = homeLayout(join(folder, "lists"));
    await cp(good.root, home.root, { recursive: true });
    const lists = `${standard}\n[[p2p.libp2p.scaler.overrides]]\nreactor = "MEMPOOL"\n`;
    await writeFile(home.config.comet, lists);
    const unknown = async (config: string): Promise<number> => {
      const found = await examine(home, { ...goodMachine(), defaultCometConfig: async () => config });
      return found.filter(({ check }) => check === "comet.unknown-key").length;
    };
    assert.equal(await unknown(lists), 0);
    assert.equal(await unknown(standard), 1);
  });

  it("changes nothing of a home", async () => {
    const before = await readFile(good.config.comet, "utf8");
    const real = realMachine();
    const found = await examine(good, {
      ...real,
      environment: {},
      // Its ports were free when it was made; somebody may have taken one since.
      isPortFree: async () => true,
      cometBinary: async () => "cometbft",
      defaultCometConfig: async () => standard,
    });
    // What this machine is like is not the home's fault.
    assert.deepEqual(
      found.filter(({ check }) => !check.startsWith("machine.")),
      [],
    );
    assert.equal(await readFile(good.config.comet, "utf8"), before);
  });

  it("does not speak of an end that was seen to since", async () => {
    const home = homeLayout(join(folder, "seen-to"));
    await cp(good.root, home.root, { recursive: true });
    await cometEnded(PANIC, "", "goroutine 1 [running]:", "I[2026-11-30|05:00:00.000] Version info")(home);
    assert.deepEqual(await examine(home, goodMachine()), []);
    await writeFile(home.logs.comet, `${PANIC}\n`);
    assert.equal((await examine(home, goodMachine()))[0]?.check, "comet.state-sync");
    await rm(join(home.data.dir, "state.db"), { recursive: true });
    assert.deepEqual(await examine(home, goodMachine()), []);
  });

  it("has a case here for every finding that it can make", async () => {
    const folderOfDoctor = join(import.meta.dirname, "../../../../cmd/hanzod/doctor");
    const sources = await Promise.all((await readdir(folderOfDoctor)).map((file) => readFile(join(folderOfDoctor, file), "utf8")));
    // The first argument of what makes a finding, or the name in a row of a table.
    const named = /(?:\b(?:error|warning|run)\(\s*|\bcheck: )"([a-z]+\.[a-z-]+)"/g;
    const names = sources.flatMap((text) => [...text.matchAll(named)].map(([, name]) => name));
    const seeded = Object.values(MISCONFIGURATIONS).map(({ check }) => check);
    assert.deepEqual([...new Set(names)].sort(), [...new Set(seeded)].sort());
  });

  for (const [name, { seed, machine, thorough, check, what }] of Object.entries(MISCONFIGURATIONS))
    it(`finds ${name}`, async () => {
      const home = homeLayout(join(folder, check));
      await mkdir(dirname(home.root), { recursive: true });
      await rm(home.root, { recursive: true, force: true });
      await cp(good.root, home.root, { recursive: true, preserveTimestamps: true });
      await chmod(home.root, 0o700);
      await seed(home);
      const { validatorAddress } = await readCometIdentity(home).catch(() => ({ validatorAddress: new Uint8Array(0) }));
      const skewed = new Map([
        [Buffer.from(validatorAddress).toString("hex").toUpperCase(), 1_005_000],
        ["A", 999_900],
        ["B", 1_000_000],
        ["C", 1_000_100],
      ]);
      const seen = { ...goodMachine(), ...machine, ...(check === "clock.skew" ? facts({ votes: skewed }) : {}) };
      const found = await examine(home, seen, thorough);
      const hit = found.find((finding) => finding.check === check) ?? assert.fail(`${check} among ${JSON.stringify(found, null, 1)}`);
      assert.match(hit.what, what);
      assert.ok(hit.why.length > 10 && hit.next.length > 5, JSON.stringify(hit));
      // One mistake is one finding, and nothing else is blamed.
      assert.deepEqual(
        found.map((finding) => finding.check),
        [check],
        JSON.stringify(found, null, 1),
      );
    });
});
