import { QueryTotalSupplyRequest, QueryTotalSupplyResponse } from "#proto/cosmos/bank/v1beta1/query";
import { QueryPoolsRequest, QueryVaultRequest } from "#proto/hanzo/hmm/v1/query";
import { CHAIN } from "../../../app/hanzo.ts";
import { moduleAccount, type TestAccount } from "../../harness/accounts.ts";
import { abciQuery } from "./rpc.ts";
import { accountInfo, balancesOf } from "./wallet.ts";

/** Everything that a transaction of these tests could change, as text by name. */
export type StateSnapshot = Readonly<Record<string, string>>;

const MODULE_ACCOUNTS = ["hmm", "treasury"];
/** Where fees lie in the block that brings them, and from the next one on. */
const FEE_ACCOUNTS = ["fee_collector", "distribution"];

/** Asks the chain for all balances, sequences, supplies, pools and the vault. */
export async function takeSnapshot(rpc: string, accounts: readonly TestAccount[]): Promise<StateSnapshot> {
  const found: Record<string, string> = {};
  const balances = async (name: string, address: string): Promise<void> => {
    for (const [denom, amount] of await balancesOf(rpc, address)) found[`${name} ${denom}`] = amount.toString();
  };
  for (const { address } of accounts) {
    await balances(address, address);
    found[`${address} sequence`] = (await accountInfo(rpc, address)).sequence.toString();
  }
  for (const name of MODULE_ACCOUNTS) await balances(name, moduleAccount(name, CHAIN.bech32Prefix));
  found["fees"] = (await feesPaid(rpc)).toString();
  const supply = await abciQuery(
    rpc,
    "/cosmos.bank.v1beta1.Query/TotalSupply",
    QueryTotalSupplyRequest.encode(QueryTotalSupplyRequest.fromPartial({})).finish(),
  );
  for (const { denom, amount } of QueryTotalSupplyResponse.decode(supply).supply) found[`supply ${denom}`] = amount;
  const pools = await abciQuery(rpc, "/hanzo.hmm.v1.Query/Pools", QueryPoolsRequest.encode(QueryPoolsRequest.fromPartial({})).finish());
  found["pools"] = Buffer.from(pools).toString("hex");
  const vault = await abciQuery(rpc, "/hanzo.hmm.v1.Query/Vault", QueryVaultRequest.encode(QueryVaultRequest.fromPartial({})).finish());
  found["vault"] = Buffer.from(vault).toString("hex");
  return found;
}

/** Fees that nobody has withdrawn, base units. A block between the two reads moves them from one account to the other: then it reads again. */
export async function feesPaid(rpc: string): Promise<bigint> {
  const read = async (): Promise<readonly bigint[]> => {
    const held: bigint[] = [];
    for (const name of FEE_ACCOUNTS) held.push((await balancesOf(rpc, moduleAccount(name, CHAIN.bech32Prefix))).get(CHAIN.baseDenom) ?? 0n);
    return held;
  };
  for (;;) {
    const [first, second] = [await read(), await read()];
    if (String(first) === String(second)) return second.reduce((sum, amount) => sum + amount, 0n);
  }
}

/** A snapshot after a transaction that failed in a block: the fee is paid, the sequence used, nothing else. */
export function afterFailure(before: StateSnapshot, sender: string, fee: bigint): StateSnapshot {
  const add = (name: string, amount: bigint): [string, string] => [name, (BigInt(before[name] ?? "0") + amount).toString()];
  return {
    ...before,
    ...Object.fromEntries([add(`${sender} ${CHAIN.baseDenom}`, -fee), add("fees", fee), add(`${sender} sequence`, 1n)]),
  };
}
