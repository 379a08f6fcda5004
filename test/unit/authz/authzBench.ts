// Accounts with money that let each other act, and short ways to say so.
import type { Any } from "#proto/google/protobuf/any";
import { ModuleError, type ProtoCodec, toTimestamp } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { authz } from "../../../modules/authz/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { GenericAuthorization } from "../../../proto/gen/cosmos/authz/v1beta1/authz.ts";
import { SendAuthorization } from "../../../proto/gen/cosmos/bank/v1beta1/authz.ts";
import { MsgSend } from "../../../proto/gen/cosmos/bank/v1beta1/tx.ts";
import { createMessageBench } from "../../harness/messageBench.ts";
import type { Bench } from "../../harness/moduleBench.ts";

export const MSG = "/cosmos.authz.v1beta1.Msg";
export const SEND = "/cosmos.bank.v1beta1.MsgSend";
export const EXEC = "/cosmos.authz.v1beta1.MsgExec";

/** Anybody's first money. */
export const FUNDS = 1_000n;

export function begin(modules = [auth, bank, authz]): Bench {
  const bench = createMessageBench(modules, ["authz"]);
  bench.init("auth");
  bench.init("bank", {
    balances: ["ann", "bob", "eve"].map((name) => ({ address: bench.account(name), coins: coins(FUNDS) })),
  });
  bench.init("authz");
  return bench;
}

export const coins = (amount: bigint, denom = "stake"): { denom: string; amount: string }[] => [{ denom, amount: String(amount) }];

export function pack<M>(codec: ProtoCodec<M>, value: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: Uint8Array.from(codec.encode(codec.fromPartial(value)).finish()) };
}

export const generic = (msg = SEND): Any => pack(GenericAuthorization, { msg });
export const limited = (amount: bigint, allowList: string[] = []): Any => pack(SendAuthorization, { spendLimit: coins(amount), allowList });

/** @param expiresNs nanoseconds since 1970; left out for no end */
export function grant(bench: Bench, granter: string, grantee: string, authorization: Any, expiresNs?: bigint): void {
  bench.send(`${MSG}Grant`, {
    granter: bench.account(granter),
    grantee: bench.account(grantee),
    grant: { authorization, expiration: expiresNs === undefined ? undefined : toTimestamp(expiresNs) },
  });
}

export function transfer(bench: Bench, from: string, to: string, amount: bigint): Any {
  return pack(MsgSend, { fromAddress: bench.account(from), toAddress: bench.account(to), amount: coins(amount) });
}

export function exec(bench: Bench, grantee: string, ...msgs: readonly Any[]): object {
  return bench.send(EXEC, { grantee: bench.account(grantee), msgs });
}

export function balance(bench: Bench, name: string): bigint {
  return bench.facet(bank, "view").balance(bench.ctx, bench.account(name), "stake");
}

/** Matches an error by codespace and code, and by its text when one is given. */
export function failure(codespace: string, code: number, text: RegExp = /./): (error: unknown) => boolean {
  return (error) => error instanceof ModuleError && error.codespace === codespace && error.code === code && text.test(error.message);
}
