import type { Any } from "#proto/google/protobuf/any";
import type { Ctx } from "./ctx.ts";

/** What the message of an Any is to the chain. */
export interface NestedMessage {
  /** Type URL, as routes, grants and events name it. */
  readonly typeUrl: string;
  /** The decoded request. */
  readonly value: unknown;
  /** Canonical addresses of who must sign it, in order. @throws AddressError when one cannot be read */
  signers(): readonly string[];
  /** The module's stateless check. @throws ModuleError */
  check(): void;
  /** Runs the module's handler on a context. Its events go to the context's list. @throws whatever the handler throws */
  execute(ctx: Ctx): { readonly typeUrl: string; readonly value: Uint8Array };
}

/** Messages inside of other messages (authz, gov): how a module reads and runs the messages of all modules. Connected as the port `messages`. */
export interface MessageService {
  /** @throws sdk/2 for a type that no module handles or bytes that cannot be decoded */
  read(packed: Any): NestedMessage;
  /** Whether some module handles messages of this type URL. */
  handles(typeUrl: string): boolean;
}

/** What the runtime can do for modules; an app connects it to their ports. */
export interface RuntimeAbilities {
  readonly messages: MessageService;
}
