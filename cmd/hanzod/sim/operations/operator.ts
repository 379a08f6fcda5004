import { createAddressCodec } from "../../../../app/sdk/index.ts";

/** The address under which somebody's validator stands, whether there is one or not. */
export function operatorOf({ prefix }: { readonly prefix: string }, { address }: { readonly address: string }): string {
  const codec = createAddressCodec(prefix);
  return codec.operator.format(codec.parse(address));
}
