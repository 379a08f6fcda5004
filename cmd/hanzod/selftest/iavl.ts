// Runs vector files of the IAVL store (groups tree, node, proof, multistore, export) against this build. Operators prove with it that their
// platform computes the roots and proofs that the network computes.

import { checkExports } from "./iavlExport.ts";
import { fieldsOf, listOf, Report } from "./iavlFields.ts";
import { checkMultistore } from "./iavlMultistore.ts";
import { checkProofs } from "./iavlProof.ts";
import { checkNodes, checkTrees } from "./iavlTree.ts";
import type { SelftestResult } from "./selftestResult.ts";

/**
 * Checks every group of a parsed vector file.
 * @param doc the parsed JSON
 * @returns counts, the names of what this build cannot check, and one line per failure
 * @throws Error when the file has not the shape of an IAVL vector file
 */
export function iavlSelftest(doc: unknown): SelftestResult {
  const file = fieldsOf(doc, "file");
  const report = new Report();
  const trees = checkTrees(listOf(file["tree"], "tree"), report);
  checkNodes(listOf(file["node"], "node"), report);
  checkProofs(listOf(file["proof"], "proof"), trees, report);
  checkMultistore(fieldsOf(file["multistore"], "multistore"), report);
  checkExports(fieldsOf(file["export"], "export"), report);
  const { passed, failed, waiting, failures } = report;
  return { passed, failed, waiting, failures };
}
