// Blocks that follow from a seed: every message of every module, in good and in bad transactions.
import { decodeDynamic } from "../../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import type { HanzoOptions } from "../../../app/hanzo.ts";
import { CHAIN, descriptors, hanzoMsgServices } from "../../../app/hanzo.ts";
import type { App } from "../../../app/runtime/app.ts";
import type { ChainConfig } from "../../../app/sdk/index.ts";
import type { CommitStore } from "../../../app/store/commitStore.ts";
import { pick, type Random, randomMessage, type World } from "../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { defaultHmmGenesis } from "../../../modules/hmm/index.ts";
import { GenesisState as HmmGenesis } from "../../../proto/gen/hanzo/hmm/v1/genesis.ts";
import {
  QueryCommitmentsByWorkerRequest,
  QueryCommitmentsByWorkerResponse,
  QueryOrdersByOwnerRequest,
  QueryOrdersByOwnerResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
  QueryRoundRequest,
  QueryRoundResponse,
} from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import { MsgMintCredit, MsgSwap } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { createRandom } from "../../e2e/harness/random.ts";
import { moduleAccount, testAccounts } from "../../harness/accounts.ts";
import { editTx, message, type SignerState, signTx, type TestMessage } from "../../harness/signTx.ts";
import { createTestChain, type TestChain } from "../../harness/testChain.ts";
import { governedTypes, MARKET_PARAMS } from "./governedMessages.ts";
import { canReveal, likelyFields, likelyTypes, type Memory } from "./likelyMessages.ts";

const ACCOUNTS = 6;
const TXS_PER_BLOCK = 9;
const FEE = [{ denom: CHAIN.baseDenom, amount: "5000000000000" }];

/** Every message that a module handles, by full name. */
export const messageTypes: readonly string[] = hanzoMsgServices.flatMap((service) =>
  descriptors()
    .getService(service)
    .methods.map(({ input }) => input),
);

/** The seeded chain's own settings: its first account is the authority, so that governed messages succeed as well. */
export async function seededConfig(): Promise<ChainConfig> {
  const [first] = await testAccounts(1, CHAIN.bech32Prefix);
  if (first === undefined) throw new Error("an account expected");
  return { ...CHAIN, authorityModule: first.address };
}

/** The chain on which seeded blocks are made and executed. */
export async function openSeededChain(store: CommitStore, app: Partial<HanzoOptions> = {}, wrap?: (app: App) => App): Promise<TestChain> {
  const { genesis } = defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom });
  const hmm = toProtoJson(descriptors(), HmmGenesis.$type, HmmGenesis.encode({ ...genesis, params: MARKET_PARAMS }).finish());
  return createTestChain({
    staked: true,
    accounts: ACCOUNTS,
    market: true,
    appState: { hmm },
    app: { ...app, store, chain: await seededConfig() },
    ...(wrap === undefined ? {} : { wrap }),
  });
}

/** A seeded source of blocks for a chain, which must execute each before the next is made. */
export class BlockSource {
  readonly #chain: TestChain;
  readonly #random: Random;
  readonly #world: World;
  readonly #memory: Memory;
  /** A transaction of an earlier block, to be sent once more. */
  #earlier: Uint8Array | undefined;
  #isOpened = false;

  constructor(chain: TestChain, seed: number) {
    this.#chain = chain;
    this.#random = createRandom(Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1);
    const modules = ["hmm", "fee_collector", "gov"].map((name) => moduleAccount(name, CHAIN.bech32Prefix));
    this.#world = {
      descriptors: descriptors(),
      addresses: [...chain.accounts.map(({ address }) => address), ...modules],
      pools: ["gpu", "gpu", "vram", "ram", "net", "disk"],
      denoms: [CHAIN.baseDenom, "credit", "ngpu", "nvram", "ndisk"],
    };
    this.#memory = {
      round: 0n,
      height: 1n,
      withdrawals: new Map(),
      revealing: false,
      chainId: chain.chainId,
      sealed: new Map(),
      unlocked: new Map(),
      orders: new Map(),
      commitments: new Map(),
    };
  }

  /** Credit and resources for every account, so that what follows has something to trade. */
  async #opening(signers: readonly SignerState[]): Promise<readonly Uint8Array[]> {
    return Promise.all(
      signers.map((signer) => {
        const sender = signer.account.address;
        const mint = message(MsgMintCredit, { sender, amount: String(10n ** 22n) });
        const swaps = ["gpu", "vram", "ram", "net", "disk"].map((poolId) =>
          message(MsgSwap, { sender, poolId, creditIn: String(10n ** 18n), minOut: "" }),
        );
        return signTx([mint, ...swaps], { chainId: this.#chain.chainId, signers: [signer], fee: FEE, gas: 3_000_000n });
      }),
    );
  }

  /** The transactions of the next block. */
  async next(): Promise<readonly Uint8Array[]> {
    const signers = await Promise.all(this.#chain.accounts.map((account) => this.#chain.signer(account)));
    if (!this.#isOpened) {
      this.#isOpened = true;
      return this.#opening(signers);
    }
    await this.#look();
    const txs: Uint8Array[] = [];
    for (let left = this.#random.below(2 * TXS_PER_BLOCK); left > 0; left -= 1) txs.push(await this.#transaction(signers));
    this.#earlier = txs[0] ?? this.#earlier;
    return txs;
  }

  /** Reads what messages refer to from the committed state. */
  async #look(): Promise<void> {
    const ask = async (name: string, request: Uint8Array): Promise<Uint8Array> =>
      (await this.#chain.query(`/hanzo.hmm.v1.Query/${name}`, request)).value;
    const { round, revealing } = QueryRoundResponse.decode(await ask("Round", QueryRoundRequest.encode({}).finish()));
    this.#memory.round = round?.id ?? 0n;
    this.#memory.height = this.#chain.app.height + 1n;
    this.#memory.revealing = revealing;
    for (const { address } of this.#chain.accounts) {
      const orders = await ask("OrdersByOwner", QueryOrdersByOwnerRequest.encode({ owner: address, pagination: undefined }).finish());
      const promised = await ask(
        "CommitmentsByWorker",
        QueryCommitmentsByWorkerRequest.encode({ worker: address, pagination: undefined }).finish(),
      );
      const positions = await ask("Positions", QueryPositionsRequest.encode({ owner: address, pagination: undefined }).finish());
      const free = QueryPositionsResponse.decode(positions)
        .positions.flatMap(({ position }) => position ?? [])
        .filter(({ unlockHeight }) => unlockHeight <= this.#chain.app.height + 1n)
        .map(({ poolId }) => poolId);
      if (free.length > 0) this.#memory.unlocked.set(address, free);
      this.#memory.orders.set(
        address,
        QueryOrdersByOwnerResponse.decode(orders).orders.map(({ id }) => String(id)),
      );
      this.#memory.commitments.set(
        address,
        QueryCommitmentsByWorkerResponse.decode(promised).commitments.map(({ id }) => String(id)),
      );
    }
  }

  async #transaction(signers: SignerState[]): Promise<Uint8Array> {
    const random = this.#random;
    const at = random.below(signers.length);
    const signer = signers[at];
    if (signer === undefined) throw new Error("a signer expected");
    const messages = Array.from({ length: 1 + (random.below(4) === 0 ? random.below(4) : 0) }, () => this.#message(signer.account.address));
    const wrong = { chain: random.below(40) === 0, sequence: random.below(30) === 0 };
    const tx = await signTx(messages, {
      chainId: wrong.chain ? "another-1" : this.#chain.chainId,
      signers: [{ ...signer, sequence: wrong.sequence ? signer.sequence + 1n : signer.sequence }],
      fee: random.below(25) === 0 ? [{ denom: "credit", amount: "1" }] : FEE,
      gas: random.below(12) === 0 ? BigInt(1000 * random.below(120)) : 1_500_000n,
      memo: random.below(20) === 0 ? "m".repeat(random.below(400)) : "",
    });
    const sent = this.#spoiled(tx);
    // What is refused before its messages does not use the sequence; where that cannot be known here, the next one may be wrong.
    if (sent === tx && !wrong.chain && !wrong.sequence) signers[at] = { ...signer, sequence: signer.sequence + 1n };
    return sent;
  }

  #message(sender: string): TestMessage {
    const governs = sender === this.#chain.accounts[0]?.address && this.#random.below(2) === 0;
    const ordinary = pick(this.#random, governs ? governedTypes : this.#random.below(5) > 0 ? likelyTypes : messageTypes);
    const reveals = canReveal(this.#memory, sender) && this.#random.below(3) === 0;
    const type = reveals ? "hanzo.hmm.v1.MsgRevealOrder" : ordinary;
    const fixed = this.#random.below(8) > 0 ? likelyFields(type, this.#random, this.#world, sender, this.#memory) : {};
    const bytes = this.#encode(type, sender, fixed);
    return { codec: { $type: type, encode: () => ({ finish: () => bytes }) }, value: {} };
  }

  /** Texts that no message can hold are drawn again. */
  #encode(type: string, sender: string, fixed: Readonly<Record<string, unknown>>): Uint8Array {
    for (;;) {
      try {
        const bytes = randomMessage(this.#random, this.#world, type, sender, fixed);
        decodeDynamic(descriptors(), type, bytes);
        return bytes;
      } catch (cause) {
        if (!(cause instanceof EncodingError)) throw cause;
      }
    }
  }

  /** Mostly the transaction itself. */
  #spoiled(tx: Uint8Array): Uint8Array {
    const random = this.#random;
    switch (random.below(40)) {
      case 0:
        return tx.subarray(0, random.below(tx.length));
      case 1: {
        const damaged = tx.slice();
        const at = random.below(tx.length);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
        return damaged;
      }
      case 2:
        return editTx(tx, ({ signatures }) => {
          signatures[0] = new Uint8Array(64).fill(random.below(256));
        });
      case 3:
        return this.#earlier ?? tx;
      case 4:
        return Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      default:
        return tx;
    }
  }
}
