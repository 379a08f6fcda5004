import { AddressError, type AddressForm, invalidArgument } from "#sdk";
import type { Staking } from "./staking.ts";

/** The one text of a validator's operator in a request. @throws QueryError InvalidArgument */
export function parseOperator({ address }: Pick<Staking, "address">, text: string): string {
  return parseText(address.operator, text, "validator address cannot be empty");
}

/** The one text of a delegator in a request. @throws QueryError InvalidArgument */
export function parseDelegator({ address }: Pick<Staking, "address">, text: string): string {
  return parseText(address, text, "delegator address cannot be empty");
}

function parseText(form: AddressForm, text: string, whenEmpty: string): string {
  if (text === "") throw invalidArgument(whenEmpty);
  try {
    return form.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(cause.message);
    throw cause;
  }
}
