import type { MsgExec, MsgGrant, MsgRevoke } from "#proto/cosmos/authz/v1beta1/tx";
import { type AddressCodec, type CheckEnv, requireAddress, sdkError } from "#sdk";
import { readAuthorization } from "./authorization.ts";
import type { AuthzErrors } from "./authz.ts";
import type { AUTHZ_ERRORS } from "./errors.ts";

type Env = CheckEnv<typeof AUTHZ_ERRORS>;

/** Stateless checks of the module's messages: in CheckTx, and again before each handler. */
export const authzChecks = {
  /** @throws authz/7; sdk/7 bad address; sdk/29 no authorization; what is wrong with the authorization */
  grant({ granter, grantee, grant }: MsgGrant, { address, err }: Env): void {
    requirePair(address, err, granter, grantee);
    readAuthorization(grant?.authorization).check(err);
  },
  /** @throws authz/7; sdk/7 bad address; sdk/18 no type */
  revoke({ granter, grantee, msgTypeUrl }: MsgRevoke, { address, err }: Env): void {
    requirePair(address, err, granter, grantee);
    if (msgTypeUrl === "") throw sdkError.invalidRequest("missing msg method name");
  },
  /** @throws sdk/7 bad address; sdk/18 no messages */
  exec({ grantee, msgs }: MsgExec, { address }: Env): void {
    requireAddress(address, grantee, "grantee");
    if (msgs.length === 0) throw sdkError.invalidRequest("messages cannot be empty");
  },
};

function requirePair(codec: AddressCodec, err: AuthzErrors, granter: string, grantee: string): void {
  // Bech32 text is the same address in small and in capital letters.
  if (granter.toLowerCase() === grantee.toLowerCase()) throw err.granteeIsGranter();
  requireAddress(codec, grantee, "grantee");
  requireAddress(codec, granter, "granter");
}
