import { SignMode } from "#proto/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { sha256 } from "#sha256";
import { directSignBytes } from "../../../../app/encoding/signDocs.ts";
import { auth } from "../../../../modules/auth/index.ts";
import { feeGranter } from "../operations/feegrant.ts";
import { type Actor, sign } from "./actors.ts";
import type { World } from "./world.ts";

const FEE = "5000000000000";
const GAS = 3_000_000n;

/** What makes a transaction wrong: nothing, most of the time. */
interface Flaws {
  readonly sequence: bigint;
  readonly gas: bigint;
  readonly chainId: string;
  readonly forged: boolean;
}

/** Makes transactions of a block; sequences go on from those of the state. */
export class TransactionMaker {
  readonly #world: World;
  readonly #sequences = new Map<string, bigint>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A transaction of a signer's messages. */
  make(signer: Actor, messages: Any[]): Uint8Array {
    const account = this.#world.facet(auth, "view").findAccount(this.#world.ctx, signer.address);
    const expected = this.#sequences.get(signer.address) ?? account?.sequence ?? 0n;
    const flaws = this.#flaws(expected);
    const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages })).finish();
    const authInfoBytes = AuthInfo.encode(
      AuthInfo.fromPartial({
        signerInfos: [{ publicKey: signer.publicKey, modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } }, sequence: flaws.sequence }],
        fee: {
          amount: [{ denom: this.#world.baseDenom, amount: FEE }],
          gasLimit: flaws.gas,
          granter: feeGranter(this.#world, signer.address) ?? "",
        },
      }),
    ).finish();
    const numbers = { chainId: flaws.chainId, accountNumber: account?.accountNumber ?? 0n, sequence: flaws.sequence };
    const digest = sha256(directSignBytes({ bodyBytes, authInfoBytes }, numbers));
    const signature = sign(signer.key, flaws.forged ? sha256(digest) : digest);
    return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish();
  }

  /** A transaction of this signer passed the checks of the mempool. */
  accepted({ address }: Actor): void {
    const account = this.#world.facet(auth, "view").findAccount(this.#world.ctx, address);
    this.#sequences.set(address, (this.#sequences.get(address) ?? account?.sequence ?? 0n) + 1n);
  }

  #flaws(expected: bigint): Flaws {
    const { draws, chainId } = this.#world;
    const right = { sequence: expected, gas: GAS, chainId, forged: false };
    switch (draws.below(120)) {
      case 0:
        return { ...right, sequence: expected + 1n };
      case 1:
        return { ...right, forged: true };
      case 2:
        return { ...right, chainId: "another-1" };
      case 3:
      case 4:
        return { ...right, gas: BigInt(draws.below(150_000)) };
      default:
        return right;
    }
  }
}
