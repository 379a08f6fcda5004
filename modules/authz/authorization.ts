import type { Any } from "#proto/google/protobuf/any";
import { type Ctx, encodeMessage, type NestedMessage, sdkError } from "#sdk";
import type { AuthorizationKind, Remainder } from "./authorizationKind.ts";
import type { AuthzErrors } from "./authz.ts";
import { genericAuthorization } from "./genericAuthorization.ts";
import { sendAuthorization } from "./sendAuthorization.ts";
import { stakeAuthorization } from "./stakeAuthorization.ts";

/** An authorization read from its packed form. */
export interface Authorization {
  /** Its one encoding, as state holds it. */
  packed(): Any;
  messageType(err: AuthzErrors): string;
  check(err: AuthzErrors): void;
  /** What is left, packed. */
  use(ctx: Ctx, message: NestedMessage): Remainder<Any>;
}

const KINDS = new Map([bindKind(genericAuthorization), bindKind(sendAuthorization), bindKind(stakeAuthorization)]);

function bindKind<A extends object>(kind: AuthorizationKind<A>): readonly [typeUrl: string, read: (bytes: Uint8Array) => Authorization] {
  const { type } = kind;
  const typeUrl = `/${type.$type}`;
  return [
    typeUrl,
    (bytes) => {
      const value = type.decode(bytes);
      return {
        packed: () => ({ typeUrl, value: encodeMessage(type, value) }),
        messageType: (err) => kind.messageType(value, err),
        check: (err) => kind.check(value, err),
        use(ctx, message) {
          const left = kind.use(ctx, value, message);
          return typeof left === "string" ? left : { typeUrl, value: encodeMessage(type, left) };
        },
      };
    },
  ];
}

/** @throws sdk/29 when there is none or its kind is unknown */
export function readAuthorization(packed: Any | undefined): Authorization {
  if (packed === undefined) throw sdkError.invalidType("authorization is nil");
  const read = KINDS.get(packed.typeUrl);
  if (read === undefined)
    throw sdkError.invalidType(`an authorization expected, one of ${[...KINDS.keys()].join(", ")}, got ${packed.typeUrl.slice(0, 256)}`);
  return read(packed.value);
}
