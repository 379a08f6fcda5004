import type { MsgCreateValidator } from "#proto/cosmos/staking/v1beta1/tx";
import { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import { descriptors } from "../../../app/descriptorImage.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { addressOfKey, decodePubKey } from "../../../app/runtime/pubKey.ts";
import { createAddressCodec } from "../../../app/sdk/index.ts";
import { parseGenTx, readGenTxs, requireCreateValidator } from "../../../modules/genutil/genTxs.ts";
import { reasonOf } from "../../shared/cliError.ts";
import { commandChain } from "../config/commandChain.ts";
import type { CoinText } from "../request/coinsText.ts";
import { sumCoins } from "../request/coinsText.ts";
import { txCodec } from "../tx/txCodec.ts";

/** What a genesis transaction says. */
export interface GenTxFacts {
  /** Its JSON. */
  readonly json: unknown;
  readonly moniker: string;
  /** The operator's account. */
  readonly account: string;
  /** The operator as validators are named. */
  readonly operator: string;
  /** Consensus key, in hexadecimal. */
  readonly key: string;
  /** What the account must own: stake and fee. */
  readonly cost: readonly CoinText[];
  readonly memo: string;
}

/** Thrown for a genesis transaction that is none, or not for this chain. */
export class GenTxError extends Error {}

/**
 * Reads a genesis transaction and judges all that can be judged without the others and without balances: form, message and signature.
 * @param json as it stands in the file
 * @throws GenTxError with the field that is wrong and why
 */
export function readGenTx(json: unknown, chainId: string): GenTxFacts {
  const codec = txCodec();
  const tx = complain("", () => {
    const [bytes = new Uint8Array(0)] = readGenTxs({ gen_txs: [json] }).genTxs;
    requireCreateValidator(parseGenTx(bytes));
    return codec.decode(fromProtoJson(descriptors(), Tx.$type, json));
  });
  const [packed] = tx.messages;
  const message = packed?.value as MsgCreateValidator;
  complain("body.messages[0]", () => packed?.method.check?.(message));
  const [account = ""] = complain("body.messages[0].validator_address", () => tx.signers());
  const key = complain("body.messages[0].pubkey", () => decodePubKey(message.pubkey ?? { typeUrl: "", value: new Uint8Array(0) }));
  if (key.kind === "multisig") throw new GenTxError("body.messages[0].pubkey: a single key expected");
  const signer = tx.keys[0];
  const owner = signer === undefined ? "no key" : createAddressCodec(commandChain().bech32Prefix).format(addressOfKey(signer.key));
  if (owner !== account) throw new GenTxError(`auth_info.signer_infos: the key of ${account} expected, got that of ${owner}`);
  const wrong = codec.whyWrong(tx, 0, { address: account, account: { accountNumber: 0n, sequence: 0n } }, chainId);
  if (wrong !== undefined)
    throw new GenTxError(`signatures[0]: a signature for chain ${chainId} with account number 0 and sequence 0 expected (${wrong})`);
  const { denom = "", amount = "0" } = message.value ?? {};
  return {
    json,
    moniker: message.description?.moniker ?? "",
    account,
    operator: message.validatorAddress,
    key: Buffer.from(key.bytes).toString("hex"),
    cost: sumCoins([{ denom, amount }, ...tx.fee.amount]),
    memo: tx.body.memo,
  };
}

function complain<T>(at: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = reasonOf(cause).replace(/^gen_txs\[0\]: /, "");
    throw new GenTxError(at === "" ? reason : `${at}: ${reason}`, { cause });
  }
}
