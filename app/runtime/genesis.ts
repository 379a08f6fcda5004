import type { RequestInitChain, ResponseInitChain } from "#proto/tendermint/abci/types";
import { type AddressCodec, type BoundModule, type Ctx, ModuleError, type ReadCtx, sdkError, type ValidatorUpdate } from "#sdk";
import { decodeUtf8 } from "../encoding/bytes.ts";
import type { KVReader } from "../store/kv.ts";
import { isCoded } from "./abciErrors.ts";
import type { ChainHead } from "./chainHead.ts";
import { blockLimits, checkConsensusParams } from "./consensusParams.ts";
import { defaultGenericGenesis, exportGeneric, importGeneric } from "./genericGenesis.ts";
import type { ConsensusParamsPort } from "./ports.ts";
import { RUNTIME_STORE, writeChainId, writeValidators } from "./runtimeState.ts";
import { timestampNs } from "./time.ts";
import { exportNonces, importNonces } from "./unorderedNonces.ts";
import { writeGenesisVersions } from "./upgrade.ts";
import { applyValidatorUpdates, fromAbciUpdate, toAbciUpdate } from "./validatorUpdates.ts";
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
 * @throws sdk/18 with the path of an unknown or malformed field; whatever a module finds wrong; sdk/35 when there would be no validator
 */
export function initChain(machine: GenesisMachine, head: ChainHead, request: RequestInitChain): ResponseInitChain {
  if (head.height !== 0n) throw sdkError.invalidHeight(`an empty chain expected, got one at height ${head.height}`);
  const appState = parseAppState(request.appStateBytes);
  const overlay = head.store.overlay();
  const initialHeight = request.initialHeight > 0n ? request.initialHeight : 1n;
  const timeNs = timestampNs(request.time);
  const ctx = head.freeCtx((name) => overlay.store(name), {
    height: initialHeight,
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
  const wanted = fromModules.length > 0 ? fromModules : request.validators.map(fromAbciUpdate);
  const limits = blockLimits(machine.consensusParams.get(ctx));
  const { set } = applyValidatorUpdates(new Map(), wanted, limits.validatorKeyTypes);
  if (set.size === 0) throw sdkError.logic("genesis with at least one validator expected, got none");
  writeValidators(runtime, new Map(), set);
  writeGenesisVersions(machine.modules, overlay);
  head.genesis = { overlay, savepoint: overlay.savepoint(), chainId: request.chainId, initialHeight, timeNs, validators: set, limits };
  // CometBFT keeps its own parameters when none come back, and the genesis file's validators when the list is empty.
  return { consensusParams: machine.consensusParams.get(ctx), validators: fromModules.map(toAbciUpdate), appHash: head.store.appHash };
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
      updates.push(...importModule(machine, module, ctx, appState[module.name]));
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

/** Reads and checks a module's part as far as it goes without the others. @throws as {@link importModule} */
export function readModule({ wire }: Pick<GenesisMachine, "wire">, { type, handlers }: ModuleGenesis, json: unknown): unknown {
  const state = json === undefined ? type.fromPartial(handlers.default()) : type.decode(wire.fromJson(type.$type, json));
  handlers.validate?.(state);
  return state;
}

/** The `app_state` that a new chain would start from: every module's default. */
export function defaultGenesis({ modules, wire }: Pick<GenesisMachine, "modules" | "wire">): Readonly<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const module of modules) {
    if (module.genesis === undefined) {
      state[module.name] = defaultGenericGenesis(module, wire);
    } else {
      const { type, handlers } = module.genesis;
      state[module.name] = wire.toJson(type.$type, type.encode(type.fromPartial(handlers.default())).finish());
    }
  }
  return state;
}

/**
 * The `app_state` that would recreate a state.
 * @param runtime the runtime's own store of that state; its entry is there only when it has something to say
 */
export function exportGenesis(
  { modules, wire, address }: GenesisMachine,
  ctx: ReadCtx,
  runtime: KVReader,
): Readonly<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const module of modules) {
    if (module.genesis === undefined) {
      state[module.name] = exportGeneric(module, wire, ctx);
    } else {
      const { type, handlers } = module.genesis;
      state[module.name] = wire.toJson(type.$type, type.encode(handlers.export(ctx)).finish());
    }
  }
  const nonces = exportNonces(runtime, address);
  return nonces === undefined ? state : { ...state, [RUNTIME_STORE]: nonces };
}
