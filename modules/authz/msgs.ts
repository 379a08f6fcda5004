import type { MsgGrant, MsgRevoke } from "#proto/cosmos/authz/v1beta1/tx";
import { type Ctx, sdkError } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { Authz } from "./authz.ts";
import { deleteGrant, saveGrant } from "./grants.ts";

/** MsgGrant: the grantee may send messages of one type in the granter's name. Who gets a grant has an account afterwards. */
export function grant(authz: Authz, ctx: Ctx, msg: MsgGrant): object {
  const { needs, address, err, ports } = authz;
  const [granter, grantee] = [address.canonical(msg.granter), address.canonical(msg.grantee)];
  if (needs.auth.findAccount(ctx, grantee) === undefined) {
    if (needs.bank.isBlocked(ctx, grantee)) throw sdkError.unauthorized(`${grantee} is not allowed to receive funds`);
    needs.auth.ensureAccount(ctx, grantee);
  }
  const { authorization, expiration } = msg.grant ?? { authorization: undefined, expiration: undefined };
  const messageType = readAuthorization(authorization).messageType(err);
  if (!ports.messages.handles(messageType)) throw sdkError.invalidType(`${messageType} doesn't exist.`);
  saveGrant(authz, ctx, granter, grantee, { authorization, expiration });
  return {};
}

/** MsgRevoke: the grant is gone. */
export function revoke(authz: Authz, ctx: Ctx, { granter, grantee, msgTypeUrl }: MsgRevoke): object {
  const { address } = authz;
  deleteGrant(authz, ctx, [address.canonical(granter), address.canonical(grantee), msgTypeUrl]);
  return {};
}
