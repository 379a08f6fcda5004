// The recorded chain again, as far as this build's modules go: the state that it ended with, at its last height and time.
import { RequestFinalizeBlock, RequestInitChain } from "#proto/tendermint/abci/types";
import { defineModule, type Module } from "#sdk";
import { createHanzoApp, hanzoModules, hanzoMsgServices, hanzoServices, hanzoVersion } from "../../../../app/hanzo.ts";
import { type App, storeNames } from "../../../../app/runtime/app.ts";
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import { toTimestamp } from "../../../../app/runtime/time.ts";
import type { IndexRow } from "../../../../app/runtime/txIndex.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { type ChainFacts, requireGenesis } from "./chainFacts.ts";
import { importableState } from "./recordedState.ts";
import type { RecordedGenesis, Recording } from "./recording.ts";

/** Services that a Cosmos SDK chain can be asked for: it has no market. */
export const recordedServices: readonly string[] = hanzoServices.filter(isSdkName);

/** Services of messages that a Cosmos SDK chain takes, too. */
export const recordedMsgServices: readonly string[] = hanzoMsgServices.filter(isSdkName);

/** This build's modules that a Cosmos SDK chain has, too. */
const sdkModules: readonly Module[] = hanzoModules.filter(({ spec }) => spec.queries === undefined || isSdkName(spec.queries[0].fullName));

/** Names of {@link sdkModules}, which are those of their stores. */
export const sdkModuleNames: ReadonlySet<string> = new Set(sdkModules.map(({ name }) => name));

function isSdkName(service: string): boolean {
  return service.startsWith("cosmos.");
}

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
  const modules = [...sdkModules, ...bystanders(requireGenesis(recording).exported)];
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

/** A chain with the recorded prefix, denomination, id, parameters and state, at the last recorded height and time. */
export async function createRecordedChain(options: RecordedChainOptions): Promise<RecordedChain> {
  const { recording, facts, appState, history = [] } = options;
  const { exported } = requireGenesis(recording);
  const first = facts.height - 1n;
  const { app, store } = await openRecordedApp(options, first);
  const time = toTimestamp(facts.timeNs - 1n);
  app.initChain(
    RequestInitChain.fromPartial({
      chainId: facts.chainId,
      initialHeight: first,
      time,
      validators: [{ pubKey: { ed25519: new Uint8Array(32).fill(7) }, power: 10n }],
      consensusParams: consensusParams(exported),
      appStateBytes: new TextEncoder().encode(JSON.stringify(appState ?? importableState(exported.app_state, sdkModuleNames))),
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

/** Modules of the recorded chain that are not here lend their names and addresses. */
function bystanders({ app_state }: RecordedGenesis): readonly Module[] {
  const named = app_state.auth.accounts.flatMap(({ name }) => (name === undefined || sdkModuleNames.has(name) ? [] : [name]));
  return [...new Set(named)].map((name) => defineModule({ name, version: 1, state: {} }));
}

function consensusParams({ consensus }: RecordedGenesis) {
  const { block, evidence, validator } = consensus?.params ?? {};
  const age = BigInt(evidence?.max_age_duration ?? "172800000000000");
  return {
    block: { maxBytes: BigInt(block?.max_bytes ?? "4194304"), maxGas: BigInt(block?.max_gas ?? "-1") },
    evidence: {
      maxAgeNumBlocks: BigInt(evidence?.max_age_num_blocks ?? "100000"),
      maxAgeDuration: toTimestamp(age),
      maxBytes: BigInt(evidence?.max_bytes ?? "1048576"),
    },
    validator: { pubKeyTypes: [...(validator?.pub_key_types ?? ["ed25519"])] },
    version: { app: 0n },
    abci: { voteExtensionsEnableHeight: 0n },
  };
}
