// What wallets and registries are told fits the rules by which they read it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ChainFacts, readHomeFacts } from "../../../cmd/hanzod/chaininfo/chainFacts.ts";
import { chainNames } from "../../../cmd/hanzod/chaininfo/chainNames.ts";
import { cosmosKitProps, registryAssets, registryChain } from "../../../cmd/hanzod/chaininfo/chainRegistry.ts";
import { keplrChainInfo } from "../../../cmd/hanzod/chaininfo/keplr.ts";
import { pingPubChain } from "../../../cmd/hanzod/chaininfo/pingPub.ts";
import { initHome } from "../../../cmd/hanzod/command/init.ts";
import { homeLayout } from "../../../cmd/hanzod/node/home.ts";

/** A rule for a value: a kind, a pattern of text, the fields of an object (`?` marks those that may be missing; others are errors), or a list. */
type Rule = "number" | "integer" | "text" | RegExp | { readonly [field: string]: Rule } | readonly [Rule, "some" | "any"];

/** Where a document breaks its rules. */
function faults(rule: Rule, value: unknown, path = "$"): string[] {
  if (rule === "number" || rule === "integer")
    return typeof value === "number" && (rule === "number" || Number.isInteger(value))
      ? []
      : [`${path}: ${rule} expected, got ${JSON.stringify(value)}`];
  if (rule === "text" || rule instanceof RegExp) {
    const fits = typeof value === "string" && value !== "" && (rule === "text" || rule.test(value));
    return fits ? [] : [`${path}: ${String(rule)} expected, got ${JSON.stringify(value)}`];
  }
  if (Array.isArray(rule)) {
    const [element, count] = rule as readonly [Rule, "some" | "any"];
    if (!Array.isArray(value) || (count === "some" && value.length === 0)) return [`${path}: a list expected`];
    return value.flatMap((item, index) => faults(element, item, `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [`${path}: an object expected`];
  const fields = new Map(
    Object.entries(rule).map(([name, inner]) => [name.replace("?", ""), { inner: inner as Rule, optional: name.endsWith("?") }]),
  );
  const unknown = Object.keys(value).filter((name) => !fields.has(name));
  return [
    ...unknown.map((name) => `${path}.${name}: unknown`),
    ...[...fields].flatMap(([name, { inner, optional }]) => {
      const field: unknown = Reflect.get(value, name);
      if (field === undefined) return optional ? [] : [`${path}.${name}: missing`];
      return faults(inner, field, `${path}.${name}`);
    }),
  ];
}

const CURRENCY = { coinDenom: "text", coinMinimalDenom: "text", coinDecimals: "integer" } as const;
const KEPLR: Rule = {
  chainId: "text",
  chainName: "text",
  rpc: /^https?:\/\/[^/]+$/,
  rest: /^https?:\/\/[^/]+$/,
  bip44: { coinType: "integer" },
  bech32Config: {
    bech32PrefixAccAddr: /^[a-z]+$/,
    bech32PrefixAccPub: /^[a-z]+pub$/,
    bech32PrefixValAddr: /^[a-z]+valoper$/,
    bech32PrefixValPub: /^[a-z]+valoperpub$/,
    bech32PrefixConsAddr: /^[a-z]+valcons$/,
    bech32PrefixConsPub: /^[a-z]+valconspub$/,
  },
  currencies: [CURRENCY, "some"],
  feeCurrencies: [{ ...CURRENCY, gasPriceStep: { low: "number", average: "number", high: "number" } }, "some"],
  stakeCurrency: CURRENCY,
  features: ["text", "any"],
};
const ENDPOINT = { address: "text", "provider?": "text" } as const;
const CHAIN: Rule = {
  $schema: /^(\.\.\/)+chain\.schema\.json$/,
  chain_name: /^[a-z0-9]+$/,
  chain_type: /^cosmos$/,
  chain_id: "text",
  pretty_name: "text",
  status: /^(live|upcoming|killed)$/,
  network_type: /^(mainnet|testnet|devnet)$/,
  bech32_prefix: "text",
  daemon_name: "text",
  node_home: "text",
  key_algos: [/^secp256k1$/, "some"],
  slip44: "integer",
  fees: {
    fee_tokens: [
      { denom: "text", fixed_min_gas_price: "number", low_gas_price: "number", average_gas_price: "number", high_gas_price: "number" },
      "some",
    ],
  },
  codebase: { recommended_version: "text", compatible_versions: ["text", "some"], consensus: { type: /^cometbft$/ } },
  apis: { rpc: [ENDPOINT, "some"], rest: [ENDPOINT, "some"] },
};
const ASSETS: Rule = {
  $schema: /^(\.\.\/)+assetlist\.schema\.json$/,
  chain_name: /^[a-z0-9]+$/,
  assets: [
    {
      "description?": "text",
      denom_units: [{ denom: "text", exponent: "integer", "aliases?": ["text", "some"] }, "some"],
      type_asset: /^sdk\.coin$/,
      base: "text",
      display: "text",
      name: /^.{1,30}$/,
      symbol: "text",
    },
    "some",
  ],
};

describe("hanzod chain-info", () => {
  let folder: string;
  let facts: ChainFacts;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hz-info-"));
    const home = homeLayout(join(folder, "home"));
    await initHome(home, {
      chainId: "hanzo-local-1",
      moniker: "m",
      local: true,
      ports: { rpc: 1111, p2p: 2222, rest: 3333, grpc: 9090 },
      timeoutCommitMs: 500,
    });
    facts = await readHomeFacts(home);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("writes what Keplr reads", () => {
    assert.deepEqual(faults(KEPLR, keplrChainInfo(facts)), []);
    const { rpc, rest, currencies, feeCurrencies } = keplrChainInfo(facts) as {
      rpc: string;
      rest: string;
      currencies: unknown[];
      feeCurrencies: unknown[];
    };
    assert.deepEqual([rpc, rest], ["http://127.0.0.1:1111", "http://127.0.0.1:3333"]);
    assert.deepEqual(currencies[0], { coinDenom: "AI", coinMinimalDenom: "aai", coinDecimals: 18 });
    const gasPriceStep = { low: 25_000_000, average: 37_500_000, high: 50_000_000 };
    assert.deepEqual(feeCurrencies, [{ coinDenom: "AI", coinMinimalDenom: "aai", coinDecimals: 18, gasPriceStep }]);
  });

  it("writes what Ping.pub reads", () => {
    const told = pingPubChain(facts) as { readonly assets: readonly object[]; readonly features: readonly string[] };
    const { assets, features, ...rest } = told;
    assert.deepEqual(rest, {
      chain_name: "hanzodevnet",
      registry_name: "Hanzo Local (hanzo-local-1)",
      network_type: "devnet",
      api: [{ provider: "Hanzo Local (hanzo-local-1)", address: "http://127.0.0.1:3333" }],
      rpc: [{ provider: "Hanzo Local (hanzo-local-1)", address: "http://127.0.0.1:1111" }],
      sdk_version: "0.53.8",
      coin_type: "118",
      min_tx_fee: "25000000",
      addr_prefix: "hanzo",
      logo: "/logo.svg",
    });
    assert.deepEqual(assets[0], { base: "aai", symbol: "AI", exponent: "18", coingecko_id: "", logo: "/logo.svg" });
    assert.equal(assets.length, facts.denoms.length);
    assert.ok(!features.includes("ibc"));
  });

  it("writes what the chain registry takes", () => {
    assert.deepEqual(faults(CHAIN, registryChain(facts)), []);
    assert.deepEqual(faults(ASSETS, registryAssets(facts)), []);
    const { assets } = registryAssets(facts) as {
      assets: { base: string; display: string; denom_units: { denom: string; exponent: number }[] }[];
    };
    for (const { base, display, denom_units: units } of assets) {
      assert.ok(
        units.some(({ denom, exponent }) => denom === base && exponent === 0),
        `${base} is one of its units`,
      );
      assert.ok(
        units.some(({ denom }) => denom === display),
        `${display} is a unit of ${base}`,
      );
    }
  });

  it("writes what cosmos-kit takes", () =>
    assert.deepEqual(
      faults(
        {
          chains: [CHAIN, "some"],
          assetLists: [ASSETS, "some"],
          endpointOptions: { endpoints: { hanzodevnet: { rpc: ["text", "some"], rest: ["text", "some"] } } },
        },
        cosmosKitProps(facts),
      ),
      [],
    ));

  it("says what it can of a chain whose bank describes nothing", () => {
    const bare = { ...facts, denoms: [], minGasPrice: 0 };
    assert.deepEqual(faults(KEPLR, keplrChainInfo(bare)), []);
    assert.deepEqual(faults(CHAIN, registryChain(bare)), []);
  });

  it("names networks by their chain id", () => {
    assert.deepEqual(
      ["hanzo-1", "hanzo-test-3", "hanzo-local-1"].map((id) => [chainNames(id).chainName, chainNames(id).networkType]),
      [
        ["hanzo", "mainnet"],
        ["hanzotestnet", "testnet"],
        ["hanzodevnet", "devnet"],
      ],
    );
  });

  it("has rules that can be broken", () => {
    const chain = registryChain(facts);
    assert.deepEqual(faults(CHAIN, { ...chain, chain_name: "Hanzo", extra: 1 }).length, 2);
    assert.equal(faults(ASSETS, { ...registryAssets(facts), assets: [] }).length, 1);
    assert.equal(faults(KEPLR, { ...keplrChainInfo(facts), features: undefined }).length, 1);
  });
});
