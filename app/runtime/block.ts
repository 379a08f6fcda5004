import type { RequestFinalizeBlock } from "#proto/tendermint/abci/types";
import {
  type BlockInfo,
  type BoundModule,
  type ChainEvent,
  type Ctx,
  createGasMeter,
  type ReadCtx,
  sdkError,
  type UpgradeGate,
  type ValidatorUpdate,
} from "#sdk";
import { timestampNs } from "../sdk/time.ts";
import type { KVStore, Overlay } from "../store/kv.ts";
import { createBlockAnswer } from "./blockAnswer.ts";
import type { ChainHead, FinishedBlock } from "./chainHead.ts";
import { blockLimits, consensusParamUpdates } from "./consensusParams.ts";
import { EventPostings } from "./eventIndex.ts";
import { checkInvariants } from "./invariants.ts";
import type { ModuleOrder } from "./moduleOrder.ts";
import type { ConsensusParamsPort } from "./ports.ts";
import { encodeHookEvents, ResultWriter } from "./resultWriter.ts";
import { RUNTIME_STORE, writeValidators } from "./runtimeState.ts";
import type { Slices } from "./slices.ts";
import { runTx, type TxMachine, type TxScene } from "./tx.ts";
import { removeExpiredNonces } from "./unorderedNonces.ts";
import { openUpgrade } from "./upgrade.ts";
import { applyValidatorUpdates, type ValidatorSet } from "./validatorUpdates.ts";

/** What executing blocks needs besides the chain's head. */
export interface BlockMachine {
  readonly modules: readonly BoundModule[];
  readonly order: Pick<ModuleOrder, "beginBlock" | "endBlock">;
  readonly tx: TxMachine;
  readonly consensusParams: ConsensusParamsPort;
  readonly upgrades: UpgradeGate | undefined;
  /** Blocks between two checks of all invariants, 0 for never. */
  readonly invariantInterval: bigint;
}

/** The state and facts that one block is executed on. */
interface BlockScene {
  readonly overlay: Overlay;
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly chainId: string;
  readonly validators: ValidatorSet;
}

/** Transactions between two places where other work may have a turn: some milliseconds. */
const SLICE_TXS = 32;

/**
 * Executes a block on top of the last committed one, by slices; persists nothing. Called again before the commit it starts over.
 * @throws anything that goes wrong outside transactions: the node must stop, since others may have come to another result.
 */
export function* finalizeBlock(machine: BlockMachine, head: ChainHead, request: RequestFinalizeBlock): Slices<FinishedBlock> {
  const scene = openBlock(head, request);
  const { overlay, height, timeNs, chainId } = scene;
  const stores = (name: string): KVStore => overlay.store(name);
  const hookCtx = (events: ChainEvent[]): Ctx => head.freeCtx(stores, { height, timeNs, chainId, savepoints: overlay }, events);
  const readCtx: ReadCtx = hookCtx([]);
  const before = machine.consensusParams.get(readCtx);
  const begun = encodeHookEvents(beginBlock(machine, hookCtx, overlay, blockInfo(request, head)), "BeginBlock");
  const postings = head.index.events ? new EventPostings(head.index) : undefined;
  const results = yield* deliver(machine, scene, blockLimits(machine.consensusParams.get(readCtx)).maxGas, request.txs, postings);
  const ended = endBlock(machine, hookCtx);
  const events = [begun, encodeHookEvents(ended.events, "EndBlock")];
  const after = machine.consensusParams.get(readCtx);
  const keyTypes = blockLimits(after).validatorKeyTypes;
  const change = applyValidatorUpdates(scene.validators, ended.updates, keyTypes);
  writeValidators(overlay.store(RUNTIME_STORE), scene.validators, change.set);
  if (machine.invariantInterval > 0n && height % machine.invariantInterval === 0n) checkInvariants(machine.modules, readCtx);
  const block = {
    validatorUpdates: change.updates,
    consensusParamUpdates: consensusParamUpdates(before, after),
    appHash: head.store.apply(height, overlay.changes()),
  };
  const hashes = { appHash: head.store.appHash, nextValidatorsHash: request.nextValidatorsHash };
  const response = createBlockAnswer(block, events, results);
  const txHashes = request.txs.map((bytes) => machine.tx.decoder.hash(bytes));
  return { height, timeNs, response, validators: change.set, txs: request.txs, txHashes, hashes, postings };
}

/** The first block goes on where InitChain stopped, so that both are one change set; any other starts on committed state. */
function openBlock(head: ChainHead, request: RequestFinalizeBlock): BlockScene {
  const { genesis } = head;
  const expected = genesis === undefined ? head.height + 1n : genesis.initialHeight;
  if (request.height !== expected) throw sdkError.invalidHeight(`block ${expected} expected, got ${request.height}`);
  const timeNs = timestampNs(request.time);
  if (genesis === undefined) {
    return { overlay: head.store.overlay(), height: request.height, timeNs, chainId: head.chainId, validators: head.validators };
  }
  genesis.overlay.rollback(genesis.savepoint);
  genesis.savepoint = genesis.overlay.savepoint();
  return { overlay: genesis.overlay, height: request.height, timeNs, chainId: genesis.chainId, validators: genesis.validators };
}

function beginBlock(machine: BlockMachine, hookCtx: (events: ChainEvent[]) => Ctx, overlay: Overlay, info: BlockInfo): ChainEvent[] {
  const events: ChainEvent[] = [];
  const ctx = hookCtx(events);
  openUpgrade(machine, overlay, ctx);
  removeExpiredNonces(overlay.store(RUNTIME_STORE), ctx.timeNs);
  for (const module of machine.order.beginBlock) module.beginBlock?.(ctx, info);
  return events;
}

function endBlock(machine: BlockMachine, hookCtx: (events: ChainEvent[]) => Ctx): { events: ChainEvent[]; updates: ValidatorUpdate[] } {
  const events: ChainEvent[] = [];
  const ctx = hookCtx(events);
  const updates: ValidatorUpdate[] = [];
  for (const module of machine.order.endBlock) updates.push(...(module.endBlock?.(ctx) ?? []));
  return { events, updates };
}

/** Delivers the transactions in order; each gets a result, whatever it is. */
function* deliver(
  machine: BlockMachine,
  scene: BlockScene,
  maxBlockGas: bigint | undefined,
  txs: readonly Uint8Array[],
  postings: EventPostings | undefined,
): Slices<ResultWriter> {
  const { overlay, height, timeNs, chainId } = scene;
  const txScene: TxScene = { overlay, height, timeNs, chainId, maxBlockGas, blockGas: createGasMeter(maxBlockGas) };
  const results = new ResultWriter();
  for (const [index, bytes] of txs.entries()) {
    if (index > 0 && index % SLICE_TXS === 0) yield;
    const outcome = runTx(machine.tx, txScene, "deliver", bytes);
    results.add(outcome);
    postings?.add(index, outcome.events);
  }
  return results;
}

function blockInfo(request: RequestFinalizeBlock, head: ChainHead): BlockInfo {
  const { proposerAddress, hash, nextValidatorsHash, decidedLastCommit, misbehavior } = request;
  return {
    proposer: proposerAddress,
    hash,
    nextValidatorsHash,
    appHash: head.store.appHash,
    lastCommit: head.readCommit(decidedLastCommit),
    misbehavior: misbehavior.map(({ type, validator, height, time, totalVotingPower }) => ({
      type,
      address: validator?.address ?? new Uint8Array(0),
      power: validator?.power ?? 0n,
      height,
      timeNs: timestampNs(time),
      totalPower: totalVotingPower,
    })),
  };
}
