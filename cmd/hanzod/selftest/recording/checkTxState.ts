// The state on which a recorded mempool judged a transaction: every verdict moved its check state on, and a recording need not hold them all, so
// where the signers stood is read off the verdict itself.
import { AuthInfo, TxBody, TxRaw } from "#proto/cosmos/tx/v1beta1/tx";
import { Any } from "#proto/google/protobuf/any";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { encodeBech32 } from "../../../../app/encoding/bech32.ts";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import { addressOfKey, decodePubKey } from "../../../../app/runtime/pubKey.ts";
import { readChainFacts, requireGenesis } from "./chainFacts.ts";
import { fieldOf } from "./jsonShape.ts";
import { sdkModuleNames } from "./recordedChain.ts";
import { importableState } from "./recordedState.ts";
import type { JudgedCheck, Recording } from "./recording.ts";

interface Signer {
  readonly address: string;
  readonly sequence: bigint;
}

/** `app_state` for judging one transaction as it was judged. */
export function stateBefore(recording: Recording, { tx, log = "" }: JudgedCheck): Readonly<Record<string, unknown>> {
  const { exported } = requireGenesis(recording);
  const state = importableState(exported.app_state, sdkModuleNames) as {
    readonly auth: { readonly accounts: readonly unknown[] };
    readonly bank: {
      readonly balances: readonly {
        readonly address: string;
        readonly coins: readonly { readonly denom: string; readonly amount: string }[];
      }[];
    };
  };
  const signers = signersOf(tx, readChainFacts(recording).config.bech32Prefix);
  const expected = /expected (\d+), got \d+: incorrect account sequence|, sequence \((\d+)\)/.exec(log);
  const told = expected?.[1] ?? expected?.[2];
  const accounts = state.auth.accounts.map((account) => {
    const signer = signers.find(({ address }) => address === fieldOf(account, "address"));
    return signer === undefined ? account : { ...(account as object), sequence: told ?? String(signer.sequence) };
  });
  const [, amount, denom] = /^spendable balance (\d+)(\S+) is smaller/.exec(log) ?? [];
  const balances = state.bank.balances.map((balance) =>
    amount === undefined || amount === "0" || balance.address !== signers[0]?.address
      ? balance
      : { ...balance, coins: balance.coins.map((coin) => (coin.denom === denom ? { denom, amount } : coin)) },
  );
  return { ...state, auth: { ...state.auth, accounts }, bank: { ...state.bank, balances, supply: [] } };
}

/** Signers by their keys, the first one by the message where its key is left out; none of what cannot be read. */
function signersOf(hex: string, prefix: string): readonly Signer[] {
  try {
    const { bodyBytes, authInfoBytes } = TxRaw.decode(fromHex(hex));
    const { signerInfos } = AuthInfo.decode(authInfoBytes);
    return signerInfos.map(({ publicKey, sequence }) => ({
      sequence,
      address: publicKey === undefined ? namedSigner(bodyBytes) : encodeBech32(prefix, addressOfKey(decodePubKey(publicKey))),
    }));
  } catch {
    return [];
  }
}

/** The signer that the first message names. */
function namedSigner(bodyBytes: Uint8Array): string {
  const message = TxBody.decode(bodyBytes).messages[0];
  const name = descriptors().findMessage(message?.typeUrl.slice(1) ?? "")?.signer[0];
  if (message === undefined || name === undefined) return "";
  return String(fieldOf(toProtoJson(descriptors(), Any.$type, Any.encode(message).finish()), name) ?? "");
}
