// The state on which a recorded transfer is executed again. Most of what led to it needs modules that are not here, so it is made from genesis and
// from what the transaction and its result say: where the signers stood, and what they owned where a failure names it.
import { AuthInfo } from "#proto/cosmos/tx/v1beta1/tx";
import { fromHex } from "../../../../app/encoding/bytes.ts";
import { requireGenesis } from "./chainFacts.ts";
import { fieldOf } from "./jsonShape.ts";
import { sdkModuleNames } from "./recordedChain.ts";
import { importableState } from "./recordedState.ts";
import type { JsonCoins, RecordedAccount, RecordedState, RecordedTx, Recording } from "./recording.ts";

/** Parameters may have changed between the two, at a height that a recording does not tell. */
export const MOMENTS = ["genesis", "exported"] as const;
export type Moment = (typeof MOMENTS)[number];

export type Balances = RecordedState["bank"]["balances"];

const BASE_ACCOUNT = "/cosmos.auth.v1beta1.BaseAccount";

/** What signers own besides what they have in genesis: their money came with transactions before. */
const GIFT = 1_000_000_000_000n;

/**
 * `app_state` with the numbers that the signers had when they signed.
 * @param moment whose parameters hold
 */
export function transferState(recording: Recording, moment: Moment, tx: RecordedTx, balances: Balances): Readonly<Record<string, unknown>> {
  const { genesis, exported } = requireGenesis(recording);
  const { auth, bank } = requireGenesis(recording)[moment].app_state;
  const isSigner = (address: string): boolean => tx.signed.some((one) => one.address === address);
  const others = genesis.app_state.auth.accounts.flatMap(({ address = "" }) => (address === "" || isSigner(address) ? [] : [address]));
  const { signerInfos } = AuthInfo.decode(fromHex(tx.auth_info_bytes));
  const signers = tx.signed.map(({ address, account_number, sequence }, index) => {
    // A signer that leaves out its key has shown it before.
    const known =
      signerInfos[index]?.publicKey === undefined ? exported.app_state.auth.accounts.find((one) => one.address === address) : null;
    const base = { address, account_number, sequence, pub_key: fieldOf(known, "pub_key") ?? null };
    const locked = vestingOf(recording, address);
    return locked === undefined
      ? { "@type": BASE_ACCOUNT, ...base }
      : { ...locked, base_vesting_account: { ...locked.base_vesting_account, base_account: base } };
  });
  return {
    ...importableState(genesis.app_state, sdkModuleNames),
    auth: {
      params: auth.params,
      accounts: [...signers, ...others.map((address, index) => ({ "@type": BASE_ACCOUNT, address, account_number: String(1000 + index) }))],
    },
    bank: { ...bank, balances, supply: [] },
    // Its signers have signed since.
    genutil: { gen_txs: [] },
    ...(sdkModuleNames.has("feegrant") ? { feegrant: { allowances: allowancesBefore(recording, tx) } } : {}),
  };
}

/** The account of genesis whose coins are locked. */
function vestingOf(recording: Recording, address: string): RecordedAccount | undefined {
  const { accounts } = requireGenesis(recording).genesis.app_state.auth;
  return accounts.find((account) => account.base_vesting_account?.base_account.address === address);
}

/** The allowance that pays for a transaction, as it was granted last. */
function allowancesBefore({ tx: recorded }: Recording, { fee, signed, height }: RecordedTx): readonly unknown[] {
  const earlier = recorded?.txs.filter(({ result, ...one }) => result.code === 0 && one.height < height) ?? [];
  const granted = earlier
    .flatMap(({ messages }) => messages)
    .findLast(
      (message) =>
        message["@type"] === "/cosmos.feegrant.v1beta1.MsgGrantAllowance" &&
        fieldOf(message, "granter") === fee.granter &&
        fieldOf(message, "grantee") === signed[0]?.address,
    );
  if (granted === undefined) return [];
  return [{ granter: fee.granter, grantee: signed[0]?.address, allowance: fieldOf(granted, "allowance") }];
}

/** Balances before a transaction: genesis, with enough for its signers, and with just what its spender had where the result tells. */
export function balancesBefore(recording: Recording, tx: RecordedTx): Balances {
  const { genesis, exported } = requireGenesis(recording);
  const denoms = exported.app_state.bank.supply?.map(({ denom }) => denom) ?? [];
  const { balances } = genesis.app_state.bank;
  const owned = new Map(
    balances.map(({ address, coins }) => [address, new Map(coins.map(({ denom, amount }) => [denom, BigInt(amount)]))]),
  );
  for (const { address } of tx.signed) {
    const coins = owned.get(address) ?? new Map<string, bigint>();
    for (const denom of denoms) coins.set(denom, (coins.get(denom) ?? 0n) + GIFT);
    owned.set(address, coins);
  }
  const [, index = "", amount = "", denom = ""] = /message index: (\d+): spendable balance (\d+)(\S+) is smaller/.exec(tx.result.log) ?? [];
  const spender = index === "" ? undefined : spenderOf(tx.messages[Number(index)]);
  if (spender !== undefined) {
    // What a message may spend does not count what is locked; where the result tells it, the recorded accounts lock all of it.
    const locked = vestingOf(recording, spender)?.base_vesting_account?.original_vesting.find((coin) => coin.denom === denom)?.amount;
    owned.get(spender)?.set(denom, BigInt(amount) + BigInt(locked ?? 0) + spentBefore(tx, Number(index), spender, denom));
  }
  return [...owned].map(([address, coins]) => ({ address, coins: sortedCoins(coins) }));
}

function sortedCoins(coins: ReadonlyMap<string, bigint>): JsonCoins {
  return [...coins]
    .filter(([, amount]) => amount > 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([denom, amount]) => ({ denom, amount: String(amount) }));
}

/** Who pays for a transfer. */
function spenderOf(message: unknown): string | undefined {
  const [input] = (fieldOf(message, "inputs") ?? []) as readonly unknown[];
  const address = fieldOf(message, "from_address") ?? fieldOf(input, "address");
  return typeof address === "string" ? address : undefined;
}

/** What a spender paid of a denomination before a message failed: the fee, and the messages before. */
function spentBefore({ messages, signed, fee }: RecordedTx, index: number, spender: string, denom: string): bigint {
  const sum = (coins: unknown): bigint =>
    ((coins ?? []) as JsonCoins).reduce((total, coin) => (coin.denom === denom ? total + BigInt(coin.amount) : total), 0n);
  const before = messages.slice(0, index).filter((message) => spenderOf(message) === spender);
  const moved = before.reduce((total, message) => total + sum(fieldOf(message, "amount")), 0n);
  return moved + (signed[0]?.address === spender && fee.granter === "" ? sum(fee.amount) : 0n);
}
