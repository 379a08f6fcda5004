import { readFile } from "node:fs/promises";
import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { reasonOf } from "../../shared/cliError.ts";
import { NodeError } from "../node/nodeError.ts";
import { type GenesisDocument, initChainRequest } from "./initChainRequest.ts";

/** Keys of CometBFT's genesis document; it ignores others in silence. */
const KEYS: ReadonlySet<string> = new Set([
  "genesis_time",
  "chain_id",
  "initial_height",
  "consensus_params",
  "validators",
  "app_hash",
  "app_state",
]);

/**
 * Tries a genesis file on a state in memory. Called before the first start: CometBFT keeps a copy of the file from then on, so a mistake
 * that shows only there could no longer be mended in the file.
 * @param path the genesis file
 * @throws NodeError HZN-GENESIS naming the field and what is wrong with it
 */
export async function requireValidGenesis(path: string): Promise<void> {
  const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: hanzoStores }) });
  try {
    app.initChain(initChainRequest(parseDocument(await readFile(path, "utf8"))));
  } catch (thrown) {
    throw new NodeError(
      "HZN-GENESIS",
      `${path} is no genesis of this chain: ${reasonOf(thrown)}`,
      "mend the file, or put the chain's own genesis.json in its place; nothing was started",
    );
  }
}

function parseDocument(text: string): GenesisDocument {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("an object expected");
  const unknown = Object.keys(json).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) throw new Error(`unknown key ${unknown.join(", ")}; known keys are ${[...KEYS].join(", ")}`);
  for (const [path, accepts] of SHAPE) {
    const value = path
      .split(".")
      .reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined), json);
    if (!accepts(value))
      throw new Error(`${path}: ${accepts.expected} expected, got ${value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60)}`);
  }
  return json as GenesisDocument;
}

/** A height as the genesis file writes it. */
const HEIGHT = /^[1-9]\d{0,17}$/;

/**
 * The height of a chain's first block, as its genesis file says; 1 where the file is gone or says nothing that {@link requireValidGenesis}
 * accepts, so that a chain under way does not depend on it.
 */
export async function findInitialHeight(path: string): Promise<bigint> {
  try {
    const { initial_height: height } = JSON.parse(await readFile(path, "utf8")) as { readonly initial_height?: unknown };
    return typeof height === "string" && HEIGHT.test(height) ? BigInt(height) : 1n;
  } catch {
    return 1n;
  }
}

interface Accepts {
  (value: unknown): boolean;
  readonly expected: string;
}

const text: Accepts = Object.assign((value: unknown) => typeof value === "string", { expected: "a text" });
const chainName: Accepts = Object.assign((value: unknown) => typeof value === "string" && value.length >= 1 && value.length <= 50, {
  expected: "a text of 1 to 50 characters",
});
const wholeNumber: Accepts = Object.assign((value: unknown) => typeof value === "string" && /^-?\d{1,19}$/.test(value), {
  expected: "a whole number in quotes",
});
const height: Accepts = Object.assign((value: unknown) => typeof value === "string" && HEIGHT.test(value), {
  expected: "a height from 1 on in quotes",
});
const object: Accepts = Object.assign((value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value), {
  expected: "an object",
});
const list: Accepts = Object.assign((value: unknown) => Array.isArray(value), { expected: "a list" });
const validators: Accepts = Object.assign((value: unknown) => Array.isArray(value) && value.every(isValidator), {
  expected: "a list of validators with ed25519 pub_key and power",
});

/** What the conversion for the state machine relies on. */
const SHAPE: readonly (readonly [path: string, accepts: Accepts])[] = [
  ["genesis_time", text],
  ["chain_id", chainName],
  ["initial_height", height],
  ["consensus_params.block.max_bytes", wholeNumber],
  ["consensus_params.block.max_gas", wholeNumber],
  ["consensus_params.evidence.max_age_num_blocks", wholeNumber],
  ["consensus_params.evidence.max_age_duration", wholeNumber],
  ["consensus_params.evidence.max_bytes", wholeNumber],
  ["consensus_params.validator.pub_key_types", list],
  ["validators", validators],
  ["app_state", object],
];

function isValidator(value: unknown): boolean {
  const { pub_key: key, power } = (value ?? {}) as {
    readonly pub_key?: { readonly type?: unknown; readonly value?: unknown };
    readonly power?: unknown;
  };
  return key?.type === "tendermint/PubKeyEd25519" && typeof key.value === "string" && wholeNumber(power);
}
