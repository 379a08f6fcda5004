import { AddressError, type AddressForm, invalidArgument } from "#sdk";
import type { Staking } from "./staking.ts";

const NO_DELEGATOR = "delegator address cannot be empty";
const NO_OPERATOR = "validator address cannot be empty";

/** The one text of a validator's operator in a request. @throws QueryError InvalidArgument */
export function parseOperator({ address }: Pick<Staking, "address">, text: string): string {
  if (text === "") throw invalidArgument(NO_OPERATOR);
  return parseBare(address.operator, text);
}

/** The one text of a delegator in a request. @throws QueryError InvalidArgument */
export function parseDelegator({ address }: Pick<Staking, "address">, text: string): string {
  if (text === "") throw invalidArgument(NO_DELEGATOR);
  return parseBare(address, text);
}

/** Both of them, which must be there before either is read. @throws QueryError InvalidArgument */
export function parsePair(
  { address }: Pick<Staking, "address">,
  delegator: string,
  operator: string,
): readonly [delegator: string, operator: string] {
  if (delegator === "") throw invalidArgument(NO_DELEGATOR);
  if (operator === "") throw invalidArgument(NO_OPERATOR);
  return [parseBare(address, delegator), parseBare(address.operator, operator)];
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
