import {
  type ChainEvent,
  type CtxOptions,
  createCtx,
  createGasMeter,
  type EventAttribute,
  encodeMessage,
  type GasMeter,
  MAX_GAS,
  SDK_ERRORS,
  sdkError,
} from "#sdk";
import type { Overlay } from "../store/kv.ts";
import { type AbciError, isCoded, toTxError } from "./abciErrors.ts";
import { type AnteEnv, type AnteRun, isForMempool, type TxMode } from "./ante/anteRun.ts";
import { anteSteps } from "./ante/anteSteps.ts";
import type { DecodedMessage } from "./decodedMessage.ts";
import type { DecodedTx, TxDecoder } from "./decodedTx.ts";
import { encodeResponses, type MessageResponse, messageKind } from "./messageKind.ts";
import type { LogPort } from "./ports.ts";

/** What a transaction is run against. */
export interface TxScene {
  readonly overlay: Pick<Overlay, "store" | "savepoint" | "rollback" | "release">;
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly chainId: string;
  /** Most gas that one block may use, undefined for no limit. */
  readonly maxBlockGas: bigint | undefined;
  /** Most gas of a simulation, undefined for no limit; other runs have the limit of their transaction. */
  readonly simulationGas?: bigint | undefined;
  /** Gas of the block so far; only in blocks. */
  readonly blockGas?: GasMeter;
}

/** What a run of a transaction left, besides its writes. */
export interface TxOutcome extends TxWork {
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
}

/** What its checks and messages left. */
interface TxWork {
  /** Undefined on success. */
  readonly error?: AbciError | undefined;
  /** Encoded TxMsgData; empty on failure. */
  readonly data: Uint8Array;
  readonly events: readonly ChainEvent[];
  readonly responses: readonly MessageResponse[];
}

/** Everything that stays the same from transaction to transaction. */
export interface TxMachine {
  readonly decoder: TxDecoder;
  readonly ante: AnteEnv;
  readonly log: LogPort;
}

const EMPTY = new Uint8Array(0);

/** Work without messages, or with messages that left nothing. */
function unfinished(error: AbciError | undefined, events: readonly ChainEvent[] = []): TxWork {
  return { error, data: EMPTY, events, responses: [] };
}

/**
 * Runs one transaction: decode, checks, messages.
 * Writes of the checks stay when a message fails (the fee is paid, the sequence steps); writes of messages stay only when all succeed. A failed
 * check leaves nothing at all. In a failed transaction the gas is what was used when it failed.
 */
export function runTx(machine: TxMachine, scene: TxScene, mode: TxMode, bytes: Uint8Array): TxOutcome {
  let tx: DecodedTx;
  try {
    tx = decodeTx(machine, mode, bytes);
    if (scene.blockGas !== undefined && scene.blockGas.used >= scene.blockGas.limit) throw sdkError.outOfGas("no block gas left to run tx");
  } catch (error) {
    return { ...unfinished(toTxError(error, machine.log)), gasWanted: 0n, gasUsed: 0n };
  }
  const gas = createGasMeter(gasLimitOf(scene, mode, tx));
  const options: CtxOptions = {
    height: scene.height,
    timeNs: scene.timeNs,
    chainId: scene.chainId,
    gas,
    stores: (name) => scene.overlay.store(name),
    events: isForMempool(mode) ? undefined : [],
    formatEvent: machine.ante.wire.formatEvent,
    savepoints: scene.overlay,
  };
  const { error, data, events, responses } = runDecoded(machine, scene, mode, tx, options);
  return { error, data, events, responses, gasWanted: mode === "simulate" ? MAX_GAS : tx.fee.gasLimit, gasUsed: gas.used };
}

/** A block says of bytes that are no transaction just this, as in the SDK; the mempool says what is wrong with them. */
function decodeTx({ decoder }: TxMachine, mode: TxMode, bytes: Uint8Array): DecodedTx {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    const isNone = isCoded(error) && error.codespace === "sdk" && error.code === SDK_ERRORS.txDecode[0];
    throw isNone && mode === "deliver" ? sdkError.txDecode() : error;
  }
}

/** Gas that a run may use; undefined for no limit. */
function gasLimitOf(scene: TxScene, mode: TxMode, tx: DecodedTx): bigint | undefined {
  if (mode === "genesis") return undefined;
  return mode === "simulate" ? scene.simulationGas : tx.fee.gasLimit;
}

function runDecoded(machine: TxMachine, scene: TxScene, mode: TxMode, tx: DecodedTx, options: CtxOptions): TxWork {
  const { overlay } = scene;
  const whole = overlay.savepoint();
  try {
    runAnte(machine.ante, scene, mode, tx, options);
    // A message that cannot succeed is refused before it costs a fee; in a block it fails like any other.
    if (mode === "check") for (const message of tx.messages) message.foresee();
  } catch (error) {
    overlay.rollback(whole);
    const failure = toTxError(error, machine.log);
    if (scene.blockGas !== undefined) countBlockGas(scene.blockGas, options.gas);
    return unfinished(failure);
  }
  if (isForMempool(mode)) {
    overlay.release(whole);
    return unfinished(undefined);
  }
  const events = options.events ?? [];
  const checked = events.length;
  const messages = overlay.savepoint();
  try {
    const responses = runMessages(tx, options, events);
    if (scene.blockGas !== undefined) chargeBlockGas(scene.blockGas, options.gas);
    overlay.release(whole);
    return { error: undefined, data: encodeData(tx, responses), events, responses };
  } catch (error) {
    events.length = checked;
    overlay.rollback(messages);
    overlay.release(whole);
    const failure = toTxError(error instanceof MessageFailure ? error.cause : error, machine.log);
    if (scene.blockGas !== undefined) countBlockGas(scene.blockGas, options.gas);
    return unfinished(error instanceof MessageFailure ? describeFailure(failure, error.index) : failure, events);
  }
}

function runAnte(env: AnteEnv, scene: TxScene, mode: TxMode, tx: DecodedTx, options: CtxOptions): void {
  const run: AnteRun = {
    mode,
    ctx: createCtx(options),
    trial(work) {
      const before = scene.overlay.savepoint();
      work(createCtx(options, []));
      scene.overlay.rollback(before);
    },
    tx,
    env,
    maxBlockGas: scene.maxBlockGas,
    signerAddresses: [],
    params: NO_PARAMS,
    signers: [],
  };
  for (const step of anteSteps) step(run);
}

/** Before the memo check has read the real ones. */
const NO_PARAMS = {
  maxMemoCharacters: 0n,
  txSigLimit: 0n,
  txSizeCostPerByte: 0n,
  sigVerifyCostEd25519: 0n,
  sigVerifyCostSecp256k1: 0n,
} as const;

/** Which message failed, and with what. */
class MessageFailure extends Error {
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super("", { cause });
    this.index = index;
  }
}

/** Out of gas may happen anywhere and says where itself; any other failure names the message. */
function describeFailure(failure: AbciError, index: number): AbciError {
  if (failure.codespace === "sdk" && failure.code === 11) return failure;
  return { ...failure, log: `failed to execute message; message index: ${index}: ${failure.log}` };
}

/** Runs the messages in order, their events behind those of the checks. */
function runMessages({ messages }: DecodedTx, options: CtxOptions, events: ChainEvent[]): readonly MessageResponse[] {
  return messages.map((message, index) => {
    try {
      return runMessage(message, index, options, events);
    } catch (error) {
      throw new MessageFailure(index, error);
    }
  });
}

function runMessage(message: DecodedMessage, index: number, options: CtxOptions, events: ChainEvent[]): MessageResponse {
  const { method, value } = message;
  const mark = { key: "msg_index", value: String(index) };
  // The first event depends on what the others say: its place is kept for it.
  const place = events.push(NO_EVENT) - 1;
  message.check();
  const response = method.response.fromPartial(method.handle(createCtx(options, events, mark), value));
  const encoded = { typeUrl: messageKind(method).responseUrl, value: encodeMessage(method.response, response) };
  events[place] = messageEvent(message, events, place + 1, mark);
  return encoded;
}

const NO_EVENT: ChainEvent = { type: "", attributes: [] };

/** The first event of a message: its action, who sent it, and its module unless the module said so itself in those that come `from` a place on. */
function messageEvent(message: DecodedMessage, events: readonly ChainEvent[], from: number, mark: EventAttribute): ChainEvent {
  const { action, module } = messageKind(message.method);
  const sender = message.signers()[0];
  const attributes = sender === undefined ? [action] : [action, { key: "sender", value: sender }];
  const isNamed = module === undefined || nameModule(events, from);
  return { type: "message", attributes: isNamed ? attributes.concat(mark) : attributes.concat(module, mark) };
}

function nameModule(events: readonly ChainEvent[], from: number): boolean {
  for (let i = from; i < events.length; i++) for (const { key } of events[i]?.attributes ?? []) if (key === "module") return true;
  return false;
}

/** Encoded TxMsgData. */
function encodeData({ messages }: DecodedTx, responses: readonly MessageResponse[]): Uint8Array {
  const [first] = messages;
  const isEmpty = messages.length === 1 && responses[0]?.value.length === 0;
  return first !== undefined && isEmpty ? messageKind(first.method).emptyData : encodeResponses(responses);
}

/** @throws sdk/11 when the block has no room for the gas that the transaction used. */
function chargeBlockGas(block: GasMeter, gas: GasMeter): void {
  try {
    block.consume(gasCounted(gas), "block gas meter");
  } catch {
    throw sdkError.outOfGas(`out of gas in location: block gas meter; gasWanted: ${gas.limit}, gasUsed: ${gas.used}`);
  }
}

/** Counts the gas of a transaction that failed anyway. */
function countBlockGas(block: GasMeter, gas: GasMeter): void {
  try {
    block.consume(gasCounted(gas), "block gas meter");
  } catch {
    // The meter is past its limit now, which the next transaction will see; this one's answer is settled.
  }
}

/** A transaction that ran out of gas counts with its limit. */
function gasCounted(gas: GasMeter): bigint {
  if (gas.used > gas.limit) return gas.limit;
  return gas.used;
}
