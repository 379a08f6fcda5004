import { type RequestFinalizeBlock, type RequestInitChain, ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import {
  type AddressCodec,
  type BoundModule,
  bindModules,
  type ChainConfig,
  createAddressCodec,
  type Module,
  type RuntimeAbilities,
  sdkError,
} from "#sdk";
import type { Descriptors } from "../encoding/descriptors.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { Overlay } from "../store/kv.ts";
import type { Application } from "./application.ts";
import { type BlockMachine, finalizeBlock } from "./block.ts";
import { ChainHead, type FinishedBlock } from "./chainHead.ts";
import { checkGenesis, type GenesisProblem } from "./checkGenesis.ts";
import { checkTx, simulateTx } from "./checkTx.ts";
import { commitBlock, prepareCommit } from "./commit.ts";
import { createWire } from "./createWire.ts";
import { createTxDecoder } from "./decodedTx.ts";
import { type ChainExport, type ExportOptions, exportChain } from "./exportChain.ts";
import { parseGasPrices } from "./feeCoins.ts";
import { defaultGenesis, exportGenesis, initChain } from "./genesis.ts";
import { createGenesisTxs } from "./genesisTxs.ts";
import { resultsAt } from "./indexedTxs.ts";
import { type BrokenInvariant, brokenInvariants } from "./invariants.ts";
import { createKeyReader } from "./keyReader.ts";
import { createMessageService } from "./messageService.ts";
import { type OrderOptions, orderModules } from "./moduleOrder.ts";
import { type LogPort, type RuntimePorts, silentLog } from "./ports.ts";
import { isAcceptable, selectTxs } from "./proposal.ts";
import type { CometPort } from "./query/cometPort.ts";
import { cometService, type VersionInfo } from "./query/cometService.ts";
import { ENDLESS_NODE, type NodeConfig, nodeService } from "./query/nodeService.ts";
import { createQueryHandler } from "./query/queryHandler.ts";
import type { ServiceMethod } from "./query/service.ts";
import { txService } from "./query/txService.ts";
import { createRouter, type Router } from "./router.ts";
import { RUNTIME_STORE } from "./runtimeState.ts";
import { loadSecp256k1, type Secp256k1Backend } from "./secp256k1Backend.ts";
import { createSignatureVerifier, type SignatureAid } from "./signature.ts";
import { SignaturesAhead } from "./signaturesAhead.ts";
import { runAtOnce, runWithPauses } from "./slices.ts";
import { noSnapshots } from "./snapshots.ts";
import type { TxMachine, TxOutcome } from "./tx.ts";
import { findBlockTime, type TxIndexOptions } from "./txIndex.ts";
import { moduleVersions } from "./upgrade.ts";
import type { ValidatorSet } from "./validatorUpdates.ts";
import type { Wire } from "./wire.ts";

/** What an app is made of. */
export interface AppOptions {
  /** Concrete modules, each behind those that it needs; subscribers to a hook are called in this order. */
  readonly modules: readonly Module[];
  /** Where block hooks and genesis have another order than the list. */
  readonly order?: OrderOptions;
  readonly chain: ChainConfig;
  /** Values of the modules' declared ports: module name → port name → capability. */
  ports?(runtime: RuntimeAbilities): Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Connects the runtime to the abilities of bound modules. */
  connect(modules: readonly BoundModule[]): RuntimePorts;
  /** Opened with the names of {@link storeNames}. */
  readonly store: CommitStore;
  readonly descriptors: Descriptors;
  readonly version: VersionInfo;
  /** Prices that this node's mempool asks for, such as `0.025aai`; empty for none. */
  readonly minGasPrices?: string;
  readonly log?: LogPort;
  readonly comet?: CometPort;
  /** Blocks that CometBFT keeps; 0 or absent keeps all. */
  readonly retainBlocks?: bigint;
  /** What is remembered of transactions; everything when left out. */
  readonly txIndex?: TxIndexOptions;
  /** Blocks between two checks of all invariants; 0 or absent never checks. */
  readonly invariantInterval?: bigint;
  /** Most gas of one query; 0 or absent for no limit. */
  readonly queryGasLimit?: bigint;
  /** What `cosmos.base.node` tells of this node's settings besides its gas prices; a node that forgets nothing when left out. */
  readonly node?: NodeConfig;
  readonly secp256k1?: Secp256k1Backend;
  /** Verifies signatures ahead of need beside this thread. */
  readonly signatureAid?: SignatureAid;
  /**
   * Lets other work of the thread have a turn in a large block; when left out, blocks are executed in one go.
   * CONTRACT: meanwhile nothing is called that ABCI orders (app/abci/methods.ts)
   */
  readonly pause?: () => Promise<void>;
  /** Query services that are no module's: they may compute outside of the state machine, for instance in a worker. */
  readonly services?: (modules: readonly BoundModule[]) => readonly ServiceMethod[];
}

/** The state machine, with what an operator and tests may ask besides ABCI. */
export interface App extends Application {
  readonly modules: readonly BoundModule[];
  /** Where the chain stands. */
  readonly height: bigint;
  readonly chainId: string;
  /** Which signature backend decides. */
  readonly signatureBackend: Secp256k1Backend["kind"];
  simulate(tx: Uint8Array): TxOutcome;
  /** Time of the last committed block, nanoseconds since 1970-01-01 UTC; 0 when unknown. */
  readonly timeNs: bigint;
  /** Validators after the last committed block; CometBFT takes them over two heights later. */
  readonly validators: ValidatorSet;
  /** The state that the mempool's transactions are judged by, and that simulations run on. */
  readonly check: Overlay;
  /** Stands on the store's latest state, where another thread commits. @param timeNs time of that block */
  follow(timeNs: bigint): void;
  /** `app_state` of a new chain. */
  defaultGenesis(): Readonly<Record<string, unknown>>;
  /** `app_state` that recreates the committed state. */
  exportGenesis(): Readonly<Record<string, unknown>>;
  /** Everything that is wrong with a genesis. CONTRACT: the chain is empty and for nothing else */
  checkGenesis(request: RequestInitChain, rules?: { readonly bare?: boolean }): readonly GenesisProblem[];
  /** All that a new chain can go on from. @throws store/7 when the height is not kept */
  exportChain(options?: ExportOptions): Promise<ChainExport>;
  /** Invariants that do not hold in the committed state. */
  brokenInvariants(): readonly BrokenInvariant[];
}

/** Names of the stores that an app of these modules needs; the commit store is opened with them. A module without state has none. */
export function storeNames(modules: readonly Module[]): readonly string[] {
  const stateful = modules.filter(({ spec }) => spec.params !== undefined || Object.keys(spec.state).length > 0);
  return [...new Set([RUNTIME_STORE, ...stateful.map(({ spec }) => spec.store ?? spec.name)])].toSorted((a, b) => (a < b ? -1 : 1));
}

/**
 * Puts an app together on what its store holds.
 * @throws sdk/40 when modules, facets or ports do not fit together
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { chain, store, log = silentLog } = options;
  const wire = createWire(options.descriptors, options.modules);
  const address = createAddressCodec(chain.bech32Prefix);
  const { modules, router } = bind(options, wire, address, () => tx);
  const order = orderModules(modules, options.order ?? {});
  const ports = options.connect(modules);
  const minGasPrices = parseGasPrices(options.minGasPrices ?? "");
  const keys = createKeyReader();
  const verifier = createVerifier(options);
  const ante = { address, keys, ports, wire, verifier: verifier.signatures, baseDenom: chain.baseDenom, minGasPrices };
  const tx: TxMachine = { decoder: createTxDecoder({ router, wire, address, keys }), ante, log };
  const head = await openHead(options, ports, wire);
  const genesis = { modules, order: order.genesis, wire, consensusParams: ports.consensusParams, address };
  const block: BlockMachine = {
    modules,
    order,
    tx,
    consensusParams: ports.consensusParams,
    upgrades: ports.upgrades,
    invariantInterval: options.invariantInterval ?? 0n,
  };
  const gasLimit = options.queryGasLimit === 0n ? undefined : options.queryGasLimit;
  const query: Application["query"] = createQueryHandler({
    head,
    router,
    services: [
      ...(options.services?.(modules) ?? []),
      ...txService(head, tx, options.comet, gasLimit),
      ...nodeService(head, minGasPrices, options.node ?? ENDLESS_NODE),
      ...cometService({
        comet: options.comet,
        bech32Prefix: chain.bech32Prefix,
        version: options.version,
        query: (request) => query(request),
      }),
    ],
    wire,
    log,
    app: { version: options.version.version, tx },
    gasLimit,
  });
  return {
    ...applicationCalls({ head, tx, block, genesis, options }),
    query,
    modules,
    get height() {
      return head.height;
    },
    get chainId() {
      return head.chainId;
    },
    get timeNs() {
      return head.timeNs;
    },
    get validators() {
      return head.validators;
    },
    get check() {
      return head.check;
    },
    follow: (timeNs) => head.follow(timeNs),
    signatureBackend: verifier.kind,
    simulate: (bytes) => simulateTx(tx, head, bytes),
    defaultGenesis: () => defaultGenesis(genesis),
    exportGenesis: () => exportGenesis(genesis, head.latestCtx(), store.latest().store(RUNTIME_STORE)),
    checkGenesis: (request, rules) => checkGenesis(genesis, head, request, rules),
    exportChain: (options) => exportChain(genesis, head, options),
    brokenInvariants: () => brokenInvariants(modules, head.latestCtx()),
  };
}

/** The modules and the tables of their handlers. Modules may hold the tables before they are made: messages inside of messages are read by them. */
function bind(
  { modules: list, chain, ports }: AppOptions,
  wire: Wire,
  address: AddressCodec,
  txMachine: () => TxMachine,
): { modules: readonly BoundModule[]; router: Router } {
  const late: Router = { findMessage: (typeUrl) => router.findMessage(typeUrl), findQuery: (path) => router.findQuery(path) };
  const messages = createMessageService({ router: late, wire, address });
  const modules = bindModules({
    modules: list,
    chain,
    versions: moduleVersions,
    ports: ports?.({ messages, transactions: createGenesisTxs(txMachine), versions: moduleVersions }) ?? {},
  });
  const router = createRouter(modules);
  return { modules, router };
}

/** The chain where its store stands. */
async function openHead({ store, txIndex }: AppOptions, { consensusParams }: RuntimePorts, { formatEvent }: Wire): Promise<ChainHead> {
  const lastTimeNs = (await findBlockTime(store, store.version)) ?? 0n;
  return new ChainHead(store, consensusParams, formatEvent, lastTimeNs, txIndex);
}

/** What verifies signatures, with a word to the operator about it. */
function createVerifier({ secp256k1, log = silentLog }: AppOptions) {
  const backend = secp256k1 ?? loadSecp256k1();
  if (backend.kind === "native") log.info("signatures are verified by native secp256k1");
  else
    log.error(
      "native secp256k1 is missing: signatures are verified in JavaScript, much slower; reinstall the package secp256k1 for this platform",
    );
  return { kind: backend.kind, signatures: createSignatureVerifier(backend) };
}

interface AppParts {
  readonly head: ChainHead;
  readonly tx: TxMachine;
  readonly block: BlockMachine;
  readonly genesis: Parameters<typeof initChain>[0];
  readonly options: AppOptions;
}

function applicationCalls({ head, tx, block, genesis, options }: AppParts): Omit<Application, "query"> {
  const ahead = options.signatureAid === undefined ? undefined : new SignaturesAhead(tx, head, options.signatureAid);
  const answered = (finished: FinishedBlock): ResponseFinalizeBlock => {
    head.finished = finished;
    return finished.response;
  };
  return {
    ...noSnapshots,
    info: () => ({
      data: options.version.appName,
      version: options.version.version,
      // That of the headers: a node that begins with a snapshot compares the two.
      appVersion: (head.height === 0n ? undefined : block.consensusParams.get(head.latestCtx()))?.version?.app ?? 0n,
      lastBlockHeight: head.height,
      lastBlockAppHash: head.height === 0n ? new Uint8Array(0) : head.store.appHash,
    }),
    initChain: (request) => initChain(genesis, head, request),
    checkTx: (request) => checkTx(tx, head, request),
    prepareProposal: ({ txs, maxTxBytes }) => ({ txs: selectTxs(tx.decoder, txs, maxTxBytes, proposalGas(head)) }),
    ...(ahead === undefined ? {} : { expectTxs: (txs: readonly Uint8Array[]) => ahead.verify(txs) }),
    processProposal({ txs }) {
      const status = isAcceptable(tx.decoder, txs, proposalGas(head)) ? 1 : 2;
      // Nobody waits for them: by the time the block is decided they are done.
      if (status === 1) void ahead?.verify(txs);
      return { status };
    },
    extendVote: () => ({ voteExtension: new Uint8Array(0) }),
    // Nobody extends votes here, so an extension with content is not from this program.
    verifyVoteExtension: ({ voteExtension }) => ({ status: voteExtension.length === 0 ? 1 : 2 }),
    finalizeBlock(request) {
      head.replayed = request.height <= head.height;
      head.finished = undefined;
      if (head.replayed) return replayedBlock(head, request);
      void ahead?.verify(request.txs);
      const slices = finalizeBlock(block, head, request);
      const finished = options.pause === undefined ? runAtOnce(slices) : runWithPauses(slices, options.pause);
      return finished instanceof Promise ? finished.then(answered) : answered(finished);
    },
    prepareCommit: () => prepareCommit(head),
    async commit() {
      // A block that was answered from the log is on disk already.
      if (!head.replayed) {
        const txs = head.finished?.txs ?? [];
        await commitBlock(head);
        tx.decoder.forget(txs);
      }
      const retain = options.retainBlocks ?? 0n;
      return { retainHeight: retain > 0n && head.height > retain ? head.height - retain + 1n : 0n };
    },
  };
}

/** Block gas for proposals; before the first block the parameters of genesis count. */
function proposalGas(head: ChainHead): bigint | undefined {
  return head.genesis?.limits.maxGas ?? head.limits.maxGas;
}

/** The answer to a block that is committed already, byte for byte as it was. @throws sdk/26 when it is no longer kept */
async function replayedBlock({ store, height: last }: ChainHead, { height, txs }: RequestFinalizeBlock): Promise<ResponseFinalizeBlock> {
  const bytes = await store.response(height);
  const answer = ResponseFinalizeBlock.decode(bytes ?? new Uint8Array(0));
  // An answer without results has them in the index.
  const txResults = answer.txResults.length > 0 ? answer.txResults : await resultsAt(store, height);
  if (bytes === undefined || txResults.length !== txs.length)
    throw sdkError.invalidHeight(`a block above ${last} expected, got ${height}, whose answer is no longer kept`);
  return { ...answer, txResults };
}
