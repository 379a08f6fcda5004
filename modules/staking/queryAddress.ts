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

/** Both of them, which must be there before either is read. @throws QueryError InvalidArgument */
export function parsePair(
  staking: Pick<Staking, "address">,
  delegator: string,
  operator: string,
): readonly [delegator: string, operator: string] {
  if (delegator !== "" && operator === "") parseOperator(staking, operator);
  return [parseDelegator(staking, delegator), parseOperator(staking, operator)];
}

function parseText(form: AddressForm, text: string, whenEmpty: string): string {
  if (text === "") throw invalidArgument(whenEmpty);
  return parseBare(form, text);
}

/** An address with the codec's own words for an empty one, too. @throws QueryError InvalidArgument */
export function parseBare(form: AddressForm, text: string): string {
  try {
    return form.canonical(text);
  } catch (cause) {
    if (cause instanceof AddressError) throw invalidArgument(cause.message);
    throw cause;
  }
}
