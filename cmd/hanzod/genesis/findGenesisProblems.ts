import { createHanzoApp, hanzoStores } from "../../../app/hanzo.ts";
import { createMemoryCommitStore } from "../../../app/store/commitStore.ts";
import { shapeProblems } from "./documentShape.ts";
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

/**
 * Everything that is wrong with the text of a genesis file: that it is JSON, what CometBFT reads of it, each module's part, all of them
 * together on a state in memory, and the invariants of that state. Later steps are looked at when the earlier ones find nothing.
 */
export async function findGenesisProblems(text: string): Promise<readonly GenesisProblem[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const { line, column } = jsonErrorPlace(text);
    return [{ line, path: "", reason: `the text is not valid JSON from column ${column} on`, ...BAD_REQUEST }];
  }
  const shape = shapeProblems(json).map(({ path, reason }) => ({ detail: path === "" ? reason : `${path}: ${reason}`, ...BAD_REQUEST }));
  const found = shape.length > 0 ? shape : await stateProblems(json as GenesisDocument);
  if (found.length === 0) return [];
  const places = new JsonPlaces(text);
  return found.map(({ detail, codespace, code }) => {
    const { place, rest } = places.locate(detail);
    return { line: place.line, path: place.path, reason: [...place.names, rest].join(": "), codespace, code };
  });
}

async function stateProblems(document: GenesisDocument): Promise<readonly { detail: string; codespace: string; code: number }[]> {
  const app = await createHanzoApp({ store: createMemoryCommitStore({ stores: hanzoStores }) });
  return app.checkGenesis(initChainRequest(document));
}
