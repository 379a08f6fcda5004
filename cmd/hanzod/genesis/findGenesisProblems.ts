import { type ChainProfile, chainProfile } from "../../../app/chainProfile.ts";
import { createHanzoApp } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { shapeProblems } from "./documentShape.ts";
import { genTxProblems } from "./genTxProblems.ts";
import { type GenesisDocument, initChainRequest } from "./initChainRequest.ts";
import { JsonPlaces, jsonErrorPlace } from "./jsonPlace.ts";

/** Something wrong with a genesis file. */
export interface GenesisProblem {
  /** Counted from 1. */
  readonly line: number;
  /** `app_state.bank.balances[3].coins`; empty for the whole file. */
  readonly path: string;
  /** What was expected and what came; names of elements, whose path has an index, stand in front. */
  readonly reason: string;
  /** The chain's error; that of a request that makes no sense where the file as such is wrong. */
  readonly codespace: string;
  readonly code: number;
}

const BAD_REQUEST = { codespace: "sdk", code: 18 } as const;

/** How a file is judged. */
export interface GenesisRules {
  /** It may still be without validators: they come with the genesis transactions. Default false. */
  readonly draft?: boolean;
  /** Whose genesis it is; Hanzo Network when left out. */
  readonly chain?: ChainProfile;
}

/**
 * Everything that is wrong with the text of a genesis file: that it is JSON, what CometBFT reads of it, each module's part, each genesis
 * transaction, all of them together on a state in memory, and the invariants of that state. Later steps are looked at when the earlier ones find
 * nothing.
 */
export async function findGenesisProblems(text: string, rules: GenesisRules = {}): Promise<readonly GenesisProblem[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const { line, column } = jsonErrorPlace(text);
    return [{ line, path: "", reason: `the text is not valid JSON from column ${column} on`, ...BAD_REQUEST }];
  }
  const shape = shapeProblems(json).map(({ path, reason }) => ({ detail: path === "" ? reason : `${path}: ${reason}`, ...BAD_REQUEST }));
  const found = shape.length > 0 ? shape : await documentProblems(json as GenesisDocument, rules);
  if (found.length === 0) return [];
  const places = new JsonPlaces(text);
  return found.map(({ detail, codespace, code }) => {
    const { place, rest } = places.locate(detail);
    return { line: place.line, path: place.path, reason: [...place.names, rest].join(": "), codespace, code };
  });
}

interface Complaint {
  readonly detail: string;
  readonly codespace: string;
  readonly code: number;
}

async function documentProblems(document: GenesisDocument, rules: GenesisRules): Promise<readonly Complaint[]> {
  const state = await stateProblems(document, rules);
  // The state machine judges the transactions of any chain; what is told beyond that is read with the names of Hanzo Network.
  if (rules.chain?.choice.modules === "sdk") return state;
  // What else is wrong may be why the transactions fail; and where nothing else is, the state tells only the first of them.
  if (state.some(({ detail }) => !detail.startsWith("app_state.genutil"))) return state;
  const wrong = genTxProblems(document).filter(({ doubtful }) => !doubtful);
  return wrong.length > 0 ? wrong.map(({ detail }) => ({ detail, ...BAD_REQUEST })) : state;
}

async function stateProblems(
  document: GenesisDocument,
  { draft = false, chain = chainProfile() }: GenesisRules,
): Promise<readonly Complaint[]> {
  const app = await createHanzoApp({ ...chain.app, store: createMemoryCommitStore({ stores: chain.stores }) });
  const request = initChainRequest(document);
  if (draft && request.validators.length === 0 && !namesValidators(document)) request.validators.push(STAND_IN);
  // A chain of the Cosmos SDK begins with more than its `genesis validate` lets pass: metadata without a name, for instance.
  return app.checkGenesis(request, { bare: chain.choice.modules === "sdk" });
}

/** The validator of a file that has none yet, so that all else can be tried. */
const STAND_IN = { pubKey: { ed25519: new Uint8Array(32), secp256k1: undefined }, power: 1n };

function namesValidators({ app_state }: GenesisDocument): boolean {
  const { genutil, staking } = app_state as { readonly genutil?: { gen_txs?: unknown }; readonly staking?: { validators?: unknown } };
  return [genutil?.gen_txs, staking?.validators].some((list) => Array.isArray(list) && list.length > 0);
}
