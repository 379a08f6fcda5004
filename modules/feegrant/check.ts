import type { MsgGrantAllowance, MsgRevokeAllowance } from "#proto/cosmos/feegrant/v1beta1/tx";
import { type AddressCodec, AddressError, type CheckEnv, sdkError, unregisteredError } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { FEEGRANT_ERRORS } from "./errors.ts";

type Env = CheckEnv<typeof FEEGRANT_ERRORS>;

/** Stateless checks of the module's messages: in CheckTx, and again before each handler. */
export const feegrantChecks = {
  /** @throws sdk/7 for oneself; undefined/1 bad address; what is wrong with the allowance */
  grantAllowance({ granter, grantee, allowance }: MsgGrantAllowance, { address, err }: Env): void {
    // Bech32 text is the same address in small and in capital letters.
    if (granter.toLowerCase() === grantee.toLowerCase()) throw sdkError.invalidAddress("cannot self-grant fee authorization");
    requirePair(address, granter, grantee);
    readAllowance(allowance, err).check(err);
  },
  /** @throws sdk/7 for oneself; undefined/1 bad address */
  revokeAllowance({ granter, grantee }: MsgRevokeAllowance, { address }: Env): void {
    if (granter === grantee) throw sdkError.invalidAddress("addresses must be different");
    requirePair(address, granter, grantee);
  },
};

/** The SDK gives bad addresses no code here. */
function requirePair(codec: AddressCodec, granter: string, grantee: string): void {
  try {
    codec.parse(grantee);
    codec.parse(granter);
  } catch (cause) {
    if (cause instanceof AddressError) throw unregisteredError(cause.message);
    throw cause;
  }
}
