import { TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { descriptors } from "../../../app/descriptorImage.ts";
import { CHAIN, describedModules, hanzoModules } from "../../../app/hanzo.ts";
import { createWire } from "../../../app/runtime/createWire.ts";
import { createTxDecoder, type DecodedTx } from "../../../app/runtime/decodedTx.ts";
import { createKeyReader } from "../../../app/runtime/keyReader.ts";
import { createRouter } from "../../../app/runtime/router.ts";
import { loadSecp256k1 } from "../../../app/runtime/secp256k1Backend.ts";
import { createSignatureVerifier } from "../../../app/runtime/signature.ts";
import { type JudgedSigner, type SignatureRun, verifySigner } from "../../../app/runtime/verifySigner.ts";
import type { Wire } from "../../../app/runtime/wire.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { commandProfile } from "../config/commandChain.ts";
import type { TxBytes } from "./txBytes.ts";

/** What the chain knows of transactions, without a chain. */
export interface TxCodec {
  readonly wire: Wire;
  /** @throws CliError when the chain would not read the bytes as a transaction */
  decode(bytes: Uint8Array): DecodedTx;
  /** Why the signature at `index` is wrong for that signer, as the chain judges it; undefined when it is right. */
  whyWrong(tx: DecodedTx, index: number, signer: JudgedSigner, chainId: string): string | undefined;
}

let known: TxCodec | undefined;

/** The codec of this program's modules; made when first asked for. */
export function txCodec(): TxCodec {
  known ??= createTxCodec();
  return known;
}

function createTxCodec(): TxCodec {
  const { modules, chain } = commandProfile()?.app ?? { modules: hanzoModules, chain: CHAIN };
  const wire = createWire(descriptors(), modules);
  const address = createAddressCodec(chain.bech32Prefix);
  const keys = createKeyReader();
  const router = createRouter(describedModules(modules, chain));
  const decoder = createTxDecoder({ router, wire, address, keys });
  const verifier = createSignatureVerifier(loadSecp256k1());
  return {
    wire,
    decode(bytes) {
      try {
        return decoder.decode(bytes);
      } catch (cause) {
        throw new CliError("this is no transaction of this chain", { why: reasonOf(cause), cause });
      }
    },
    whyWrong(tx, index, signer, chainId) {
      const key = tx.keys[index]?.key;
      if (key === undefined) return "no public key";
      const run: SignatureRun = { tx, ctx: { chainId }, env: { address, wire, verifier }, signerAddresses: tx.signers() };
      try {
        return verifySigner(run, signer, key, index);
      } catch (thrown) {
        return reasonOf(thrown);
      }
    },
  };
}

/** Who must sign, in order. @throws CliError when an address in the transaction cannot be read */
export function requiredSigners(parts: TxBytes): readonly string[] {
  try {
    return txCodec()
      .decode(TxRaw.encode({ ...parts, signatures: [] }).finish())
      .signers();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError("the transaction names a signer that is no address", { why: reasonOf(cause), cause });
  }
}
