import { experienceError } from "./errors.ts";

const SCHEMA_ID = /^[a-z0-9.-]{1,32}$/;
const DOMAIN_NAME = /^[a-z0-9.-]{1,64}$/;

/** @throws experience/5 */
export function requireSchemaId(id: string): void {
  if (!SCHEMA_ID.test(id)) throw experienceError.invalidSchema(`id: expected 1 to 32 of a-z, 0-9, "-" and ".", got "${id.slice(0, 80)}"`);
}

/** @throws experience/8 */
export function requireDomainName(name: string): void {
  if (!DOMAIN_NAME.test(name))
    throw experienceError.invalidDomain(`name: expected 1 to 64 of a-z, 0-9, "-" and ".", got "${name.slice(0, 80)}"`);
}
