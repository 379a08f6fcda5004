import type { ModeInfo } from "#proto/cosmos/tx/v1beta1/tx";
import { sdkError } from "#sdk";
import { hasBit } from "../compactBitArray.ts";
import type { AccountKey, SingleKey } from "../pubKey.ts";
import type { AnteRun, AnteStep } from "./anteRun.ts";

/** Charges for every signature before any is verified, remembered or not. @throws sdk/8 for keys that cannot sign for accounts */
export const chargeSignatures: AnteStep = (run) => {
  for (let index = 0; index < run.signers.length; index++) chargeKey(run, run.signers[index]?.key, run.tx.signerInfos[index]?.modeInfo);
};

function chargeKey(run: AnteRun, key: AccountKey | undefined, mode: ModeInfo | undefined): void {
  if (key === undefined) throw sdkError.invalidPubKey("unrecognized public key type: <nil>");
  if (key.kind !== "multisig") {
    chargeSingle(run, key);
    return;
  }
  const multi = mode?.multi;
  // A simulation may not know yet who will sign: as many as are needed, the first ones.
  if (multi === undefined) {
    if (run.mode !== "simulate") throw sdkError.unauthorized("a multisig signature expected");
    for (const member of key.members.slice(0, key.threshold)) chargeKey(run, member, undefined);
    return;
  }
  let signed = 0;
  for (const [index, member] of key.members.entries()) {
    if (multi.bitarray === undefined || !hasBit(multi.bitarray, index)) continue;
    chargeKey(run, member, multi.modeInfos[signed]);
    signed += 1;
  }
}

function chargeSingle(run: AnteRun, key: SingleKey): void {
  if (key.kind === "secp256k1") {
    run.ctx.gas(run.params.sigVerifyCostSecp256k1, "ante verify: secp256k1");
    return;
  }
  run.ctx.gas(run.params.sigVerifyCostEd25519, "ante verify: ed25519");
  throw sdkError.invalidPubKey("ED25519 public keys are unsupported");
}
