/** The part of a generated codec that is needed to read and write messages whose type is only known by name. */
export interface MessageCodec {
  readonly $type: string;
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  fromPartial(partial: never): unknown;
}

/** Generated codecs by name: the descriptor image knows types, not code. */
export interface TypeRegistry<C extends { readonly $type: string } = MessageCodec> {
  /** Codec of a type URL (`/cosmos.bank.v1beta1.MsgSend`) or of a bare full name. */
  find(typeUrl: string): C | undefined;
  readonly typeNames: readonly string[];
}

/** Makes a registry of codecs. A later codec of the same name takes the place of an earlier one. */
export function createTypeRegistry<C extends { readonly $type: string }>(codecs: Iterable<C>): TypeRegistry<C> {
  const byName = new Map<string, C>();
  for (const codec of codecs) byName.set(codec.$type, codec);
  return {
    find: (typeUrl) => byName.get(typeUrl.startsWith("/") ? typeUrl.slice(1) : typeUrl),
    typeNames: [...byName.keys()],
  };
}
