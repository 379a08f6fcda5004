import { MultiSignature } from "#proto/cosmos/crypto/multisig/v1beta1/multisig";
import { AuthInfo, type ModeInfo, type SignerInfo, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import type { AnteRun, AnteSigner } from "./ante/anteRun.ts";
import { type AccountKey, PLACEHOLDER_KEY_ANY } from "./pubKey.ts";
import { SIGN_MODE } from "./signModes.ts";

const SIGNATURE = new Uint8Array(64).fill(1);
/** What a wallet that asks for the gas will most likely set as limit and pay. */
const TYPICAL = { gasLimit: 200_000n, amount: "1000000000000000" } as const;

/**
 * How many bytes a simulated transaction lacks against the one that will be sent: signatures, keys, modes and fee that the wallet fills in last.
 * None for a transaction that is complete already: then simulation and delivery cost the same to the last unit of gas.
 */
export function missingBytes(run: AnteRun): number {
  const { tx, signers } = run;
  const open = signers.map((_, index) => isOpen(tx.raw.signatures[index]));
  if (!open.includes(true) && tx.signerInfos.length === signers.length) return 0;
  const completed = TxRaw.encode({
    bodyBytes: tx.raw.bodyBytes,
    authInfoBytes: AuthInfo.encode({
      signerInfos: signers.map((signer, index) => completeInfo(run, signer, index)),
      fee: completeFee(run),
      tip: undefined,
    }).finish(),
    signatures: signers.map(({ key }, index) => (open[index] ? completeSignature(key) : (tx.raw.signatures[index] ?? SIGNATURE))),
  }).finish();
  return completed.length > tx.bytes.length ? completed.length - tx.bytes.length : 0;
}

/** Whether a signature is still to come: absent, empty or the zeros that wallets send in its place. */
function isOpen(signature: Uint8Array | undefined): boolean {
  return signature === undefined || signature.every((byte) => byte === 0);
}

function completeInfo(run: AnteRun, { account, key }: AnteSigner, index: number): SignerInfo {
  const info = run.tx.signerInfos[index];
  const publicKey: Any = info?.publicKey ?? account.pubKey ?? PLACEHOLDER_KEY_ANY;
  const sequence = info?.sequence ?? (run.tx.body.unordered ? 0n : account.sequence);
  return { publicKey, modeInfo: completeMode(key, info?.modeInfo), sequence };
}

function completeMode(key: AccountKey | undefined, mode: ModeInfo | undefined): ModeInfo {
  if (mode?.multi !== undefined) return mode;
  if (key?.kind !== "multisig")
    return mode?.single === undefined || mode.single.mode === SIGN_MODE.unspecified ? { single: { mode: SIGN_MODE.direct } } : mode;
  const signing = key.members.slice(0, key.threshold);
  const elems = new Uint8Array((key.members.length + 7) >>> 3);
  return {
    multi: {
      bitarray: { extraBitsStored: key.members.length & 7, elems },
      modeInfos: signing.map((member) => completeMode(member, { single: { mode: SIGN_MODE.amino } })),
    },
  };
}

function completeSignature(key: AccountKey | undefined): Uint8Array {
  if (key?.kind !== "multisig") return SIGNATURE;
  return MultiSignature.encode({ signatures: key.members.slice(0, key.threshold).map(completeSignature) }).finish();
}

function completeFee({ tx, env }: AnteRun): AuthInfo["fee"] {
  const denom = env.minGasPrices[0]?.denom ?? env.baseDenom;
  return {
    ...tx.fee,
    gasLimit: tx.fee.gasLimit === 0n ? TYPICAL.gasLimit : tx.fee.gasLimit,
    amount: tx.fee.amount.length === 0 ? [{ denom, amount: TYPICAL.amount }] : tx.fee.amount,
  };
}
