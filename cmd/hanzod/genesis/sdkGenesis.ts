// The genesis file of a Cosmos SDK chain as this program begins a chain with it.
import { type ChainChoice, chainProfile } from "../../../app/chainProfile.ts";
import { decodeBech32 } from "../../../app/encoding/bech32.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { CliError } from "../../shared/cliError.ts";
import type { GenesisDocument } from "./initChainRequest.ts";
import { DEFAULT_POWER_REDUCTION, findPowerReduction, type Weighed } from "./powerReduction.ts";

/** A genesis file in the SDK's form: `initial_height` may be a number, the consensus engine's part stands under `consensus`. */
interface SdkGenesis {
  readonly genesis_time?: string;
  readonly chain_id?: string;
  readonly initial_height?: string | number;
  readonly consensus?: { readonly params?: GenesisDocument["consensus_params"]; readonly validators?: readonly unknown[] };
  /** Before the SDK 0.50. */
  readonly consensus_params?: GenesisDocument["consensus_params"];
  readonly validators?: readonly unknown[];
  readonly app_state?: Readonly<Record<string, unknown>>;
}

/** A chain that begins with somebody else's genesis. */
export interface ImportedGenesis {
  readonly choice: ChainChoice;
  readonly document: GenesisDocument;
  /** Modules of the file that were left out because they were to be skipped. */
  readonly skipped: readonly string[];
}

/**
 * Turns the genesis file of a Cosmos SDK chain into one of CometBFT's form with the modules that are here. The prefix is that of the accounts, the denomination
 * that of stake, the power reduction what stake and power of the validators say, 10^6 where the file shows none.
 * @param skip names of modules whose state may be left out
 * @throws CliError when it is no such file, or has state of modules that are not here and not to be skipped
 */
export function importSdkGenesis(text: string, skip: readonly string[]): ImportedGenesis {
  const genesis = parse(text);
  const { app_state: all = {}, consensus } = genesis;
  const params = consensus?.params ?? genesis.consensus_params;
  if (params === undefined) throw refusal("consensus.params are expected");
  const state = Object.entries(all).filter(([, value]) => value !== null);
  const choice: ChainChoice = {
    modules: "sdk",
    config: {
      ...CHAIN,
      bech32Prefix: prefixOf(all),
      baseDenom: bondDenomOf(all),
      powerReduction: findPowerReduction(weighed(all)) ?? DEFAULT_POWER_REDUCTION,
    },
  };
  const known = new Set(chainProfile(choice).app.modules.map(({ name }) => name));
  const foreign = state.flatMap(([name, value]) => (known.has(name) || !hasContent(value) ? [] : [name]));
  const refused = foreign.filter((name) => !skip.includes(name));
  if (refused.length > 0)
    throw new CliError(`the file has state of modules that are not here: ${refused.join(", ")}`, {
      why: `this program has ${[...known].join(", ")}`,
      next: `to begin without their state: --skip ${refused.join(",")}`,
    });
  const document: GenesisDocument = {
    genesis_time: genesis.genesis_time ?? "",
    chain_id: genesis.chain_id ?? "",
    initial_height: String(genesis.initial_height ?? 1),
    consensus_params: params,
    validators: (consensus?.validators ?? genesis.validators ?? []) as NonNullable<GenesisDocument["validators"]>,
    app_state: Object.fromEntries(state.filter(([name]) => known.has(name))),
  };
  return { choice, document, skipped: foreign };
}

function parse(text: string): SdkGenesis {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && "app_state" in json) return json as SdkGenesis;
  } catch {
    throw refusal("the text is not valid JSON");
  }
  throw refusal("an object with app_state is expected");
}

function refusal(why: string): CliError {
  return new CliError("the file is no genesis of a Cosmos SDK chain", { why });
}

/** Empty lists, texts and objects say nothing. */
function hasContent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasContent);
  return value !== null && value !== undefined && value !== "" && value !== false;
}

/** A value of nested objects, by its path. */
function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined), value);
}

function prefixOf(state: unknown): string {
  const owners = [...listAt(state, "bank", "balances"), ...listAt(state, "auth", "accounts")];
  const address = owners.map((owner) => at(owner, "address")).find((text) => typeof text === "string" && text !== "");
  try {
    return decodeBech32(String(address)).prefix;
  } catch {
    throw refusal("an account or balance with a bech32 address is expected in app_state");
  }
}

function bondDenomOf(state: unknown): string {
  const denom = at(state, "staking", "params", "bond_denom") ?? at(state, "mint", "params", "mint_denom");
  if (typeof denom !== "string") throw refusal("app_state.staking.params.bond_denom is expected");
  return denom;
}

function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Validators that the chain went on with, where the file is an export. */
function weighed(state: unknown): readonly Weighed[] {
  const tokens = new Map(
    listAt(state, "staking", "validators").map((validator) => [at(validator, "operator_address"), at(validator, "tokens")]),
  );
  return listAt(state, "staking", "last_validator_powers").flatMap((last) => {
    const stake = tokens.get(at(last, "address"));
    return typeof stake === "string" ? [{ tokens: BigInt(stake), power: BigInt(String(at(last, "power"))) }] : [];
  });
}
