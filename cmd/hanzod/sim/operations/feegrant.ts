import { AllowedMsgAllowance, BasicAllowance, PeriodicAllowance } from "#proto/cosmos/feegrant/v1beta1/feegrant";
import { MsgGrantAllowance, MsgPruneAllowances, MsgRevokeAllowance } from "#proto/cosmos/feegrant/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage, type ProtoCodec } from "../../../../app/sdk/index.ts";
import type { World } from "../chain/world.ts";
import { type Operation, operation } from "./operation.ts";

/** A fee of the simulation's transactions and a bit. */
const ABOUT_A_FEE = 6_000_000_000_000n;

function pack<M>(codec: ProtoCodec<M>, message: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: encodeMessage(codec, codec.fromPartial(message)) };
}

function allowance({ draws, baseDenom, seconds }: World): Any {
  const fees = () => [{ denom: baseDenom, amount: String(ABOUT_A_FEE * BigInt(1 + draws.below(9))) }];
  const at = (within: number) => ({ seconds: seconds + BigInt(1 + draws.below(within)), nanos: 0 });
  const basic = { spendLimit: draws.once(3) ? [] : fees(), expiration: draws.once(3) ? undefined : at(600) };
  switch (draws.below(3)) {
    case 0: {
      const periodSpendLimit = fees();
      const period = { seconds: BigInt(5 + draws.below(60)), nanos: 0 };
      const once = { ...basic, spendLimit: [] };
      return pack(PeriodicAllowance, { basic: once, period, periodSpendLimit, periodCanSpend: periodSpendLimit, periodReset: at(60) });
    }
    case 1: {
      const allowedMessages = ["/cosmos.bank.v1beta1.MsgSend", "/hanzo.hmm.v1.MsgSwap"];
      return pack(AllowedMsgAllowance, { allowance: pack(BasicAllowance, basic), allowedMessages });
    }
    default:
      return pack(BasicAllowance, basic);
  }
}

/** Who gave whom an allowance. */
function granted(world: World): readonly { readonly granter: string; readonly grantee: string }[] {
  return (world.entries("feegrant", "grants") as readonly (readonly [readonly [string, string], unknown])[]).map(
    ([[grantee, granter]]) => ({ granter, grantee }),
  );
}

/** Somebody who pays a signer's fees, now and then. */
export function feeGranter(world: World, signer: string): string | undefined {
  if (!world.draws.once(6)) return undefined;
  const granters = granted(world).filter(({ grantee }) => grantee === signer);
  return granters.length === 0 ? undefined : world.draws.pick(granters).granter;
}

/** Operations of x/feegrant. */
export const feegrantOperations: readonly Operation[] = [
  operation(MsgGrantAllowance, 4, (world, { address }) => ({
    granter: address,
    grantee: world.draws.pick(world.actors).address,
    allowance: allowance(world),
  })),
  operation(MsgRevokeAllowance, 2, (world, { address }) => {
    const own = granted(world).filter(({ granter }) => granter === address);
    return own.length === 0 ? undefined : world.draws.pick(own);
  }),
  operation(MsgPruneAllowances, 1, (_world, { address }) => ({ pruner: address })),
];
