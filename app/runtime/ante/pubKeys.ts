import type { Any } from "#proto/google/protobuf/any";
import { sdkError } from "#sdk";
import { equalBytes, toBase64 } from "../../encoding/bytes.ts";
import type { DecodedTx } from "../decodedTx.ts";
import type { KeyReader } from "../keyReader.ts";
import { type AccountKey, PLACEHOLDER_KEY, PLACEHOLDER_KEY_ANY } from "../pubKey.ts";
import { signatureValues } from "../signatureValues.ts";
import type { SignerFacts } from "../txFacts.ts";
import type { AnteRun, AnteSigner, AnteStep } from "./anteRun.ts";

/**
 * Reads the signers' accounts, keeps the keys that accounts do not have yet, and tells the signatures as events.
 * @throws sdk/9 unknown account, sdk/8 key of another address
 */
export const setPubKeys: AnteStep = (run) => {
  const { ctx } = run;
  const facts = run.tx.facts();
  const signers: AnteSigner[] = [];
  for (let index = 0; index < facts.signers.length; index++) signers.push(readSigner(run, facts.signers[index] as SignerFacts, index));
  run.signers = signers;
  // Taking signatures apart may fail; what has no parts is only told.
  if (!ctx.isHeard && !facts.hasMultisig) return;
  for (let index = 0; index < facts.signers.length; index++) {
    const { address, sequence } = facts.signers[index] as SignerFacts;
    const info = run.tx.signerInfos[index];
    if (ctx.isHeard && !facts.isUnordered) ctx.event("tx", [["acc_seq", `${address}/${sequence ?? 0n}`]]);
    // A simulated multisig need not be signed yet, so its bytes may be anything.
    if (run.mode === "simulate" && info?.modeInfo?.multi !== undefined) continue;
    const values = signatureValues(run.env.wire, info?.modeInfo, run.tx.raw.signatures[index]);
    if (!ctx.isHeard) continue;
    for (const value of values) ctx.event("tx", [["signature", toBase64(value)]]);
  }
};

function readSigner({ ctx, tx, env, mode }: AnteRun, known: SignerFacts, index: number): AnteSigner {
  const { address } = known;
  if (known.hasForeignKey && mode !== "simulate") {
    throw sdkError.invalidPubKey(`pubKey does not match signer address ${address} with signer index: ${index}`);
  }
  const account = env.ports.accounts.findAccount(ctx, address, known.place);
  if (account === undefined) throw sdkError.unknownAddress(`account ${address} does not exist`);
  if (account.pubKey !== undefined) {
    if (known.account !== account) {
      known.key = readAccountKey(env.keys, account.pubKey, tx, index);
      known.account = account;
    }
    return { address, account, key: known.key };
  }
  const any = tx.signerInfos[index]?.publicKey;
  if (any !== undefined) {
    env.ports.accounts.setPubKey(ctx, address, any);
    return { address, account, key: tx.keys[index]?.key };
  }
  if (mode !== "simulate") return { address, account, key: undefined };
  // GAS: the first real transaction will bring the key and write it, so the simulation writes one of the same size.
  env.ports.accounts.setPubKey(ctx, address, PLACEHOLDER_KEY_ANY);
  return { address, account, key: PLACEHOLDER_KEY };
}

/** The key that an account has. Mostly the transaction brings the same one, which was read with it. */
export function readAccountKey(keys: KeyReader, stored: Any, tx: DecodedTx, index: number): AccountKey {
  const brought = tx.signerInfos[index]?.publicKey;
  const read = tx.keys[index];
  const isSame = brought !== undefined && brought.typeUrl === stored.typeUrl && equalBytes(brought.value, stored.value);
  return isSame && read !== undefined ? read.key : keys.read(stored).key;
}
