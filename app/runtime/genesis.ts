import type { RequestInitChain, ResponseInitChain } from "#proto/tendermint/abci/types";
import { type AddressCodec, type BoundModule, type Ctx, ModuleError, type ReadCtx, sdkError, type ValidatorUpdate } from "#sdk";
import { decodeUtf8 } from "../encoding/bytes.ts";
import { timestampNs } from "../sdk/time.ts";
import type { KVReader } from "../store/kv.ts";
import { isCoded } from "./abciErrors.ts";
import type { ChainHead } from "./chainHead.ts";
import { blockLimits, checkConsensusParams } from "./consensusParams.ts";
import { defaultGenericGenesis, exportGeneric, importGeneric } from "./genericGenesis.ts";
import type { ConsensusParamsPort } from "./ports.ts";
import { RUNTIME_STORE, writeChainId, writeValidators } from "./runtimeState.ts";
import { exportNonces, importNonces } from "./unorderedNonces.ts";
import { writeGenesisVersions } from "./upgrade.ts";
import { applyValidatorUpdates, fromAbciUpdate, toAbciUpdate, validatorName } from "./validatorUpdates.ts";
import type { GenesisWire } from "./wire.ts";

/** The format of a module's genesis and what is done with it. */
type ModuleGenesis = NonNullable<BoundModule["genesis"]>;

/** What reading and writing genesis needs. */
export interface GenesisMachine {
  readonly modules: readonly BoundModule[];
  /** The modules in the order in which their parts of a genesis are written. */
  readonly order: readonly BoundModule[];
  readonly wire: GenesisWire;
  readonly consensusParams: ConsensusParamsPort;
  readonly address: AddressCodec;
}

/**
 * Fills an empty chain from the genesis file's `app_state`. Nothing is durable before the first block; called again it starts over.
 * @throws sdk/18 with the path of an unknown or malformed field; whatever a module finds wrong; sdk/35 when there would be no validator, or others
 * than the genesis file lists
 */
export function initChain(machine: GenesisMachine, head: ChainHead, request: RequestInitChain): ResponseInitChain {
  if (head.height !== 0n) throw sdkError.invalidHeight(`an empty chain expected, got one at height ${head.height}`);
  const appState = parseAppState(request.appStateBytes);
  const overlay = head.store.overlay();
  const initialHeight = request.initialHeight > 0n ? request.initialHeight : 1n;
  const timeNs = timestampNs(request.time);
  const ctx = head.freeCtx((name) => overlay.store(name), {
    height: genesisHeight(initialHeight),
    timeNs,
    chainId: request.chainId,
    savepoints: overlay,
  });
  const runtime = overlay.store(RUNTIME_STORE);
  writeChainId(runtime, request.chainId);
  if (request.consensusParams !== undefined) {
    checkConsensusParams(request.consensusParams);
    machine.consensusParams.set(ctx, request.consensusParams);
  }
  const { [RUNTIME_STORE]: own, ...moduleStates } = appState;
  if (own !== undefined) importNonces(runtime, machine.address, own);
  const fromModules = importModules(machine, ctx, moduleStates);
  const listed = request.validators.map(fromAbciUpdate);
  requireSameValidators(listed, fromModules);
  const wanted = fromModules.length > 0 ? fromModules : listed;
  const limits = blockLimits(machine.consensusParams.get(ctx));
  const { set } = applyValidatorUpdates(new Map(), wanted, limits.validatorKeyTypes);
  if (set.size === 0) throw sdkError.logic("genesis with at least one validator expected, got none");
  writeValidators(runtime, new Map(), set);
  writeGenesisVersions(machine.modules, overlay);
  head.genesis = { overlay, savepoint: overlay.savepoint(), chainId: request.chainId, initialHeight, timeNs, validators: set, limits };
  // CometBFT keeps its own parameters when none come back, and the genesis file's validators when the list is empty.
  return { consensusParams: machine.consensusParams.get(ctx), validators: fromModules.map(toAbciUpdate), appHash: head.store.appHash };
}

/** The height at which modules write genesis: before the first block, which the SDK counts as 0 where a chain begins at 1. */
export function genesisHeight(initialHeight: bigint): bigint {
  return initialHeight > 1n ? initialHeight : 0n;
}

/**
 * CometBFT starts with the validators of its own list, if it has one, so that modules must come to the same. Where no module names any, the
 * list alone counts: a chain of fixed validators, in which nobody has a stake.
 * @throws sdk/35 when both name validators and they differ
 */
function requireSameValidators(listed: readonly ValidatorUpdate[], fromModules: readonly ValidatorUpdate[]): void {
  if (listed.length === 0 || fromModules.length === 0) return;
  const powers = new Map(fromModules.map((update) => [validatorName(update), update.power]));
  const other = listed.find((update) => powers.get(validatorName(update)) !== update.power);
  if (other !== undefined)
    throw sdkError.logic(
      `validators: an empty list or the validators of app_state expected, got ${validatorName(other)} with power ${other.power}, who has power ${powers.get(validatorName(other)) ?? 0n} there`,
    );
  if (listed.length !== fromModules.length)
    throw sdkError.logic(`validators: an empty list or the ${fromModules.length} validators of app_state expected, got ${listed.length}`);
}

/** The parts of `app_state` by module. @throws sdk/17 when the bytes are no JSON object */
export function parseAppState(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = bytes.length === 0 ? {} : JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    throw sdkError.jsonUnmarshal(`app_state: ${error instanceof Error ? error.message : ""}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw sdkError.jsonUnmarshal("app_state: an object expected");
  return json as Readonly<Record<string, unknown>>;
}

function importModules(machine: GenesisMachine, ctx: Ctx, appState: Readonly<Record<string, unknown>>): ValidatorUpdate[] {
  for (const name of Object.keys(appState)) requireModule(machine, name);
  const updates: ValidatorUpdate[] = [];
  for (const module of machine.order) {
    try {
      const own = importModule(machine, module, ctx, appState[module.name]);
      if (own.length > 0 && updates.length > 0) throw sdkError.logic("no validators expected, since another module names some");
      updates.push(...own);
    } catch (error) {
      if (!isCoded(error)) throw error;
      throw new ModuleError(error.codespace, error.code, error.message, `app_state.${module.name}`);
    }
  }
  return updates;
}

/** @throws sdk/18 when the chain has no module of that name */
export function requireModule({ modules }: Pick<GenesisMachine, "modules">, name: string): void {
  if (!modules.some((module) => module.name === name)) throw sdkError.invalidRequest(`app_state.${name}: no such module`);
}

/**
 * Writes a module's part of a genesis.
 * @param json undefined for the module's default
 * @throws sdk/17 with the path of an unknown or malformed field; whatever the module finds wrong
 */
export function importModule(
  machine: Pick<GenesisMachine, "wire">,
  module: BoundModule,
  ctx: Ctx,
  json: unknown,
): readonly ValidatorUpdate[] {
  const { wire } = machine;
  if (module.genesis === undefined) {
    importGeneric(module, wire, ctx, json ?? defaultGenericGenesis(module, wire));
    return [];
  }
  return module.genesis.handlers.init(ctx, readModule(machine, module.genesis, json)) ?? [];
}

/** Reads a module's part. @throws as {@link importModule} */
export function readModule({ wire }: Pick<GenesisMachine, "wire">, { type, handlers }: ModuleGenesis, json: unknown): unknown {
  const read = (given: unknown): unknown => handlers.json?.read(given) ?? type.decode(wire.fromJson(type.$type, given));
  return json === undefined ? type.fromPartial(handlers.default()) : read(json);
}

function writeModule({ wire }: Pick<GenesisMachine, "wire">, { type, handlers }: ModuleGenesis, state: unknown): unknown {
  return handlers.json === undefined ? wire.toJson(type.$type, type.encode(state).finish()) : handlers.json.write(state);
}

/** The `app_state` that a new chain would start from: every module's default. */
export function defaultGenesis(machine: Pick<GenesisMachine, "modules" | "wire">): Readonly<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const module of machine.modules) {
    const { genesis } = module;
    state[module.name] =
      genesis === undefined
        ? defaultGenericGenesis(module, machine.wire)
        : writeModule(machine, genesis, genesis.type.fromPartial(genesis.handlers.default()));
  }
  return state;
}

/**
 * The `app_state` that would recreate a state.
 * @param runtime the runtime's own store of that state; its entry is there only when it has something to say
 */
export function exportGenesis(machine: GenesisMachine, ctx: ReadCtx, runtime: KVReader): Readonly<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const module of machine.modules) {
    const { genesis } = module;
    state[module.name] =
      genesis === undefined ? exportGeneric(module, machine.wire, ctx) : writeModule(machine, genesis, genesis.handlers.export(ctx));
  }
  const nonces = exportNonces(runtime, machine.address);
  return nonces === undefined ? state : { ...state, [RUNTIME_STORE]: nonces };
}
