import { createHash } from "node:crypto";
import { parseTimestamp } from "../../../app/encoding/timeText.ts";

/** Where in a genesis document something is wrong, and what. */
export interface ShapeProblem {
  /** Dotted, `validators[0].power`; empty for the document itself. */
  readonly path: string;
  /** What was expected and what came. */
  readonly reason: string;
}

/** Keys of CometBFT's genesis document; it ignores others in silence. */
const KEYS: ReadonlySet<string> = new Set([
  "genesis_time",
  "chain_id",
  "initial_height",
  "consensus_params",
  "validators",
  "app_hash",
  "app_state",
]);

/** A height as the genesis file writes it. */
export const HEIGHT = /^[1-9]\d{0,17}$/;
/** CometBFT's bound on the power of all validators together: the largest 64-bit number over eight. */
const MOST_POWER = (2n ** 63n - 1n) / 8n;

/** What the conversion for the state machine and CometBFT rely on: every violation in a document that is valid JSON. */
export function shapeProblems(json: unknown): readonly ShapeProblem[] {
  if (!isObject(json)) return [{ path: "", reason: `an object expected, got ${show(json)}` }];
  const unknown = Object.keys(json).filter((key) => !KEYS.has(key));
  const found = unknown.map((key) => ({ path: key, reason: `unknown key ${key}; known keys are ${[...KEYS].join(", ")}` }));
  for (const [path, expected, accepts] of SHAPE) {
    const value = path.split(".").reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), json);
    if (!accepts(value)) found.push({ path, reason: `${expected} expected, got ${show(value)}` });
  }
  const { validators } = json;
  return Array.isArray(validators) ? [...found, ...validatorProblems(validators)] : found;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isWhole = (value: unknown): boolean => isText(value) && /^-?\d{1,19}$/.test(value);
const isList = (value: unknown): boolean => Array.isArray(value);

const SHAPE: readonly (readonly [path: string, expected: string, accepts: (value: unknown) => boolean])[] = [
  ["genesis_time", "a time such as 2026-01-31T12:00:00Z", isTime],
  ["chain_id", "a text of 1 to 50 characters", (value) => isText(value) && value.length >= 1 && value.length <= 50],
  ["initial_height", "a height from 1 on in quotes", (value) => isText(value) && HEIGHT.test(value)],
  ["consensus_params.block.max_bytes", "a whole number in quotes", isWhole],
  ["consensus_params.block.max_gas", "a whole number in quotes", isWhole],
  ["consensus_params.evidence.max_age_num_blocks", "a whole number in quotes", isWhole],
  ["consensus_params.evidence.max_age_duration", "a whole number in quotes", isWhole],
  ["consensus_params.evidence.max_bytes", "a whole number in quotes", isWhole],
  ["consensus_params.validator.pub_key_types", "a list", isList],
  ["validators", "a list", (value) => value === undefined || isList(value)],
  ["app_state", "an object", isObject],
];

function validatorProblems(validators: readonly unknown[]): ShapeProblem[] {
  const keys = new Set<string>();
  let total = 0n;
  const found: ShapeProblem[] = [];
  for (const [index, validator] of validators.entries()) {
    const at = `validators[${index}]`;
    const { pub_key: key, power, address } = isObject(validator) ? validator : {};
    const text = isObject(key) && key["type"] === "tendermint/PubKeyEd25519" && isText(key["value"]) ? key["value"] : "";
    const bytes = Buffer.from(text, "base64");
    if (bytes.length !== 32) found.push({ path: `${at}.pub_key`, reason: `an ed25519 key of 32 bytes expected, got ${show(key)}` });
    else if (keys.has(text)) found.push({ path: `${at}.pub_key`, reason: `each key once expected, got ${text} twice` });
    const own = createHash("sha256").update(bytes).digest("hex").slice(0, 40).toUpperCase();
    if (bytes.length === 32 && address !== undefined && address !== "" && address !== own)
      found.push({ path: `${at}.address`, reason: `${own} of its key expected, got ${show(address)}` });
    if (!isWhole(power) || BigInt(power as string) < 1n)
      found.push({ path: `${at}.power`, reason: `a whole number of at least 1 in quotes expected, got ${show(power)}` });
    else total += BigInt(power as string);
    keys.add(text);
  }
  if (total > MOST_POWER) found.push({ path: "validators", reason: `a power of at most ${MOST_POWER} together expected, got ${total}` });
  return found;
}

function isTime(value: unknown): boolean {
  try {
    return isText(value) && parseTimestamp(value) !== undefined;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
}
