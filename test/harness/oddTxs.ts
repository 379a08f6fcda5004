import { MsgSend } from "../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { BasicAllowance } from "../../proto/gen/cosmos/feegrant/v1beta1/feegrant.ts";
import { MsgGrantAllowance } from "../../proto/gen/cosmos/feegrant/v1beta1/tx.ts";
import { moduleAccount, type TestAccount, testAccounts } from "./accounts.ts";
import { fc } from "./fastCheck.ts";
import { createMultisig, editTx, message, type SignerState, type SignOptions, signMultisig, signTx, type TestMessage } from "./signTx.ts";
import type { TestChain } from "./testChain.ts";

/** Accounts of {@link oddTx} that exist; two more have no money and no account. */
export const ODD_ACCOUNTS = 4;
const STRANGERS = 2;

/** A transfer that may be wrong in any way that the checks before messages know, and in several at once. */
export interface OddTx {
  readonly from: number;
  /** Who else must sign: sends something, too. */
  readonly also: number | undefined;
  readonly to: number;
  readonly amount: string;
  readonly fee: readonly { readonly denom: string; readonly amount: string }[];
  readonly gas: bigint;
  /** Beside the sequence that is due. */
  readonly step: bigint;
  readonly memo: string;
  readonly timeoutHeight: bigint;
  readonly unordered: boolean;
  readonly payer: number | "collector" | undefined;
  readonly granter: number | "collector" | undefined;
  readonly mode: "direct" | "amino";
  readonly multisig: boolean;
  readonly fault: "none" | "wrong signature" | "no signature" | "foreign key" | "no key" | "no mode";
}

/** Mostly the first, else one of the others. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });
const someone = fc.nat({ max: ODD_ACCOUNTS + STRANGERS - 1 });
const aai = (amount: bigint | string) => [{ denom: "aai", amount: String(amount) }];

export const oddTx: fc.Arbitrary<OddTx> = fc.record({
  from: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: ODD_ACCOUNTS - 1 }) }, { weight: 1, arbitrary: someone }),
  also: fc.option(someone, { nil: undefined, freq: 6 }),
  to: someone,
  amount: mostly("1", "1000000000000000000000000", "0"),
  fee: mostly<OddTx["fee"]>(
    aai(5000n),
    [],
    aai(0n),
    aai(""),
    aai(-1n),
    aai(10n ** 24n),
    aai(10n ** 25n),
    [{ denom: "a", amount: "1" }],
    [{ denom: "zzz", amount: "1" }, ...aai(5n)],
    [...aai(5n), { denom: "photon", amount: "7" }],
  ),
  // Around what a transfer takes: it runs out at any of its accesses to state.
  gas: fc.oneof(
    { weight: 8, arbitrary: fc.constant(400_000n) },
    { weight: 5, arbitrary: fc.bigInt(0n, 120_000n) },
    { weight: 1, arbitrary: fc.constant(1n << 62n) },
  ),
  step: mostly(0n, 1n, -1n),
  memo: mostly("", "paid", "é".repeat(128), "é".repeat(129)),
  timeoutHeight: mostly(0n, 1n, 2n, 3n, 4n),
  unordered: mostly(false, true),
  payer: mostly<OddTx["payer"]>(undefined, 0, 3, 5, "collector"),
  granter: mostly<OddTx["granter"]>(undefined, 0, 1, 5, "collector"),
  mode: mostly<OddTx["mode"]>("direct", "amino"),
  multisig: mostly(false, true),
  fault: mostly<OddTx["fault"]>("none", "wrong signature", "no signature", "foreign key", "no key", "no mode"),
});

/** Signs odd transactions for a chain of {@link ODD_ACCOUNTS} accounts. */
export interface OddSigner {
  /** For the first block: the multisig has money, and everybody may spend some of the first account's on fees. */
  preparations(): Promise<readonly Uint8Array[]>;
  /** @param ahead transactions of each signer that will be counted before this one */
  sign(tx: OddTx, ahead: bigint): Promise<Uint8Array>;
}

/** Makes the signer of odd transactions. */
export async function createOddSigner(chain: TestChain): Promise<OddSigner> {
  const prefix = "hanzo";
  const people = await testAccounts(ODD_ACCOUNTS + STRANGERS, prefix);
  const at = (index: number): TestAccount => people[index] as TestAccount;
  const multisig = createMultisig([at(0), at(1), at(2)], 2, prefix);
  const addressOf = (who: number | "collector"): string => (who === "collector" ? moduleAccount("fee_collector", prefix) : at(who).address);
  const stateOf = async (account: TestAccount): Promise<SignerState> => {
    try {
      return await chain.signer(account);
    } catch {
      return { account, accountNumber: 0n, sequence: 0n };
    }
  };
  const send = (fromAddress: string, to: number, amount: string): TestMessage =>
    message(MsgSend, { fromAddress, toAddress: addressOf(to), amount: aai(amount) });
  return {
    async preparations() {
      const allowance = {
        typeUrl: `/${BasicAllowance.$type}`,
        value: BasicAllowance.encode({ spendLimit: aai(12_000n), expiration: undefined }).finish(),
      };
      const grants = [1, 2, 3].map((index) => message(MsgGrantAllowance, { granter: addressOf(0), grantee: addressOf(index), allowance }));
      const fund = message(MsgSend, { fromAddress: addressOf(0), toAddress: multisig.address, amount: aai(10n ** 20n) });
      return [await chain.sign([fund, ...grants], [at(0)], { gas: 1_000_000n })];
    },
    async sign(tx, ahead) {
      const options: Omit<SignOptions, "signers"> = {
        chainId: chain.chainId,
        fee: tx.fee,
        gas: tx.gas,
        memo: tx.memo,
        timeoutHeight: tx.timeoutHeight,
        ...(tx.payer === undefined ? {} : { payer: addressOf(tx.payer) }),
        ...(tx.granter === undefined ? {} : { granter: addressOf(tx.granter) }),
        ...(tx.unordered ? { unorderedUntil: 1_790_000_060_000_000_000n } : {}),
      };
      const mode = tx.unordered ? "direct" : tx.mode;
      const due = (sequence: bigint): bigint => {
        const wanted = tx.unordered ? 0n : sequence + ahead + tx.step;
        return wanted < 0n ? 0n : wanted;
      };
      if (tx.multisig) {
        const account = { ...at(0), address: multisig.address };
        const state = await stateOf(account);
        const signed = await signMultisig([send(multisig.address, tx.to, tx.amount)], multisig, [at(0), at(2)], {
          ...options,
          accountNumber: state.accountNumber,
          sequence: due(state.sequence),
        });
        return spoil(signed, tx.fault);
      }
      const senders = [...new Set([tx.from, ...(tx.also === undefined ? [] : [tx.also])])];
      const signing = typeof tx.payer === "number" ? [...new Set([...senders, tx.payer])] : senders;
      const signers = await Promise.all(signing.map((index) => stateOf(at(index))));
      const messages = senders.map((index) => send(addressOf(index), tx.to, tx.amount));
      const inTurn = signers.map((state) => ({ ...state, sequence: due(state.sequence) }));
      return spoil(await signTx(messages, { ...options, signers: inTurn }, mode), tx.fault);
    },
  };
}

function spoil(bytes: Uint8Array, fault: OddTx["fault"]): Uint8Array {
  if (fault === "none") return bytes;
  return editTx(bytes, ({ authInfo, signatures }) => {
    const [info] = authInfo.signerInfos;
    const [signature] = signatures;
    if (info === undefined || signature === undefined) return;
    if (fault === "wrong signature") signature[10] = (signature[10] ?? 0) ^ 1;
    if (fault === "no signature") signatures.length = 0;
    if (fault === "no key") info.publicKey = undefined;
    if (fault === "no mode") info.modeInfo = undefined;
    if (fault === "foreign key" && info.publicKey !== undefined) {
      const value = info.publicKey.value.slice();
      value[20] = (value[20] ?? 0) ^ 1;
      info.publicKey = { ...info.publicKey, value };
    }
  });
}
