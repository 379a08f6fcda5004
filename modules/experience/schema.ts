import type {
  MsgRegisterDomain,
  MsgRegisterDomainResponse,
  MsgRegisterSchema,
  MsgRegisterSchemaResponse,
  MsgSetDomainOpen,
  MsgSetDomainOpenResponse,
} from "#proto/hanzo/experience/v1/tx";
import type { Domain, Schema } from "#proto/hanzo/experience/v1/types";
import { type Ctx, requireAuthority } from "#sdk";
import { experienceError } from "./errors.ts";
import { requireDomainName, requireSchemaId } from "./names.ts";
import { getDomain, getSchema, type Registry } from "./registry.ts";

/** Largest matrix: the bounds of every sum in the kernels hold up to it. */
const MAX_ROWS = 256;
const MAX_COLS = 384;
const HASH_BYTES = 32;

/** @throws experience/5 naming what was expected and what came */
export function validateSchema({ id, rows, cols, specHash }: Schema): void {
  requireSchemaId(id);
  if (rows < 1 || rows > MAX_ROWS) throw experienceError.invalidSchema(`rows: expected 1 to ${MAX_ROWS}, got ${rows}`);
  if (cols < 8 || cols > MAX_COLS || cols % 8 !== 0)
    throw experienceError.invalidSchema(`cols: expected a multiple of 8 from 8 to ${MAX_COLS}, got ${cols}`);
  if (specHash.length !== HASH_BYTES)
    throw experienceError.invalidSchema(`spec_hash: expected ${HASH_BYTES} bytes, got ${specHash.length}`);
}

/** A domain that nobody has used. */
export function newDomain(schema: string, name: string): Domain {
  return { schema, name, open: true, openRound: 0n, rounds: 0n, activeRound: 0n };
}

/** Adds a schema. @throws gov/13, experience/5, experience/6 */
export function registerSchema({ state, authority }: Registry, ctx: Ctx, request: MsgRegisterSchema): MsgRegisterSchemaResponse {
  requireAuthority(authority, request.authority);
  const { schema } = request;
  if (schema === undefined) throw experienceError.invalidSchema("schema: expected one, got none");
  validateSchema(schema);
  if (state.schemas.has(ctx, schema.id)) throw experienceError.schemaExists(`expected a new identifier, got "${schema.id}"`);
  state.schemas.set(ctx, schema.id, schema);
  return {};
}

/** Adds a domain. @throws gov/13, experience/4, experience/8, experience/9 */
export function registerDomain(registry: Registry, ctx: Ctx, { authority, schema, domain }: MsgRegisterDomain): MsgRegisterDomainResponse {
  requireAuthority(registry.authority, authority);
  getSchema(registry, ctx, schema);
  requireDomainName(domain);
  if (registry.state.domains.has(ctx, [schema, domain]))
    throw experienceError.domainExists(`schema "${schema}": expected a new domain, got "${domain}"`);
  registry.state.domains.set(ctx, [schema, domain], newDomain(schema, domain));
  return {};
}

/** Closes a domain for entries, or opens it; a running round goes on. @throws gov/13, experience/7 */
export function setDomainOpen(registry: Registry, ctx: Ctx, request: MsgSetDomainOpen): MsgSetDomainOpenResponse {
  requireAuthority(registry.authority, request.authority);
  const domain = getDomain(registry, ctx, request.schema, request.domain);
  registry.state.domains.set(ctx, [domain.schema, domain.name], { ...domain, open: request.open });
  return {};
}
