import { type AddressForm, explainAddress, sdkError } from "#sdk";

/** What is wrong in a genesis file, and where. */
export function wrong(path: string, reason: string): Error {
  return sdkError.invalidRequest(`${path}: ${reason}`);
}

/** @throws sdk/18 naming the place */
export function requireGenesisAddress(form: AddressForm, text: string, path: string): void {
  const reason = explainAddress(form, text);
  if (reason !== undefined) throw wrong(path, reason);
}
