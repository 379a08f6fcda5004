// Group `proof` of an IAVL vector file: every proof is verified, and those that were not tampered with are made again, byte for byte.
import { toHex } from "../../../app/encoding/bytes.ts";
import type { ExistenceProof } from "../../../app/proof/ics23.ts";
import { decodeCommitmentProof } from "../../../app/proof/ics23Codec.ts";
import { iavlSpec, type ProofSpec, tendermintSpec, verifyMembership, verifyNonMembership } from "../../../app/proof/ics23Verify.ts";
import {
  bytesIn,
  difference,
  differentBytes,
  type Fields,
  fieldsOf,
  findBytes,
  listOf,
  numberIn,
  type Report,
  textIn,
  textOf,
} from "./iavlFields.ts";
import type { RunScenario } from "./iavlTree.ts";

const specs: ReadonlyMap<string, ProofSpec> = new Map([
  ["iavl", iavlSpec],
  ["tendermint", tendermintSpec],
]);
const hashNames = ["NO_HASH", "SHA256"];
const lengthNames = ["NO_PREFIX", "VAR_PROTO"];

/**
 * Checks every proof.
 * @param trees the scenarios, which have run
 */
export function checkProofs(proofs: readonly unknown[], trees: ReadonlyMap<string, RunScenario>, report: Report): void {
  for (const [i, item] of proofs.entries()) {
    const proof = fieldsOf(item, "proof");
    const place = `proof ${i + 1}, ${textIn(proof, "name")} (${String(proof["why"] ?? "")})`;
    report.check(place, () => checkProof(proof, trees));
  }
}

function checkProof(proof: Fields, trees: ReadonlyMap<string, RunScenario>): string | undefined {
  const spec = specs.get(textIn(proof, "spec"));
  if (spec === undefined) throw new Error(`spec: expected iavl or tendermint, got ${textIn(proof, "spec")}`);
  const root = bytesIn(proof, "root");
  const key = bytesIn(proof, "key");
  const value = findBytes(proof, "value");
  const data = bytesIn(proof, "proof");
  const ok = value === undefined ? verifyNonMembership(spec, root, data, key) : verifyMembership(spec, root, data, key, value);
  const judged = difference("the verifier's answer", String(proof["ok"]), String(ok));
  return judged ?? checkParts(proof, data) ?? (proof["why"] === undefined ? checkMade(proof, trees, key) : undefined);
}

function checkMade(proof: Fields, trees: ReadonlyMap<string, RunScenario>, key: Uint8Array): string | undefined {
  const scenario = trees.get(textIn(proof, "tree"));
  if (scenario === undefined) throw new Error(`tree: expected a scenario, got ${textIn(proof, "tree")}`);
  const version = scenario.initialVersion + BigInt(numberIn(proof, "at") - 1);
  return differentBytes("the proof made here", textIn(proof, "proof"), scenario.tree.prove(version, key));
}

/** Compares the decoded parts, where the file spells them out. */
function checkParts(proof: Fields, data: Uint8Array): string | undefined {
  const decoded = decodeCommitmentProof(data);
  return (
    checkExistence("exist", proof["exist"], decoded?.exist) ??
    checkExistence("left", proof["left"], decoded?.nonexist?.left) ??
    checkExistence("right", proof["right"], decoded?.nonexist?.right)
  );
}

/** Compares one existence proof with its recorded parts; nothing recorded is nothing to compare. */
export function checkExistence(what: string, recorded: unknown, decoded: ExistenceProof | undefined): string | undefined {
  if (recorded === undefined) return undefined;
  if (decoded === undefined) return `${what} is missing in the decoded proof`;
  const fields = fieldsOf(recorded, what);
  const { leaf } = decoded;
  if (leaf === undefined) return `${what} has no leaf operation`;
  const operation = [
    hashNames[leaf.hash],
    hashNames[leaf.prehashKey],
    hashNames[leaf.prehashValue],
    lengthNames[leaf.length],
    toHex(leaf.prefix),
  ];
  const path = decoded.path.map((op) => [hashNames[op.hash], toHex(op.prefix), toHex(op.suffix ?? new Uint8Array(0))].join(" "));
  const recordedPath = listOf(fields["path"], "path").map((op) => joinedText(op));
  return (
    differentBytes(`${what} key`, textIn(fields, "key"), decoded.key) ??
    differentBytes(`${what} value`, textIn(fields, "value"), decoded.value) ??
    difference(`${what} leaf`, joinedText(fields["leaf"]), operation.join(" ")) ??
    difference(`${what} path`, recordedPath.join("; "), path.join("; "))
  );
}

function joinedText(value: unknown): string {
  return listOf(value, "operation")
    .map((part) => textOf(part, "operation"))
    .join(" ");
}
