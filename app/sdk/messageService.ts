import type { Any } from "#proto/google/protobuf/any";
import type { Ctx, ReadCtx } from "./ctx.ts";

/** What the message of an Any is to the chain. */
export interface NestedMessage {
  /** Type URL, as routes, grants and events name it. */
  readonly typeUrl: string;
  /** The decoded request. */
  readonly value: unknown;
  /** Canonical addresses of who must sign it, in order, each as often as the message names it. @throws AddressError when one cannot be read */
  signers(): readonly string[];
  /** Runs the module's stateless check and its handler on a context. Events go to the context's list. @throws whatever they throw */
  execute(ctx: Ctx): { readonly typeUrl: string; readonly value: Uint8Array };
}

/** Messages inside of other messages (authz, gov): how a module reads and runs the messages of all modules. Connected as the port `messages`. */
export interface MessageService {
  /** @throws sdk/2 for a type that no module handles or bytes that cannot be decoded */
  read(packed: Any): NestedMessage;
  /** Whether some module handles messages of this type URL. */
  handles(typeUrl: string): boolean;
}

/** Transactions that stand in a genesis file: how a module runs them. Connected as the port `transactions`. */
export interface GenesisTxs {
  /**
   * Runs a transaction as the SDK runs those of a genesis: its signatures count with account number 0, its gas has no limit, no price is asked for.
   * Its writes go to the context's state; its events are dropped, since a genesis has nobody to tell them to.
   * @param ctx a context of genesis
   * @param tx JSON of a `cosmos.tx.v1beta1.Tx`
   * @throws sdk/17 for JSON that is no transaction; with codespace, code and text of the transaction's failure, which leaves nothing behind
   */
  deliver(ctx: Ctx, tx: unknown): void;
}

/** Versions of the modules' state, as the runtime keeps them. */
export interface ModuleVersions {
  /** By name of the module, in the order of names. */
  all(ctx: ReadCtx): ReadonlyMap<string, bigint>;
  /** Of one module; undefined when the state does not have it. */
  find(ctx: ReadCtx, name: string): bigint | undefined;
}

/** What the runtime can do for modules; an app connects it to their ports. */
export interface RuntimeAbilities {
  readonly messages: MessageService;
  readonly transactions: GenesisTxs;
  readonly versions: ModuleVersions;
}
