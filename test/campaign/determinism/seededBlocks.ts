// Blocks that follow from a seed: every message of every module, in good and in bad transactions.

import { descriptors } from "../../../app/descriptorImage.ts";
import { decodeDynamic } from "../../../app/encoding/dynamicMessage.ts";
import { EncodingError } from "../../../app/encoding/encodingError.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { pick, type Random, randomMessage, type World } from "../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { MsgMintCredit, MsgSwap } from "../../../proto/gen/hanzo/hmm/v1/tx.ts";
import { createRandom } from "../../e2e/harness/random.ts";
import { moduleAccount } from "../../harness/accounts.ts";
import { editTx, message, type SignerState, signTx, type TestMessage } from "../../harness/signTx.ts";
import type { TestChain } from "../../harness/testChain.ts";
import { Bag } from "./bag.ts";
import { messageTypes, neverFailed, neverSucceeded, type Seen } from "./coverage.ts";
import { lookAround } from "./lookAround.ts";
import { revealableVotes } from "./messages/experience.ts";
import { canReveal } from "./messages/hmm.ts";
import { governedTypes, likelyFields, likelyTypes, opportunities } from "./messages/index.ts";
import { emptyMemory, type Memory } from "./messages/maker.ts";

const TXS_PER_BLOCK = 11;
/** Accounts that stake on themselves in the first block with transactions. */
const FOUNDING_VALIDATORS = 3;
const ENOUGH_GAS = 1_500_000n;
const FEE = [{ denom: CHAIN.baseDenom, amount: "5000000000000" }];

/** A seeded source of blocks for a chain, which must execute each before the next is made. */
export class BlockSource {
  readonly #chain: TestChain;
  readonly #random: Random;
  readonly #world: World;
  readonly #memory: Memory;
  readonly #seen: Seen;
  readonly #likely: Bag;
  readonly #governed: Bag;
  readonly #all: Bag;
  /** A transaction of an earlier block, to be sent once more. */
  #earlier: Uint8Array | undefined;
  #isOpened = false;

  /** @param seen of earlier blocks: what is missing there is drawn more often */
  constructor(chain: TestChain, seed: number, seen: Seen = { types: new Set(), failed: new Set() }) {
    this.#chain = chain;
    this.#seen = seen;
    this.#random = createRandom(Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1);
    const modules = ["hmm", "fee_collector", "gov"].map((name) => moduleAccount(name, CHAIN.bech32Prefix));
    this.#world = {
      descriptors: descriptors(),
      addresses: [...chain.accounts.map(({ address }) => address), ...modules],
      pools: ["gpu", "gpu", "vram", "ram", "net", "disk"],
      denoms: [CHAIN.baseDenom, "credit", "ngpu", "nvram", "ndisk"],
    };
    this.#memory = emptyMemory(chain.chainId);
    this.#likely = new Bag(likelyTypes);
    this.#governed = new Bag(governedTypes);
    this.#all = new Bag(messageTypes);
  }

  /** Credit and resources for every account, so that what follows has something to trade; some begin as validators. */
  async #opening(signers: readonly SignerState[]): Promise<readonly Uint8Array[]> {
    return Promise.all(
      signers.map((signer, at) => {
        const sender = signer.account.address;
        const mint = message(MsgMintCredit, { sender, amount: String(10n ** 22n) });
        const swaps = ["gpu", "vram", "ram", "net", "disk"].map((poolId) =>
          message(MsgSwap, { sender, poolId, creditIn: String(10n ** 18n), minOut: "" }),
        );
        const staked = at < FOUNDING_VALIDATORS ? [this.#draft("cosmos.staking.v1beta1.MsgCreateValidator", sender, true)] : [];
        return signTx([mint, ...swaps, ...staked], { chainId: this.#chain.chainId, signers: [signer], fee: FEE, gas: 3_000_000n });
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
    await lookAround(this.#chain, this.#memory);
    const txs: Uint8Array[] = [];
    for (let left = this.#random.below(2 * TXS_PER_BLOCK); left > 0 && signers.length > 0; left -= 1)
      txs.push(await this.#transaction(signers));
    this.#earlier = txs[0] ?? this.#earlier;
    return txs;
  }

  async #transaction(signers: SignerState[]): Promise<Uint8Array> {
    const random = this.#random;
    const at = random.below(signers.length);
    const signer = signers[at];
    if (signer === undefined) throw new Error("a signer expected");
    const messages = Array.from({ length: 1 + (random.below(6) === 0 ? random.below(4) : 0) }, () => this.#message(signer.account.address));
    const wrong = { chain: random.below(60) === 0, sequence: random.below(60) === 0 };
    const gas = random.below(12) === 0 ? BigInt(1000 * random.below(120)) : ENOUGH_GAS;
    const memo = random.below(20) === 0 ? "m".repeat(random.below(400)) : "";
    const granter = this.#granter(signer.account.address);
    const fee = random.below(25) === 0 ? [{ denom: "credit", amount: "1" }] : FEE;
    const tx = await signTx(messages, {
      chainId: wrong.chain ? "another-1" : this.#chain.chainId,
      signers: [{ ...signer, sequence: wrong.sequence ? signer.sequence + 1n : signer.sequence }],
      fee,
      gas,
      memo,
      ...(granter === undefined ? {} : { granter }),
    });
    const sent = this.#spoiled(tx);
    // What is refused before its messages does not use the sequence. Where that cannot be known here, the signer rests until the next block.
    if (gas < ENOUGH_GAS || memo !== "" || granter !== undefined) signers.splice(at, 1);
    else if (sent === tx && !wrong.chain && !wrong.sequence) signers[at] = { ...signer, sequence: signer.sequence + 1n };
    return sent;
  }

  /** Somebody else pays now and then, if an allowance says so. */
  #granter(sender: string): string | undefined {
    const granters = [...this.#memory.allowances].filter(([, grantees]) => grantees.includes(sender)).map(([granter]) => granter);
    return granters.length === 0 || this.#random.below(4) > 0 ? undefined : pick(this.#random, granters);
  }

  #message(sender: string): TestMessage {
    const random = this.#random;
    const isAuthority = sender === this.#chain.accounts[0]?.address;
    // The authority says only what makes sense, and others do not govern: parameters of any value may stop the chain.
    const governs = (type: string): boolean => isAuthority && governedTypes.includes(type);
    const missing = neverSucceeded(this.#seen).filter((type) => isAuthority || !governedTypes.includes(type));
    if (missing.length > 0 && random.below(6) === 0) return this.#draft(pick(random, missing), sender, true);
    const unfailed = neverFailed(this.#seen).filter((type) => !governs(type));
    if (unfailed.length > 0 && random.below(6) === 0) return this.#draft(pick(random, unfailed), sender, random.below(2) === 0);
    const type = this.#type(sender, isAuthority);
    return this.#draft(type, sender, random.below(12) > 0 || governs(type));
  }

  #draft(type: string, sender: string, makesSense: boolean): TestMessage {
    const fixed = makesSense ? likelyFields(type, this.#random, this.#world, sender, this.#memory) : {};
    const bytes = this.#encode(type, sender, fixed);
    return { codec: { $type: type, encode: () => ({ finish: () => bytes }) }, value: {} };
  }

  #type(sender: string, isAuthority: boolean): string {
    const random = this.#random;
    // Rounds are short.
    if (canReveal(this.#memory, sender) && random.below(2) === 0) return "hanzo.hmm.v1.MsgRevealOrder";
    if (revealableVotes(this.#memory, sender).length > 0 && random.below(2) === 0) return "hanzo.experience.v1.MsgRevealVote";
    const chances = opportunities(this.#memory, sender);
    if (chances.length > 0 && random.below(4) === 0) return pick(random, chances);
    if (isAuthority && random.below(2) === 0) return this.#governed.draw(random);
    return (random.below(8) > 0 ? this.#likely : this.#all).draw(random);
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
