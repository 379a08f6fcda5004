// Stateless checks: run before a message costs a fee, and again before its handler. The sender is the signer, whose address the runtime has read.

import type {
  MsgCommitVote,
  MsgRegisterDomain,
  MsgRegisterHoldout,
  MsgRegisterSchema,
  MsgReveal,
  MsgRevealHoldout,
  MsgRevealVote,
  MsgSlash,
  MsgSlashVote,
  MsgSubmit,
} from "#proto/hanzo/experience/v1/tx";
import type { Score } from "#proto/hanzo/experience/v1/types";
import { type CheckEnv, parseUint } from "#sdk";
import { type EXPERIENCE_ERRORS, experienceError } from "./errors.ts";
import { requireDomainName, requireSchemaId } from "./names.ts";
import { AMOUNT_BITS, MAX_QUALITY, MAX_SHARDS } from "./params.ts";
import { validateSchema } from "./schema.ts";
import { SALT_BYTES } from "./vote/hash.ts";

const ROOT_BYTES = 32;
const CID_BYTES = 36;
/** More parents than any parameter allows. */
const MAX_PARENTS = 64;
/** Largest shard of any schema. */
const MAX_SHARD = 12_544;
/** Bytes that are no shard can be shown up to this length; longer ones cannot be revealed either. */
const MAX_PROOF = 65_536;
const MAX_HOLDOUT = 1 << 20;
/** Levels of a tree of 256 rows. */
const MAX_PATH = 8;
const MAX_ROW_BYTES = 768;

type Refuse = (detail: string) => Error;

function requireLength(refuse: Refuse, name: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) throw refuse(`${name}: expected ${expected} bytes, got ${bytes.length}`);
}

function requireAtMost(refuse: Refuse, name: string, bytes: Uint8Array, most: number): void {
  if (bytes.length === 0 || bytes.length > most) throw refuse(`${name}: expected 1 to ${most} bytes, got ${bytes.length}`);
}

function requirePlace({ schema, domain }: { readonly schema: string; readonly domain: string }): void {
  requireSchemaId(schema);
  requireDomainName(domain);
}

function requireOpening({ scores, salt }: { readonly scores: readonly Score[]; readonly salt: Uint8Array }): void {
  requireLength(experienceError.invalidVote, "salt", salt, SALT_BYTES);
  if (scores.length === 0 || scores.length > MAX_SHARDS)
    throw experienceError.invalidVote(`scores: expected 1 to ${MAX_SHARDS}, got ${scores.length}`);
  let previous = 0n;
  for (const { entryId, quality } of scores) {
    if (entryId <= previous) throw experienceError.invalidVote(`scores: expected rising entries, got ${entryId} after ${previous}`);
    if (quality > MAX_QUALITY)
      throw experienceError.invalidVote(`scores: entry ${entryId}: expected a quality of 0 to ${MAX_QUALITY}, got ${quality}`);
    previous = entryId;
  }
}

function checkSubmit(req: MsgSubmit): void {
  requirePlace(req);
  requireLength(experienceError.invalidEntry, "cid", req.cid, CID_BYTES);
  requireLength(experienceError.invalidEntry, "merkle_root", req.merkleRoot, ROOT_BYTES);
  requireLength(experienceError.invalidEntry, "source_root", req.sourceRoot, ROOT_BYTES);
  if (req.maxBond !== "") parseUint(req.maxBond, AMOUNT_BITS, "max_bond");
  if (req.parents.length > MAX_PARENTS) throw experienceError.invalidParents(`expected at most ${MAX_PARENTS}, got ${req.parents.length}`);
  let previous = 0n;
  for (const parent of req.parents) {
    if (parent <= previous) throw experienceError.invalidParents(`expected rising entries, got ${parent} after ${previous}`);
    previous = parent;
  }
}

function checkSlash({ sourceRow, shard, duplicate }: MsgSlash): void {
  const proofs = [sourceRow, shard, duplicate].filter((proof) => proof !== undefined).length;
  if (proofs !== 1) throw experienceError.invalidProof(`expected one proof, got ${proofs}`);
  if (sourceRow !== undefined) {
    requireAtMost(experienceError.invalidProof, "source_row.values", sourceRow.values, MAX_ROW_BYTES);
    if (sourceRow.path.length > MAX_PATH)
      throw experienceError.invalidProof(`source_row.path: expected at most ${MAX_PATH} hashes, got ${sourceRow.path.length}`);
    for (const hash of sourceRow.path) requireLength(experienceError.invalidProof, "source_row.path", hash, ROOT_BYTES);
  }
  if (shard !== undefined) requireAtMost(experienceError.invalidProof, "shard.shard", shard.shard, MAX_PROOF);
  if (duplicate !== undefined && duplicate.shard.length > 0)
    requireAtMost(experienceError.invalidProof, "duplicate.shard", duplicate.shard, MAX_SHARD);
}

/** Checks by method name. */
export const registryChecks = {
  submit: checkSubmit,
  reveal: (req: MsgReveal): void => requireAtMost(experienceError.invalidShard, "shard", req.shard, MAX_SHARD),
  commitVote: (req: MsgCommitVote): void => requireLength(experienceError.invalidVote, "hash", req.hash, ROOT_BYTES),
  revealVote: (req: MsgRevealVote): void => requireOpening(req),
  registerHoldout(req: MsgRegisterHoldout): void {
    requirePlace(req);
    requireLength(experienceError.invalidHoldout, "digest", req.digest, ROOT_BYTES);
  },
  revealHoldout: (req: MsgRevealHoldout): void => requireAtMost(experienceError.invalidHoldout, "data", req.data, MAX_HOLDOUT),
  slash: checkSlash,
  slashVote(req: MsgSlashVote, { address }: CheckEnv<typeof EXPERIENCE_ERRORS>): void {
    address.parse(req.voter);
    requireOpening(req);
  },
  registerSchema(req: MsgRegisterSchema): void {
    if (req.schema === undefined) throw experienceError.invalidSchema("schema: expected one, got none");
    validateSchema(req.schema);
  },
  registerDomain: (req: MsgRegisterDomain): void => requirePlace(req),
} as const;
