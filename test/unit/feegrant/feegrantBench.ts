// Accounts that pay fees of one another, and short ways to say so.
import type { Any } from "#proto/google/protobuf/any";
import { type ProtoCodec, toTimestamp } from "#sdk";
import { auth } from "../../../modules/auth/index.ts";
import { bank } from "../../../modules/bank/index.ts";
import { feegrant } from "../../../modules/feegrant/index.ts";
import { AllowedMsgAllowance, BasicAllowance, Grant, PeriodicAllowance } from "../../../proto/gen/cosmos/feegrant/v1beta1/feegrant.ts";
import { type Bench, createBench } from "../../harness/moduleBench.ts";

export const MSG = "/cosmos.feegrant.v1beta1.Msg";
export const SEND = "/cosmos.bank.v1beta1.MsgSend";
export const SECOND = 1_000_000_000n;

export function begin(): Bench {
  const bench = createBench({ modules: [auth, bank, feegrant] });
  bench.init("auth");
  bench.init("bank", { balances: ["ann", "bob"].map((name) => ({ address: bench.account(name), coins: coins(1000n) })) });
  bench.init("feegrant");
  return bench;
}

export const coins = (amount: bigint, denom = "stake"): { denom: string; amount: string }[] => [{ denom, amount: String(amount) }];

function pack<M>(codec: ProtoCodec<M>, value: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: Uint8Array.from(codec.encode(codec.fromPartial(value)).finish()) };
}

const at = (timeNs: bigint | undefined) => (timeNs === undefined ? undefined : toTimestamp(timeNs));

/** @param expiresNs nanoseconds since 1970 */
export const basic = (limit?: bigint, expiresNs?: bigint): Any =>
  pack(BasicAllowance, { spendLimit: limit === undefined ? [] : coins(limit), expiration: at(expiresNs) });
export const allowed = (allowance: Any | undefined, ...allowedMessages: string[]): Any =>
  pack(AllowedMsgAllowance, { allowance, allowedMessages });
export const periodic = (value: Partial<PeriodicAllowance>): Any => pack(PeriodicAllowance, value);

export function grant(bench: Bench, granter: string, grantee: string, allowance: Any | undefined): void {
  bench.send(`${MSG}GrantAllowance`, { granter: bench.account(granter), grantee: bench.account(grantee), allowance });
}

export function revoke(bench: Bench, granter: string, grantee: string): void {
  bench.send(`${MSG}RevokeAllowance`, { granter: bench.account(granter), grantee: bench.account(grantee) });
}

/** Bob's transaction that Ann pays. */
export function use(bench: Bench, fee = coins(1n), ...types: string[]): void {
  const messageTypes = types.length === 0 ? [SEND] : types;
  bench.facet(feegrant, "fees").useGrantedFees(bench.ctx, bench.account("ann"), bench.account("bob"), fee, messageTypes);
}

/** Ann's allowance for Bob, undefined when there is none. */
export function allowance(bench: Bench): Any | undefined {
  const rows = bench
    .store("feegrant")
    .dump()
    .filter(([key]) => key.startsWith("00"));
  const grants = rows.map(([, value]) => Grant.decode(Uint8Array.from(Buffer.from(value, "hex"))));
  return grants.find(({ granter, grantee }) => granter === bench.account("ann") && grantee === bench.account("bob"))?.allowance;
}

export const basicOf = (bench: Bench): BasicAllowance | undefined => decode(bench, BasicAllowance);
export const periodicOf = (bench: Bench): PeriodicAllowance | undefined => decode(bench, PeriodicAllowance);

function decode<M>(bench: Bench, codec: ProtoCodec<M>): M | undefined {
  const packed = allowance(bench);
  if (packed !== undefined && packed.typeUrl !== `/${codec.$type}`) throw new Error(`${codec.$type} expected, got ${packed.typeUrl}`);
  return packed === undefined ? undefined : codec.decode(packed.value);
}
