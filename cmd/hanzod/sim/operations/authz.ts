import { GenericAuthorization, type Grant } from "#proto/cosmos/authz/v1beta1/authz";
import { MsgExec, MsgGrant, MsgRevoke } from "#proto/cosmos/authz/v1beta1/tx";
import { SendAuthorization } from "#proto/cosmos/bank/v1beta1/authz";
import { MsgSend } from "#proto/cosmos/bank/v1beta1/tx";
import { StakeAuthorization } from "#proto/cosmos/staking/v1beta1/authz";
import { MsgDelegate } from "#proto/cosmos/staking/v1beta1/tx";
import type { Any } from "#proto/google/protobuf/any";
import { encodeMessage, type ProtoCodec } from "../../../../app/sdk/index.ts";
import type { World } from "../chain/world.ts";
import { type Operation, operation } from "./operation.ts";

const MOST = 10n ** 18n;
const someCoins = ({ draws, baseDenom }: World) => [{ denom: baseDenom, amount: String(1n + draws.amount(MOST)) }];

function pack<M>(codec: ProtoCodec<M>, message: Partial<M>): Any {
  return { typeUrl: `/${codec.$type}`, value: encodeMessage(codec, codec.fromPartial(message)) };
}

function anyOperator(world: World): string | undefined {
  const all = world.operators();
  return all.length === 0 ? undefined : world.draws.pick(all);
}

function authorization(world: World): Any {
  const operator = anyOperator(world);
  switch (world.draws.below(operator === undefined ? 3 : 4)) {
    case 0:
      return pack(SendAuthorization, { spendLimit: someCoins(world), allowList: [] });
    case 1:
      return pack(GenericAuthorization, { msg: `/${MsgSend.$type}` });
    case 2:
      return pack(GenericAuthorization, { msg: `/${MsgDelegate.$type}` });
    default: {
      const maxTokens = world.draws.once(2) ? undefined : someCoins(world)[0];
      return pack(StakeAuthorization, { authorizationType: 1, allowList: { address: [operator ?? ""] }, maxTokens });
    }
  }
}

/** What has been granted. */
function grantsOf(world: World): readonly { readonly granter: string; readonly grantee: string; readonly typeUrl: string }[] {
  return (world.entries("authz", "grants") as readonly (readonly [readonly [string, string, string], Grant])[]).map(
    ([[granter, grantee, typeUrl]]) => ({ granter, grantee, typeUrl }),
  );
}

function actOf(world: World, granter: string, typeUrl: string): Any {
  const operator = anyOperator(world);
  const [amount] = someCoins(world);
  if (typeUrl === `/${MsgDelegate.$type}` && operator !== undefined)
    return pack(MsgDelegate, { delegatorAddress: granter, validatorAddress: operator, amount });
  return pack(MsgSend, { fromAddress: granter, toAddress: world.receiver(), amount: someCoins(world) });
}

/** Operations of x/authz. */
export const authzOperations: readonly Operation[] = [
  operation(MsgGrant, 5, (world, { address }) => ({
    granter: address,
    grantee: world.draws.pick(world.actors).address,
    grant: {
      authorization: authorization(world),
      expiration: world.draws.once(4) ? undefined : { seconds: world.seconds + BigInt(world.draws.below(600)), nanos: 0 },
    },
  })),
  operation(MsgExec, 5, (world, { address }) => {
    const given = grantsOf(world).filter(({ grantee }) => grantee === address);
    // For the own account nobody needs a grant.
    const acts = Array.from({ length: 1 + world.draws.below(2) }, () => {
      if (given.length === 0 || world.draws.once(5)) return actOf(world, address, `/${MsgSend.$type}`);
      const { granter, typeUrl } = world.draws.pick(given);
      return actOf(world, granter, typeUrl);
    });
    return { grantee: address, msgs: acts };
  }),
  operation(MsgRevoke, 2, (world, { address }) => {
    const given = grantsOf(world).filter(({ granter }) => granter === address);
    if (given.length === 0) return undefined;
    const { grantee, typeUrl } = world.draws.pick(given);
    return { granter: address, grantee, msgTypeUrl: typeUrl };
  }),
];
