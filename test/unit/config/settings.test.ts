import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Command } from "commander";
import { DEFAULT_APP_CONFIG } from "../../../cmd/hanzod/config/appConfig.ts";
import { formatAppToml, setInAppToml, settingRows } from "../../../cmd/hanzod/config/formatAppToml.ts";
import { type ResolvedSettings, resolveSettings } from "../../../cmd/hanzod/config/resolveSettings.ts";
import { settingFlagsOf, withSettingFlags } from "../../../cmd/hanzod/config/settingFlags.ts";
import { SETTING_KEYS, settingOf, variableOf } from "../../../cmd/hanzod/config/settings.ts";
import { txIndexOf } from "../../../cmd/hanzod/config/txIndexOf.ts";
import { sectionTables } from "../../arch/markdown.ts";

const root = join(import.meta.dirname, "../../../..");
const resolve = (text: string, more: Partial<Parameters<typeof resolveSettings>[0]> = {}): ResolvedSettings =>
  resolveSettings({ file: { path: "app.toml", text }, environment: {}, flags: {}, ...more });

describe("the settings of a node", () => {
  it("are written with a comment to each and read back as they were", () => {
    const text = formatAppToml(DEFAULT_APP_CONFIG);
    const { config, problems, sources } = resolve(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(config, DEFAULT_APP_CONFIG);
    assert.ok(SETTING_KEYS.every((key) => sources[key] === "file"));
    for (const key of SETTING_KEYS) assert.ok(text.includes(`# ${settingOf(key).summary}.\n`), key);
  });

  it("have their defaults when the file is empty", () => {
    const { config, problems, sources } = resolve("");
    assert.deepEqual([config, problems], [DEFAULT_APP_CONFIG, []]);
    assert.ok(SETTING_KEYS.every((key) => sources[key] === "default"));
  });

  for (const [name, file, environment, flags, expected, source] of [
    ["the default", "", {}, {}, 0, "default"],
    ["the file", "halt-height = 1", {}, {}, 1, "file"],
    ["a variable before the file", "halt-height = 1", { HANZOD_HALT_HEIGHT: "2" }, {}, 2, "environment"],
    ["a flag before a variable", "halt-height = 1", { HANZOD_HALT_HEIGHT: "2" }, { "halt-height": "3" }, 3, "flag"],
  ] as const)
    it(`take ${name}`, () => {
      const { config, sources, problems } = resolve(file, { environment, flags });
      assert.deepEqual([config["halt-height"], sources["halt-height"], problems], [expected, source, []]);
    });

  for (const [wrong, where, what, why] of [
    ['pruning = "all"', "app.toml:1", 'pruning is "all"', "one of default, nothing, everything, custom is expected"],
    ["\npruning-keep-recent = 0", "app.toml:2", "pruning-keep-recent is 0", "a whole number of at least 1 is expected"],
    ["halt-height = 1.0", "app.toml:1", "halt-height is 1", "a whole number of at least 0 is expected"],
    ['halt-height = "1"', "app.toml:1", 'halt-height is "1"', "a whole number of at least 0 is expected"],
    ["halt-height = -1", "app.toml:1", "halt-height is -1", "a whole number of at least 0 is expected"],
    ["halt-height = 9007199254740993", "app.toml:1", "halt-height is 9007199254740993", "a whole number of at least 0 is expected"],
    [
      '[api]\n# where\naddress = "127.0.0.1:1317"',
      "app.toml:3",
      'api.address is "127.0.0.1:1317"',
      "tcp://host:port with a port from 1 to 65535 is expected",
    ],
    [
      '[api]\naddress = "tcp://127.0.0.1:65536"',
      "app.toml:2",
      'api.address is "tcp://127.0.0.1:65536"',
      "tcp://host:port with a port from 1 to 65535 is expected",
    ],
    [
      '[grpc]\naddress = "tcp://127.0.0.1:9090"',
      "app.toml:2",
      'grpc.address is "tcp://127.0.0.1:9090"',
      "host:port with a port from 1 to 65535 is expected",
    ],
    ['[api]\nenable = "yes"', "app.toml:2", 'api.enable is "yes"', "true or false is expected"],
    ["api.enable = 1", "app.toml:1", "api.enable is 1", "true or false is expected"],
    ["api = 1", "app.toml:1", "unknown key api", "hanzod config view lists the keys"],
    ["minimum-gas-price = 1", "app.toml:1", "unknown key minimum-gas-price", "did you mean minimum-gas-prices?"],
    ["[api]\nenabled = true", "app.toml:2", "unknown key api.enabled", "did you mean api.enable?"],
    ['address = "x"', "app.toml:1", "unknown key address", "did you mean api.address?"],
    [
      "iavl-cache-size = 1",
      "app.toml:1",
      "unknown key iavl-cache-size",
      "the Cosmos SDK's iavl-cache-size means nothing here (the state is in memory): delete it",
    ],
    [
      "[mempool]\nmax-txs = 1",
      "app.toml:2",
      "unknown key mempool.max-txs",
      "the Cosmos SDK's mempool.max-txs means nothing here (the mempool is CometBFT's: config.toml, section mempool): delete it",
    ],
    [
      'minimum-gas-prices = "cheap"',
      "app.toml:1",
      'minimum-gas-prices is "cheap"',
      'prices such as "0.025aai", separated by commas, or "" is expected',
    ],
    ['log-level = "loud"', "app.toml:1", 'log-level is "loud"', undefined],
    [
      'pruning = "default"\npruning-keep-recent = 5',
      "pruning-keep-recent",
      "pruning-keep-recent is 5 and counts for nothing",
      'it is read with pruning = "custom" only, pruning is "default"',
    ],
    [
      'index-events = ["transfer"]',
      "app.toml:1",
      'index-events is ["transfer"]',
      'a list of names such as ["transfer.recipient", "message.sender"] is expected',
    ],
    ["index-events = [1]", "app.toml:1", 'index-events is ["1"]', undefined],
    ['index-events = "transfer.recipient"', "app.toml:1", 'index-events is "transfer.recipient"', undefined],
    ["query-workers = 65", "app.toml:1", "query-workers is 65", "a whole number from 0 to 64 is expected"],
    ["query-deadline-ms = 99", "app.toml:1", "query-deadline-ms is 99", "a whole number from 100 to 600000 is expected"],
    [
      'index-events = ["transfer.recipient"]\n[tx-index]\nevents = false',
      "index-events",
      'index-events is ["transfer.recipient"] and counts for nothing',
      "it is read with tx-index.events = true only",
    ],
    ["a = = 1", "app.toml:1", "the line cannot be read", undefined],
    ["a = 1\na = 2", "app.toml:2", "the line cannot be read", undefined],
  ] as const)
    it(`refuse ${JSON.stringify(wrong)} and say where and what was expected`, () => {
      const { problems } = resolve(wrong);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.deepEqual([problems[0]?.where, problems[0]?.what], [where, what]);
      if (why !== undefined) assert.equal(problems[0]?.why, why);
    });

  for (const [name, file, environment, flags, expected] of [
    ["everything when nothing is said", "", {}, {}, { events: true, names: [], keepRecent: 0n }],
    [
      "what app.toml says",
      'index-events = ["transfer.recipient", "hanzo.hmm.v1.EventTrade.pool_id"]\n[tx-index]\nkeep-recent = 1000',
      {},
      {},
      { events: true, names: ["transfer.recipient", "hanzo.hmm.v1.EventTrade.pool_id"], keepRecent: 1000n },
    ],
    ["no events", "tx-index.events = false", {}, {}, { events: false, names: [], keepRecent: 0n }],
    [
      "names of a variable",
      "",
      { HANZOD_INDEX_EVENTS: "transfer.recipient, message.sender" },
      {},
      { events: true, names: ["transfer.recipient", "message.sender"], keepRecent: 0n },
    ],
    [
      "a flag that takes the names of the file back",
      'index-events = ["transfer.recipient"]',
      {},
      { "index-events": "" },
      { events: true, names: [], keepRecent: 0n },
    ],
  ] as const)
    it(`make the index of transactions: ${name}`, () => {
      const { config, problems } = resolve(file, { environment, flags });
      assert.deepEqual(problems, []);
      const { events, names, keepRecent } = txIndexOf(config);
      assert.deepEqual({ events, names: [...names], keepRecent }, expected);
    });

  it("name every mistake, not the first alone", () => {
    const { problems } = resolve("halt-heigth = 1\npruning = 3", {
      environment: { HANZOD_API_ENABLE: "yes" },
      flags: { "halt-time": "soon" },
    });
    assert.deepEqual(
      problems.map(({ where }) => where),
      ["app.toml:1", "app.toml:2", "--halt-time", "HANZOD_API_ENABLE"],
    );
  });

  it("can be given as flags, truth values also without a value", () => {
    const command = withSettingFlags(new Command()).parse(
      ["--api.enable=false", "--health.ready-while-catching-up", "--log_level", "warn", "--halt-height", "7"],
      { from: "user" },
    );
    assert.deepEqual(settingFlagsOf(command), {
      "api.enable": "false",
      "health.ready-while-catching-up": "true",
      "log-level": "warn",
      "halt-height": "7",
    });
  });

  it("have variables in the SDK's style", () => {
    assert.equal(variableOf("api.enable"), "HANZOD_API_ENABLE");
    assert.equal(variableOf("minimum-gas-prices"), "HANZOD_MINIMUM_GAS_PRICES");
    assert.equal(new Set(SETTING_KEYS.map(variableOf)).size, SETTING_KEYS.length);
  });

  it("are listed in docs/operators/home.md as they are", () => {
    const document = readFileSync(join(root, "docs", "operators", "home.md"), "utf8");
    const plain = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join(" | ").replaceAll("`", ""));
    assert.deepEqual(plain(sectionTables(document, "Settings")[0] ?? []), plain(settingRows()));
  });
});

describe("changing a setting in the file", () => {
  for (const [name, before, key, value, after] of [
    [
      "keeps comments and other lines",
      '# mine\nhalt-height = 1 # soon\nlog-level = "info"\n',
      "halt-height",
      5,
      '# mine\nhalt-height = 5 # soon\nlog-level = "info"\n',
    ],
    ["keeps a remark behind a text", 'log-level = "info" # all\n', "log-level", "warn", 'log-level = "warn" # all\n'],
    [
      "finds the key of its section only",
      "[telemetry]\nenabled = true\n[api]\nenable = true\n",
      "api.enable",
      false,
      "[telemetry]\nenabled = true\n[api]\nenable = false\n",
    ],
  ] as const)
    it(name, () => assert.equal(setInAppToml(before, key, value), after));

  for (const key of SETTING_KEYS)
    it(`adds ${key} where it is missing`, () => {
      for (const text of ["", "[api]\nmax-open-connections = 10\n", formatAppToml(DEFAULT_APP_CONFIG)]) {
        const changed = setInAppToml(text, key, settingOf(key).initial);
        const { problems, sources } = resolve(changed);
        assert.deepEqual([problems, sources[key]], [[], "file"], changed);
      }
    });
});
