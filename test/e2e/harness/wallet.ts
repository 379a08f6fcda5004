import { QueryAccountInfoRequest, QueryAccountInfoResponse } from "#proto/cosmos/auth/v1beta1/query";
import { QueryAllBalancesRequest, QueryAllBalancesResponse } from "#proto/cosmos/bank/v1beta1/query";
import { CHAIN } from "../../../app/hanzo.ts";
import { type TestAccount, testAccounts } from "../../harness/accounts.ts";
import { type SignOptions, signTx, type TestMessage } from "../../harness/signTx.ts";
import { abciQuery } from "./rpc.ts";

/** Fee of every transaction of these tests, in base units: above the node's least price for their gas. */
export const FEE = 10n ** 13n;
/** Gas limit of every transaction of these tests. */
export const GAS = 400_000n;

/** The ten accounts of the public phrase. */
export const devAccounts = (): Promise<TestAccount[]> => testAccounts(10, CHAIN.bech32Prefix);

/** Number and sequence of an account after the last block. */
export async function accountInfo(rpc: string, address: string): Promise<{ readonly accountNumber: bigint; readonly sequence: bigint }> {
  const request = QueryAccountInfoRequest.encode({ address }).finish();
  const answer = QueryAccountInfoResponse.decode(await abciQuery(rpc, "/cosmos.auth.v1beta1.Query/AccountInfo", request));
  return { accountNumber: answer.info?.accountNumber ?? 0n, sequence: answer.info?.sequence ?? 0n };
}

/** All balances of an account by denomination. */
export async function balancesOf(rpc: string, address: string): Promise<ReadonlyMap<string, bigint>> {
  const request = QueryAllBalancesRequest.encode(QueryAllBalancesRequest.fromPartial({ address })).finish();
  const answer = QueryAllBalancesResponse.decode(await abciQuery(rpc, "/cosmos.bank.v1beta1.Query/AllBalances", request));
  return new Map(answer.balances.map(({ denom, amount }) => [denom, BigInt(amount)]));
}

/** Signs with one account at a given or its next sequence. */
export async function signAs(
  scene: { readonly rpc: string; readonly chainId: string },
  account: TestAccount,
  messages: readonly TestMessage[],
  options: Partial<SignOptions> & { readonly sequence?: bigint } = {},
): Promise<Uint8Array> {
  const { sequence, ...rest } = options;
  const info = await accountInfo(scene.rpc, account.address);
  return signTx(messages, {
    chainId: scene.chainId,
    signers: [{ account, accountNumber: info.accountNumber, sequence: sequence ?? info.sequence }],
    fee: [{ denom: CHAIN.baseDenom, amount: FEE.toString() }],
    gas: GAS,
    ...rest,
  });
}
