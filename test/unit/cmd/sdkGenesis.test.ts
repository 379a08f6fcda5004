import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainProfile } from "../../../app/chainProfile.ts";
import { encodeBech32 } from "../../../app/encoding/bech32.ts";
import { findGenesisProblems } from "../../../cmd/hanzod/genesis/findGenesisProblems.ts";
import { findPowerReduction } from "../../../cmd/hanzod/genesis/powerReduction.ts";
import { importSdkGenesis } from "../../../cmd/hanzod/genesis/sdkGenesis.ts";
import { CliError } from "../../../cmd/shared/cliError.ts";
import { readSdkVectors } from "../../harness/sdkVectors.ts";

const { genesis, exported } = readSdkVectors("genesis");
const params = { block: { max_bytes: "1", max_gas: "-1" } };

/** A chain of another prefix and denomination with nothing but balances. */
const small = (state: object): string =>
  JSON.stringify({
    chain_id: "planet-1",
    genesis_time: "2026-01-01T00:00:00Z",
    initial_height: 7,
    consensus: { params },
    app_state: {
      bank: { balances: [{ address: encodeBech32("planet", new Uint8Array(20)), coins: [] }] },
      staking: { params: { bond_denom: "stone" } },
      ...state,
    },
  });

/** Names of all modules of a genesis. */
const sdkModules = (text: string): readonly string[] => Object.keys((JSON.parse(text) as { readonly app_state: object }).app_state);

const refused = (text: string, skip: readonly string[] = []): CliError => {
  try {
    importSdkGenesis(text, skip);
  } catch (error) {
    assert.ok(error instanceof CliError);
    return error;
  }
  throw new Error("a refusal expected");
};

describe("the genesis of a Cosmos SDK chain", () => {
  it("gives prefix, denomination and the consensus engine's part", () => {
    const all = Object.keys(exported.app_state);
    const { choice, document } = importSdkGenesis(JSON.stringify(genesis), all);
    assert.equal(choice.modules, "sdk");
    assert.equal(choice.config.bech32Prefix, "cosmos");
    assert.equal(choice.config.baseDenom, "stake");
    assert.equal(choice.config.powerReduction, 1_000_000n);
    assert.equal(document.chain_id, "simd-testing");
    assert.equal(document.initial_height, "1");
    assert.deepEqual(document.consensus_params.validator, { pub_key_types: ["ed25519"] });
  });

  it("reads another chain's names, and takes heights as numbers", () => {
    const { choice, document, skipped } = importSdkGenesis(small({ wasm: { codes: ["x"] }, group: { list: [] } }), ["wasm", "staking"]);
    assert.deepEqual([choice.config.bech32Prefix, choice.config.baseDenom], ["planet", "stone"]);
    assert.equal(document.initial_height, "7");
    assert.ok(skipped.includes("wasm"));
    assert.ok(!("wasm" in document.app_state) && !("group" in document.app_state), "what is not here is left out");
  });

  it("is refused with the names of all modules that have state and are not here, unless they may be skipped", () => {
    const error = refused(small({ wasm: { codes: ["x"] }, nft: { classes: [{ id: "c" }] }, group: { list: [] } }), ["staking"]);
    assert.match(error.message, /: wasm, nft$/);
    assert.match(error.next, /--skip wasm,nft$/);
  });

  it("begins with metadata that its own `genesis validate` would refuse, and with switches among the parameters, as a node of the SDK does", async () => {
    const text = JSON.stringify({
      ...genesis,
      app_state: {
        ...(genesis.app_state as unknown as Record<string, unknown>),
        bank: {
          ...(genesis.app_state as unknown as { readonly bank: object }).bank,
          params: { send_enabled: [{ denom: "ucosm", enabled: false }], default_send_enabled: true },
          send_enabled: [],
          denom_metadata: [{ base: "ucosm", display: "COSM", denom_units: [{ denom: "ucosm", exponent: 0 }] }],
        },
      },
    });
    const { choice, document } = importSdkGenesis(text, sdkModules(text));
    assert.deepEqual(await findGenesisProblems(JSON.stringify(document), { chain: chainProfile(choice) }), []);
    const [problem] = await findGenesisProblems(JSON.stringify(document), {
      chain: { ...chainProfile(choice), choice: { ...choice, modules: "hanzo" } },
    });
    assert.match(problem?.reason ?? "", /no longer supported/);
  });

  it("is refused when it is something else", () => {
    for (const text of ["{", "[]", "{}", JSON.stringify({ app_state: {} }), JSON.stringify({ app_state: {}, consensus: { params } })])
      assert.match(refused(text).message, /no genesis of a Cosmos SDK chain/);
  });

  it("shows how much stake makes one unit of power", () => {
    assert.equal(findPowerReduction([{ tokens: 10_140_969_134n, power: 10_140n }]), 1_000_000n);
    assert.equal(findPowerReduction([{ tokens: 5n * 10n ** 18n + 7n, power: 5n }]), 10n ** 18n);
    assert.equal(findPowerReduction([{ tokens: 10n, power: 3n }]), undefined);
    assert.equal(findPowerReduction([]), undefined);
  });
});
