import type { RequestInitChain } from "#proto/tendermint/abci/types";
import type { BoundModule, Ctx } from "#sdk";
import { timestampNs } from "../sdk/time.ts";
import { type CodedError, isCoded } from "./abciErrors.ts";
import type { ChainHead } from "./chainHead.ts";
import { checkConsensusParams } from "./consensusParams.ts";
import { type GenesisMachine, genesisHeight, importModule, initChain, parseAppState, readModule, requireModule } from "./genesis.ts";
import { brokenInvariants } from "./invariants.ts";
import { RUNTIME_STORE } from "./runtimeState.ts";
import { importNonces } from "./unorderedNonces.ts";

/** Something wrong with a genesis. */
export interface GenesisProblem {
  readonly codespace: string;
  readonly code: number;
  /** `<path>: <what was expected and what came>`; the path may go on behind a colon. */
  readonly detail: string;
}

/**
 * Everything that is wrong with a genesis, where {@link initChain} names the first mistake: the consensus parameters and each module's part by itself; where none of them
 * has a mistake, all together; and where that goes well, every invariant of the state. Leaves an empty chain that must not go on.
 * @param rules `bare`: only whether a chain begins with it, as nodes of the Cosmos SDK judge a genesis that nobody has validated
 */
export function checkGenesis(
  machine: GenesisMachine,
  head: ChainHead,
  request: RequestInitChain,
  { bare = false }: { readonly bare?: boolean } = {},
): readonly GenesisProblem[] {
  const problems: GenesisProblem[] = [];
  const attempt = (path: string, task: () => void): void => {
    try {
      task();
    } catch (error) {
      if (!isCoded(error)) throw error;
      problems.push(problemOf(path, error));
    }
  };
  const { consensusParams } = request;
  if (consensusParams !== undefined) attempt("consensus_params", () => checkConsensusParams(consensusParams));
  attempt("", () => {
    const { [RUNTIME_STORE]: own, ...parts } = parseAppState(request.appStateBytes);
    const overlay = head.store.overlay();
    const ctx = head.freeCtx((name) => overlay.store(name), {
      height: genesisHeight(request.initialHeight),
      timeNs: timestampNs(request.time),
    });
    for (const name of Object.keys(parts)) attempt("", () => requireModule(machine, name));
    if (own !== undefined) attempt("", () => importNonces(overlay.store(RUNTIME_STORE), machine.address, own));
    if (!bare)
      for (const module of machine.modules)
        attempt(`app_state.${module.name}`, () => checkModule(machine, module, ctx, parts[module.name]));
  });
  if (problems.length === 0) attempt("", () => void initChain(machine, head, request));
  return problems.length > 0 ? problems : invariantProblems(machine, head);
}

function problemOf(path: string, { codespace, code, message }: CodedError): GenesisProblem {
  return { codespace, code, detail: path === "" ? message : `${path}: ${message}` };
}

/** What a module finds wrong without looking at any other. */
function checkModule(machine: GenesisMachine, module: BoundModule, ctx: Ctx, json: unknown): void {
  if (module.genesis === undefined) importModule(machine, module, ctx, json);
  else module.genesis.handlers.validate?.(readModule(machine, module.genesis, json));
}

function invariantProblems({ modules }: GenesisMachine, head: ChainHead): readonly GenesisProblem[] {
  const { genesis } = head;
  if (genesis === undefined) return [];
  const { overlay, initialHeight: height, timeNs, chainId } = genesis;
  const ctx = head.freeCtx((name) => overlay.store(name), { height, timeNs, chainId });
  return brokenInvariants(modules, ctx).map(({ name, detail }) => {
    const [module = ""] = name.split("/");
    return { codespace: "sdk", code: 35, detail: `app_state.${module}: invariant ${name} is broken: ${detail}` };
  });
}
