// The recorded chain again, as far as this build's modules go: the state that it ended with, at its last height and time.
import { RequestFinalizeBlock, RequestInitChain } from "#proto/tendermint/abci/types";
import type { ConsensusParams } from "#proto/tendermint/types/params";
import { defineModule, type GenesisHandlers, type Module, queryServicesOf } from "#sdk";
import { createHanzoApp, hanzoVersion } from "../../../../app/hanzo.ts";
import { hanzoServices } from "../../../../app/hanzoServices.ts";
import { type App, storeNames } from "../../../../app/runtime/app.ts";
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import type { IndexRow } from "../../../../app/runtime/txIndex.ts";
import { toTimestamp } from "../../../../app/sdk/time.ts";
import { isSdkService, sdkChainModules, sdkChainMsgServices } from "../../../../app/sdkChain.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { type ChainFacts, requireGenesis } from "./chainFacts.ts";
import { importableState } from "./recordedState.ts";
import type { RecordedGenesis, RecordedParams, Recording } from "./recording.ts";

/** Services that a Cosmos SDK chain can be asked for: it has no market. */
export const recordedServices: readonly string[] = [
  ...new Set([...hanzoServices.filter(isSdkService), ...queryServicesOf(sdkChainModules)]),
];

/** Services of messages that a Cosmos SDK chain takes, too. */
export const recordedMsgServices: readonly string[] = sdkChainMsgServices;

/** Names of this build's modules that a Cosmos SDK chain has, too; they are those of their stores. */
export const sdkModuleNames: ReadonlySet<string> = new Set(sdkChainModules.map(({ name }) => name));

/** What a chain of recorded state is made of. */
export interface RecordedChainOptions {
  readonly recording: Recording;
  readonly facts: ChainFacts;
  /** `app_state`; left out, what the recorded chain ended with. */
  readonly appState?: Readonly<Record<string, unknown>>;
  readonly comet?: CometPort;
  /** Rows of the transaction index, as if the chain had its past. */
  readonly history?: readonly IndexRow[];
}

/** A chain whose state does not move. */
export interface RecordedChain {
  readonly app: App;
  /** Forgets what CheckTx did: every question finds the chain at rest. */
  reset(): void;
}

/**
 * The state machine of a recorded chain, before InitChain: its prefix, denomination, prices and module accounts.
 * @param initialHeight of the chain, at least 1
 */
export async function openRecordedApp(
  { recording, facts, comet }: Pick<RecordedChainOptions, "recording" | "facts" | "comet">,
  initialHeight: bigint,
): Promise<{ readonly app: App; readonly store: CommitStore }> {
  const modules = [...sdkChainModules, ...bystanders(requireGenesis(recording).exported)].map(atRest);
  const store = createMemoryCommitStore({ stores: storeNames(modules), initialVersion: initialHeight });
  const app = await createHanzoApp({
    modules,
    chain: facts.config,
    store,
    version: { ...hanzoVersion, version: facts.version },
    minGasPrices: facts.minGasPrices,
    ...(comet === undefined ? {} : { comet }),
  });
  return { app, store };
}

/** A module without what it does by itself in every block, and without a say in who makes them: the blocks of a chain at rest change nothing. */
function atRest(module: Module): Module {
  const { beginBlock: _begin, endBlock: _end, genesis, ...spec } = module.spec;
  return {
    ...module,
    spec: genesis === undefined ? spec : { ...spec, genesis: [genesis[0], (parts) => withoutValidators(genesis[1](parts))] },
  };
}

function withoutValidators<G>(handlers: GenesisHandlers<G>): GenesisHandlers<G> {
  return {
    ...handlers,
    init(ctx, state) {
      handlers.init(ctx, state);
    },
  };
}

/** A chain with the recorded prefix, denomination, id, parameters and state, at the last recorded height and time. */
export async function createRecordedChain(options: RecordedChainOptions): Promise<RecordedChain> {
  const { recording, facts, appState, history = [] } = options;
  const { exported } = requireGenesis(recording);
  const first = facts.height - 1n;
  const { app, store } = await openRecordedApp(options, first);
  const time = toTimestamp(facts.timeNs - 1n);
  const state = appState ?? importableState(exported.app_state, sdkModuleNames);
  app.initChain(
    RequestInitChain.fromPartial({
      chainId: facts.chainId,
      initialHeight: first,
      time,
      validators: [STAND_IN],
      consensusParams: recordedParams(exported.consensus?.params),
      appStateBytes: new TextEncoder().encode(JSON.stringify(state)),
    }),
  );
  await app.finalizeBlock(RequestFinalizeBlock.fromPartial({ height: first, time }));
  await app.commit();
  // The last block changes nothing but what is remembered of transactions.
  store.apply(facts.height, new Map());
  await store.commit(history);
  app.follow(facts.timeNs);
  return { app, reset: () => app.follow(facts.timeNs) };
}

/** Who makes the blocks of a chain at rest. */
const STAND_IN = { pubKey: { ed25519: new Uint8Array(32).fill(7) }, power: 10n };

/** Modules of the recorded chain that are not here lend their names and addresses. */
export function bystanders(genesis: RecordedGenesis): readonly Module[] {
  return lentNames(genesis).map((name) => defineModule({ name, version: 1, state: {} }));
}

/** Names of module accounts that no module here has by its own name. */
export function lentNames({ app_state }: RecordedGenesis): readonly string[] {
  const named = app_state.auth.accounts.flatMap(({ name }) => (name === undefined || sdkModuleNames.has(name) ? [] : [name]));
  return [...new Set(named)];
}

/** Modules of the recorded chain that have state there and are not here. */
export function absentModules({ genesis }: Pick<Recording, "genesis">): readonly string[] {
  const hasState = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length > 0;
  const recorded = Object.entries(genesis?.exported.app_state ?? {});
  return recorded.flatMap(([name, value]) => (hasState(value) && !sdkModuleNames.has(name) ? [name] : []));
}

/** Consensus parameters as a genesis file or a block's answer has them; what is left out has CometBFT's default. */
export function recordedParams({ block, evidence, validator, version, abci }: RecordedParams = {}): ConsensusParams {
  const age = BigInt(evidence?.max_age_duration ?? "172800000000000");
  return {
    block: { maxBytes: BigInt(block?.max_bytes ?? "4194304"), maxGas: BigInt(block?.max_gas ?? "-1") },
    evidence: {
      maxAgeNumBlocks: BigInt(evidence?.max_age_num_blocks ?? "100000"),
      maxAgeDuration: toTimestamp(age),
      maxBytes: BigInt(evidence?.max_bytes ?? "1048576"),
    },
    validator: { pubKeyTypes: [...(validator?.pub_key_types ?? ["ed25519"])] },
    version: { app: BigInt(version?.app ?? "0") },
    abci: { voteExtensionsEnableHeight: BigInt(abci?.vote_extensions_enable_height ?? "0") },
  };
}
