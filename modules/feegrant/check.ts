import type { MsgGrantAllowance, MsgRevokeAllowance } from "#proto/cosmos/feegrant/v1beta1/tx";
import { type AddressCodec, type CheckEnv, sdkError, withBareAddressErrors } from "#sdk";
import { readAllowance } from "./allowance.ts";
import type { FEEGRANT_ERRORS } from "./errors.ts";

type Env = CheckEnv<typeof FEEGRANT_ERRORS>;

/** Stateless checks of the module's messages: in CheckTx, and again before each handler. */
export const feegrantChecks = {
  /** @throws sdk/7 for oneself; undefined/1, sdk/35 bad address */
  grantAllowance({ granter, grantee }: MsgGrantAllowance, { address }: Env): void {
    // Bech32 text is the same address in small and in capital letters.
    if (granter.toLowerCase() === grantee.toLowerCase()) throw sdkError.invalidAddress("cannot self-grant fee authorization");
    requirePair(address, granter, grantee);
  },
  /** @throws sdk/7 for oneself; undefined/1, sdk/35 bad address */
  revokeAllowance({ granter, grantee }: MsgRevokeAllowance, { address }: Env): void {
    if (granter === grantee) throw sdkError.invalidAddress("addresses must be different");
    requirePair(address, granter, grantee);
  },
};

/** Whether there is an allowance already comes before what is wrong with the new one (`addGrant`); the mempool refuses it for that alone. */
export const feegrantForesight = {
  /** @throws what is wrong with the allowance */
  grantAllowance({ allowance }: MsgGrantAllowance, { err }: Env): void {
    readAllowance(allowance, err).check(err);
  },
};

function requirePair(codec: AddressCodec, granter: string, grantee: string): void {
  withBareAddressErrors(() => {
    codec.parse(grantee);
    codec.parse(granter);
  });
}
