import type { MsgExec, MsgExecResponse } from "#proto/cosmos/authz/v1beta1/tx";
import { attempt, type Ctx, explainError, type NestedMessage, withBareAddressErrors } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { Authz } from "./authz.ts";
import { deleteGrant, findGrant, updateGrant } from "./grants.ts";

/**
 * MsgExec: runs messages in the names of their signers, each of whom is the grantee or allowed it. Their events say which message they belong to.
 * One that fails, fails all.
 */
export function exec(authz: Authz, ctx: Ctx, msg: MsgExec): MsgExecResponse {
  const grantee = authz.address.canonical(msg.grantee);
  const messages = msg.msgs.map((packed) => authz.ports.messages.read(packed));
  return {
    results: messages.map((message, index) => {
      const granter = requireSigner(authz, message);
      if (granter !== grantee) useGrant(authz, ctx, granter, grantee, message);
      return runMessage(ctx, message, index);
    }),
  };
}

/** The one signer of a message. @throws authz/9; undefined/1, sdk/35 for an address that is none */
function requireSigner({ err }: Authz, message: NestedMessage): string {
  const [signer, ...more] = withBareAddressErrors(() => message.signers());
  if (signer === undefined || more.length > 0) throw err.numberOfSigners();
  return signer;
}

/** Takes a message off the grant that allows it. @throws authz/2 without a grant; what the authorization says against the message */
function useGrant(authz: Authz, ctx: Ctx, granter: string, grantee: string, message: NestedMessage): void {
  const key = [granter, grantee, message.typeUrl] as const;
  const grant = findGrant(authz, ctx, key);
  if (grant === undefined) {
    throw authz.err.noAuthorization(
      `failed to get grant with given granter: ${granter}, grantee: ${grantee} & msgType: ${message.typeUrl} `,
    );
  }
  const left = readAuthorization(grant.authorization).use(ctx, message);
  if (left === "nothing") deleteGrant(authz, ctx, key);
  else if (left !== "unchanged") updateGrant(authz, ctx, key, grant, left);
}

/** Runs a message and passes its events on. Returns its encoded response. */
function runMessage(ctx: Ctx, message: NestedMessage, index: number): Uint8Array {
  const run = attempt(ctx, (inner) => message.execute(inner));
  if (!run.ok) throw explainError(run.error, `failed to execute message; message ${index} ${message.typeUrl}`);
  for (const { type, attributes } of run.events) {
    ctx.event(type, [...attributes.map(({ key, value }) => [key, value] as const), ["authz_msg_index", String(index)]]);
  }
  return run.value.value;
}
