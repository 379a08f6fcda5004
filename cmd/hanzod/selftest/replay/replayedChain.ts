// A recorded chain lived through again: its genesis and every block with its times, votes, evidence and transactions, on this program's state machine in memory.
import { RequestInitChain, type ResponseFinalizeBlock, type ResponseInitChain } from "#proto/tendermint/abci/types";
import { toHex } from "../../../../app/encoding/bytes.ts";
import { parseTimestamp } from "../../../../app/encoding/timeText.ts";
import { createHanzoApp, hanzoOrder, hanzoVersion } from "../../../../app/hanzo.ts";
import { type App, storeNames } from "../../../../app/runtime/app.ts";
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import type { IndexRow } from "../../../../app/runtime/txIndex.ts";
import { sdkChainModules } from "../../../../app/sdkChain.ts";
import type { PreparedCommit } from "../../../../app/store/commitLog.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { everyVersion } from "../../../../app/store/recovery.ts";
import { type ChainFacts, requireGenesis } from "../recording/chainFacts.ts";
import { absentModules, bystanders, lentNames, recordedParams, sdkModuleNames } from "../recording/recordedChain.ts";
import { recordedTxRows, txBytes } from "../recording/recordedHistory.ts";
import { importableState } from "../recording/recordedState.ts";
import type { RecordedBlock, RecordedState, RecordedTx, Recording } from "../recording/recording.ts";
import { blockRequest } from "./blockRequest.ts";
import { createStandIn, STAND_IN, type StandIn } from "./standIn.ts";

/** The chain in the making. */
export interface ReplayedChain {
  readonly app: App;
  readonly genesis: ResponseInitChain;
  /**
   * Executes a recorded block and commits it.
   * @param absent transactions of the block whose place a stand-in takes
   * @returns results in the order of the transactions that were executed
   */
  execute(block: RecordedBlock, absent: ReadonlySet<RecordedTx>): ResponseFinalizeBlock;
  commit(): Promise<void>;
  /** Recorded transactions of a block, in order. @throws Error when one is missing */
  transactionsOf(block: RecordedBlock): readonly RecordedTx[];
}

/** `app_state` for the modules that are here; what says nothing is left to their defaults. Vesting accounts are plain ones where no module keeps their schedules. */
function stateOf(appState: RecordedState): Readonly<Record<string, unknown>> {
  const state = sdkModuleNames.has("vesting") ? appState : importableState(appState, sdkModuleNames);
  const hasContent = (value: unknown): boolean => typeof value === "object" && value !== null && Object.keys(value).length > 0;
  return Object.fromEntries(Object.entries(state).filter(([name, value]) => sdkModuleNames.has(name) && hasContent(value)));
}

/** Begins the recorded chain. @throws whatever its genesis makes a module throw */
export async function beginReplay(recording: Recording, facts: ChainFacts, comet?: CometPort): Promise<ReplayedChain> {
  const { genesis, exported } = requireGenesis(recording);
  const isWhole = absentModules(recording).length === 0;
  const standIn = createStandIn(isWhole ? [] : lentNames(exported));
  const modules = [...sdkChainModules, ...(isWhole ? [] : bystanders(exported)), standIn.module];
  const initialHeight = BigInt(genesis.initial_height ?? 1);
  const app = await createHanzoApp({
    modules,
    order: { ...hanzoOrder, endBlock: [STAND_IN, ...hanzoOrder.endBlock] },
    chain: facts.config,
    store: withRecordedIndex(
      createMemoryCommitStore({ stores: storeNames(modules), initialVersion: initialHeight, keepVersions: everyVersion }),
      recordedTxRows(recording),
    ),
    version: { ...hanzoVersion, version: facts.version },
    minGasPrices: facts.minGasPrices,
    queryGasLimit: 0n,
    ...(comet === undefined ? {} : { comet }),
  });
  const begun = app.initChain(
    RequestInitChain.fromPartial({
      chainId: facts.chainId,
      initialHeight,
      time: parseTimestamp(genesis.genesis_time),
      consensusParams: recordedParams(genesis.consensus?.params),
      validators: sdkModuleNames.has("staking") ? [] : validatorsOf(recording),
      appStateBytes: new TextEncoder().encode(JSON.stringify(stateOf(genesis.app_state))),
    }),
  );
  return { app, genesis: begun, ...blockCalls(app, standIn, recording) };
}

/**
 * A store whose transaction index says of transactions what was recorded. Results are compared when their block is executed; with recorded ones searches and
 * answers about transactions can be compared to the last figure of gas.
 */
function withRecordedIndex(store: CommitStore, rows: ReadonlyMap<bigint, readonly IndexRow[]>): CommitStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === "prepare")
        return (own: readonly IndexRow[] = [], response?: Uint8Array): PreparedCommit =>
          target.prepare([...own, ...(rows.get(target.version + 1n) ?? [])], response);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Where staking is not here, the validators are those that it would have made. */
function validatorsOf({ genesis }: Recording) {
  return (genesis?.validators_after_init_chain ?? []).map(({ pub_key, power }) => ({
    pubKey: { ed25519: new Uint8Array(Buffer.from(pub_key, "base64")) },
    power: BigInt(power),
  }));
}

function blockCalls(app: App, standIn: StandIn, { tx }: Recording): Pick<ReplayedChain, "execute" | "commit" | "transactionsOf"> {
  const byHash = new Map((tx?.txs ?? []).map((one) => [one.hash.toUpperCase(), one]));
  const transactionsOf = ({ txs, height }: RecordedBlock): readonly RecordedTx[] =>
    txs.map((hash) => {
      const found = byHash.get(hash.toUpperCase());
      if (found === undefined) throw new Error(`tx.json: transaction ${hash} of height ${height} expected`);
      return found;
    });
  return {
    transactionsOf,
    execute(block, absent) {
      const txs = transactionsOf(block);
      standIn.pending = txs.filter((one) => absent.has(one));
      return app.finalizeBlock(blockRequest(block, txs.filter((one) => !absent.has(one)).map(txBytes))) as ResponseFinalizeBlock;
    },
    async commit() {
      await app.commit();
    },
  };
}

/** `key power` of validator updates, keys in hexadecimal. */
export function updatesText(
  updates: readonly { readonly pubKey?: { readonly ed25519?: Uint8Array | undefined } | undefined; readonly power: bigint }[],
): readonly string[] {
  return updates.map(({ pubKey, power }) => `${toHex(pubKey?.ed25519 ?? new Uint8Array(0))} ${power}`);
}
