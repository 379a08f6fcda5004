import {
  RequestCheckTx,
  type RequestFinalizeBlock,
  RequestPrepareProposal,
  RequestProcessProposal,
  type ResponseFinalizeBlock,
  ResponseProcessProposal_ProposalStatus,
} from "#proto/tendermint/abci/types";
import { sha256 } from "#sha256";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { encodeUtf8, equalBytes, toHex } from "../../../../app/encoding/bytes.ts";
import { CHAIN, createHanzoApp, hanzoModules, hanzoStores } from "../../../../app/hanzo.ts";
import type { App } from "../../../../app/runtime/app.ts";
import { readCommitted } from "../../../../app/runtime/readCommitted.ts";
import { createAddressCodec, moduleAddress } from "../../../../app/sdk/index.ts";
import { toTimestamp } from "../../../../app/sdk/time.ts";
import { type CommitStore, createMemoryCommitStore } from "../../../../app/store/commitStore.ts";
import { FOUNDER_POWER } from "../../genesis/founder.ts";
import { createOperations, openingDrafts } from "../operations/index.ts";
import type { Draft } from "../operations/operation.ts";
import { createActors, SIMULATED_SIGNATURES } from "./actors.ts";
import { createDraws, type Draws } from "./draws.ts";
import { GENESIS_SECONDS, simGenesis } from "./genesis.ts";
import { type InvariantPlan, InvariantWatch, watchStore } from "./invariantWatch.ts";
import { SimFailure } from "./simFailure.ts";
import { createSimKernels } from "./simKernels.ts";
import { SimTally } from "./tally.ts";
import { TransactionMaker } from "./transactions.ts";
import { isSameAnswer, Twin } from "./twin.ts";
import { createMachines, ValidatorNetwork } from "./validators.ts";
import { Walks } from "./walks.ts";
import { lookAround, type Setting, type World } from "./world.ts";

/** What a simulation is told. */
export interface SimOptions {
  /** 0 … 2^32 − 1; the same seed gives the same chain. */
  readonly seed: number;
  readonly blocks: number;
  /** Validators of genesis, {@link SIM_DEFAULTS} when left out. At least 1. */
  readonly validators?: number;
  /** Messages drawn for a block, on average. */
  readonly operations?: number;
  readonly invariants?: InvariantPlan;
  /** Told of every block. */
  readonly onBlock?: (height: number) => void;
}

/** What a simulation is where nothing else is said. */
export const SIM_DEFAULTS = { validators: 4, operations: 3, invariants: "every" } as const;

const ACTORS = 16;
/** Machines besides those of genesis, for validators that actors create. */
const SPARE_MACHINES = 60;
const CHAIN_ID = "hanzo-sim-1";
/** No round of x/experience comes to its aggregate before this block. */
const FIRST_ROUND = 40;
/** Nobody asks for an older state, and what few versions hold stays in the processor's caches. */
const KEPT_VERSIONS = 8n;
/** Addresses besides the actors' that coins go to: bounded, for invariants look at every account after every block. */
const STRANGERS = 50;
/**
 * How often, in blocks: the process dies between executing and committing, or after committing, when CometBFT plays the last block once more;
 * another node begins with a snapshot.
 */
const [CRASH_EVERY, RESTART_EVERY, SYNC_EVERY] = [60, 90, 150];

/**
 * Runs a chain of random transactions on the real state machine, in this process and in memory.
 * @returns the tally of what happened, with the last app hash
 * @throws SimFailure at the first block whose results, validators or invariants are wrong
 */
export async function simulateChain({ onBlock, ...options }: SimOptions): Promise<SimTally> {
  const sim = new Simulation({ ...SIM_DEFAULTS, ...options });
  try {
    await sim.begin();
    for (let height = 1; height <= options.blocks; height++) {
      await sim.block(height === options.blocks);
      onBlock?.(height);
    }
    return sim.finish();
  } finally {
    sim.close();
  }
}

/** One simulated chain. */
class Simulation {
  readonly #draws: Draws;
  readonly #setting: Setting;
  readonly #network: ValidatorNetwork;
  readonly #watched = watchStore(createMemoryCommitStore({ stores: hanzoStores, keepVersions: KEPT_VERSIONS }));
  readonly #store: CommitStore = this.#watched.store;
  readonly #draw = createOperations(hanzoModules, descriptors());
  readonly #tally = new SimTally();
  readonly #options: Required<Omit<SimOptions, "onBlock">>;
  readonly #founders;
  readonly #defects: string[] = [];
  readonly #invariants: InvariantWatch;
  readonly #kernels = createSimKernels();
  #app: App | undefined;
  #twin: Twin | undefined;
  #timeNs = GENESIS_SECONDS * 1_000_000_000n;

  constructor(options: Required<Omit<SimOptions, "onBlock">>) {
    this.#options = options;
    this.#invariants = new InvariantWatch(options.invariants);
    this.#draws = createDraws(options.seed);
    const codec = createAddressCodec(CHAIN.bech32Prefix);
    const actors = createActors(ACTORS, codec);
    const machines = createMachines(options.validators + SPARE_MACHINES, options.validators);
    const authority = actors[0] ?? fail("an actor");
    const founders = createActors(options.validators, codec, "founder");
    this.#setting = {
      draws: this.#draws,
      actors,
      founders,
      authority,
      machines,
      baseDenom: CHAIN.baseDenom,
      prefix: CHAIN.bech32Prefix,
      moduleAccounts: [...hanzoModules.map(({ name }) => name), "fee_collector"].map((name) => codec.format(moduleAddress(name))),
      walks: new Walks(),
      newAddress: () => codec.format(sha256(encodeUtf8(`stranger ${this.#draws.below(STRANGERS)}`)).slice(0, 20)),
    };
    this.#founders = founders.map((operator, i) => ({ operator, machine: machines[i] ?? fail("a machine") }));
    const voters = this.#founders.map(({ machine: { address } }) => ({ address, power: FOUNDER_POWER }));
    this.#network = new ValidatorNetwork(voters, this.#draws);
  }

  /** Makes the chain. */
  async begin(): Promise<void> {
    const { actors, baseDenom } = this.#setting;
    if (this.#options.blocks > FIRST_ROUND) this.#kernels.open();
    const app = await this.#start();
    app.initChain(simGenesis({ chainId: CHAIN_ID, baseDenom, actors, founders: this.#founders }));
  }

  /** Draws, checks, proposes, executes and commits one block, and looks at what came of it. @param isLast whether everything is to be looked at */
  async block(isLast: boolean): Promise<void> {
    const height = this.#running.height + 1n;
    try {
      // The first block is empty: before it there is no state to draw from.
      const txs = height === 1n ? [] : this.#transactions(lookAround(this.#running, this.#store, this.#setting));
      const request = this.#request(height, this.#propose(txs));
      const response = await this.#execute(request);
      this.#network.finish(height, this.#timeNs, response.validatorUpdates);
      this.#tally.addBlock(request.txs, response.txResults, this.#network.sizeAt(height + 1n));
      await this.#running.commit();
      await this.#follow(request, response);
      if (this.#draws.once(RESTART_EVERY)) await this.#restart(request, response);
      this.#setting.walks.follow(this.#watched.changes());
      this.#look(isLast);
    } catch (cause) {
      if (cause instanceof SimFailure) throw cause;
      throw new SimFailure(Number(height), cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
    }
  }

  /** The tally, closed. */
  finish(): SimTally {
    this.#tally.accused = this.#network.accused;
    this.#tally.validatorChanges = this.#network.changed;
    this.#tally.appHash = toHex(this.#store.appHash);
    return this.#tally;
  }

  /** Lets go of everything. */
  close(): void {
    this.#kernels.close();
  }

  get #running(): App {
    return this.#app ?? fail("a chain that has begun");
  }

  /** Starts the state machine on what the store holds, as after a crash. */
  async #start(): Promise<App> {
    this.#app = await this.#open(this.#store);
    return this.#app;
  }

  #open(store: CommitStore): Promise<App> {
    return createHanzoApp({
      store,
      minGasPrices: "",
      chain: { ...CHAIN, authorityModule: this.#setting.authority.address },
      secp256k1: SIMULATED_SIGNATURES,
      kernels: this.#kernels.forNode(),
      log: { info: () => undefined, error: (text, fields) => void this.#defects.push(`${text} ${JSON.stringify(fields)}`) },
    });
  }

  /** Now and then a node begins with a snapshot of the chain; for some blocks it must come to the same. @throws SimFailure */
  async #follow(request: RequestFinalizeBlock, response: ResponseFinalizeBlock): Promise<void> {
    await this.#twin?.follow(request, response);
    if (this.#twin?.isDone === true) this.#twin = undefined;
    if (!this.#draws.once(SYNC_EVERY) || this.#twin !== undefined) return;
    this.#tally.snapshots++;
    this.#twin = await Twin.restore(this.#store, hanzoStores, (store) => this.#open(store));
  }

  /** What the mempool holds for the next block. Now and then a proposer adds what no mempool took. */
  #transactions(world: World): Uint8Array[] {
    const { draws } = this.#setting;
    const maker = new TransactionMaker(world);
    const txs: Uint8Array[] = [];
    for (const drafts of this.#draftsOfBlock(world)) {
      const [first] = drafts;
      if (first === undefined) continue;
      const messages = drafts.map((draft) => draft.message());
      const tx = maker.make(first.signer, messages);
      const { code } = this.#running.checkTx(RequestCheckTx.fromPartial({ tx }));
      this.#tally.addCheck(code === 0);
      if (code === 0) maker.accepted(first.signer);
      if (code === 0 || draws.once(10)) {
        txs.push(tx);
        this.#tally.drafted(
          tx,
          messages.map(({ typeUrl }) => typeUrl),
        );
      }
    }
    return txs;
  }

  /** Everybody's beginning in the second block, whatever is drawn in all others. */
  #draftsOfBlock(world: World): readonly (readonly Draft[])[] {
    if (world.height === 1n) return openingDrafts(hanzoModules, this.#setting.actors);
    return Array.from({ length: this.#draws.below(2 * this.#options.operations + 1) }, () => this.#drafts(world));
  }

  /** One message, or several of one signer. */
  #drafts(world: World): Draft[] {
    const first = this.#draw(world);
    if (first === undefined || !this.#draws.once(5)) return first === undefined ? [] : [first];
    const more = Array.from({ length: 3 }, () => this.#draw(world));
    return [first, ...more.filter((draft) => draft?.signer === first.signer)] as Draft[];
  }

  /** Proposal and judgement of it: what the proposer orders every other validator must accept. */
  #propose(txs: Uint8Array[]): Uint8Array[] {
    const height = this.#running.height + 1n;
    const { txs: proposed } = this.#running.prepareProposal(RequestPrepareProposal.fromPartial({ maxTxBytes: 4_000_000n, txs, height }));
    const { status } = this.#running.processProposal(RequestProcessProposal.fromPartial({ txs: proposed, height }));
    if (status !== ResponseProcessProposal_ProposalStatus.ACCEPT) throw new SimFailure(Number(height), "a proposal of its own is refused");
    return proposed;
  }

  #request(height: bigint, txs: Uint8Array[]): RequestFinalizeBlock {
    this.#timeNs += BigInt(1 + this.#draws.below(6)) * 1_000_000_000n + BigInt(this.#draws.below(1_000_000_000));
    return {
      height,
      txs,
      time: toTimestamp(this.#timeNs),
      hash: sha256(encodeUtf8(`block ${height}`)),
      proposerAddress: this.#network.proposer(height),
      nextValidatorsHash: this.#network.nextHash(height),
      decidedLastCommit: this.#network.lastCommit(height),
      misbehavior: this.#network.misbehavior(height),
    };
  }

  /** Executes a block; now and then the process dies before it is committed, and the block is executed again. @throws SimFailure */
  async #execute(request: RequestFinalizeBlock): Promise<ResponseFinalizeBlock> {
    const response = await this.#running.finalizeBlock(request);
    if (request.height === 1n || !this.#draws.once(CRASH_EVERY)) return response;
    this.#tally.crashes++;
    await this.#start();
    const again = await this.#running.finalizeBlock(request);
    if (!isSameAnswer(response, again))
      throw new SimFailure(Number(request.height), "executed again after a crash the block has other results");
    return again;
  }

  /** The process dies after a commit; the state is what it was, and so is the answer to the last block, which CometBFT may play again. @throws SimFailure */
  async #restart(request: RequestFinalizeBlock, response: ResponseFinalizeBlock): Promise<void> {
    this.#tally.restarts++;
    const before = this.#running.height;
    await this.#start();
    if (this.#running.height !== before)
      throw new SimFailure(Number(before), `height ${before} expected after a restart, got ${this.#running.height}`);
    const { appHash } = this.#store;
    if (!isSameAnswer(response, await this.#running.finalizeBlock(request)))
      throw new SimFailure(Number(before), "played again after a restart the last block has another answer");
    await this.#running.commit();
    if (!equalBytes(this.#store.appHash, appHash)) throw new SimFailure(Number(before), "playing the last block again changed the state");
  }

  /** @throws SimFailure for a broken invariant and for whatever the node calls a defect */
  #look(isLast: boolean): void {
    const app = this.#running;
    const height = Number(app.height);
    const broken = this.#invariants.look(app, readCommitted(app, this.#store), this.#watched.changes(), isLast);
    if (broken !== undefined) throw new SimFailure(height, `invariant ${broken.name}: ${broken.detail}`);
    const [defect] = this.#defects;
    if (defect !== undefined) throw new SimFailure(height, `the node reports a defect: ${defect}`);
  }
}

function fail(expected: string): never {
  throw new Error(`${expected} expected`);
}
