import { pick, type Random, type World } from "../../../../cmd/hanzod/sim/operations/randomMessage.ts";
import { anyOperator, coinsOf, type Fields, type Memory, type ModuleMessages, stake, timeText } from "./maker.ts";

const SEND = "/cosmos.bank.v1beta1.MsgSend";
const DELEGATE = "/cosmos.staking.v1beta1.MsgDelegate";
/** What is granted by type alone. */
const GENERIC = [SEND, DELEGATE, "/cosmos.gov.v1.MsgVote", "/cosmos.authz.v1beta1.MsgExec", "/hanzo.hmm.v1.MsgSwap"];

function authorization(random: Random, world: World): Fields {
  switch (random.below(4)) {
    case 0:
      return { "@type": "/cosmos.bank.v1beta1.SendAuthorization", spend_limit: coinsOf(random), allow_list: [] };
    case 1:
      return {
        "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
        authorization_type: 1 + random.below(4),
        allow_list: { address: [anyOperator(random, world)] },
        max_tokens: random.below(2) === 0 ? null : stake(random, 40),
      };
    default:
      return { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg: pick(random, GENERIC) };
  }
}

/** Something that a granter lets others do, or would. */
function actOf(random: Random, world: World, granter: string, typeUrl: string): Fields {
  if (typeUrl === DELEGATE)
    return {
      "@type": DELEGATE,
      delegator_address: granter,
      validator_address: anyOperator(random, world),
      amount: stake(random, 4),
    };
  return { "@type": SEND, from_address: granter, to_address: pick(random, world.addresses), amount: coinsOf(random) };
}

/** Acts of those who granted the sender something; nobody needs a grant for the own account. */
function exec(random: Random, world: World, sender: string, { grants }: Memory): Fields {
  const given = [...grants].flatMap(([granter, all]) =>
    all.filter(({ grantee }) => grantee === sender).map(({ typeUrl }) => ({ granter, typeUrl })),
  );
  const acts = Array.from({ length: 1 + random.below(2) }, () => {
    if (given.length === 0 || random.below(4) === 0)
      return actOf(random, world, random.below(4) > 0 ? sender : pick(random, world.addresses), SEND);
    const { granter, typeUrl } = pick(random, given);
    return actOf(random, world, granter, typeUrl);
  });
  return { msgs: acts };
}

/** Messages of x/authz. */
export const authzMessages: ModuleMessages = {
  likely: {
    "cosmos.authz.v1beta1.MsgGrant": (random, world, _sender, { seconds }) => ({
      grantee: pick(random, world.addresses),
      grant: {
        authorization: authorization(random, world),
        // Some end within the blocks that follow.
        expiration: random.below(4) === 0 ? null : timeText(seconds + BigInt(2 + random.below(60))),
      },
    }),
    "cosmos.authz.v1beta1.MsgExec": exec,
    "cosmos.authz.v1beta1.MsgRevoke": (random, world, sender, { grants }) => {
      const given = grants.get(sender) ?? [];
      if (given.length === 0) return { grantee: pick(random, world.addresses), msg_type_url: SEND };
      const { grantee, typeUrl } = pick(random, given);
      return { grantee, msg_type_url: typeUrl };
    },
  },
};
