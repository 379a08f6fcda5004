import type { Ctx, NestedMessage, ProtoCodec } from "#sdk";
import type { AuthzErrors } from "./authz.ts";

/** What is left of an authorization behind a message: itself as it was, less of it, or nothing. */
export type Remainder<A> = "unchanged" | "nothing" | A;

/** A kind of authorization. */
export interface AuthorizationKind<A> {
  readonly type: ProtoCodec<A>;
  /** Type URL of the messages that it allows. @throws authz/4 */
  messageType(authorization: A, err: AuthzErrors): string;
  /** What can be judged without state. @throws ModuleError */
  check(authorization: A, err: AuthzErrors): void;
  /** Judges a message of that type, and says what the grant is worth from now on. @throws ModuleError when it is not allowed */
  use(ctx: Ctx, authorization: A, message: NestedMessage): Remainder<A>;
}
