import { GenericAuthorization } from "#proto/cosmos/authz/v1beta1/authz";
import { unregisteredError } from "#sdk";
import type { AuthorizationKind } from "./authorizationKind.ts";

/** Allows every message of one type. */
export const genericAuthorization: AuthorizationKind<GenericAuthorization> = {
  type: GenericAuthorization,
  messageType: ({ msg }) => msg,
  check({ msg }) {
    if (msg === "") throw unregisteredError("msg type cannot be empty");
  },
  use: () => "unchanged",
};
