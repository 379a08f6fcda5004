import assert from "node:assert/strict";
import { test } from "node:test";
import { Request, Response } from "#proto/tendermint/abci/types";
import { GrammarChecker } from "../../harness/abciGrammar.ts";

/**
 * Feeds a sequence written in short: I<h> info answered with height h, C<h> initChain with initial height h, O offer, A apply chunk,
 * P<h> prepare, R<h> process, E<h> extend, V<h> verify, F<h> finalize, K commit, x checkTx, q query, l listSnapshots, - new session.
 */
function check(sequence: string): readonly string[] {
  const checker = new GrammarChecker();
  for (const step of sequence.split(" ")) {
    const height = BigInt(step.slice(1) || "0");
    const request = (fields: Parameters<typeof Request.fromPartial>[0]): Request => Request.fromPartial(fields);
    switch (step[0]) {
      case "-":
        checker.session();
        break;
      case "I":
        checker.call("info", request({ info: {} }));
        checker.answer("info", Response.fromPartial({ info: { lastBlockHeight: height } }));
        break;
      case "C":
        checker.call("initChain", request({ initChain: { initialHeight: height } }));
        break;
      case "O":
        checker.call("offerSnapshot", request({ offerSnapshot: {} }));
        break;
      case "A":
        checker.call("applySnapshotChunk", request({ applySnapshotChunk: {} }));
        break;
      case "P":
        checker.call("prepareProposal", request({ prepareProposal: { height } }));
        break;
      case "R":
        checker.call("processProposal", request({ processProposal: { height } }));
        break;
      case "E":
        checker.call("extendVote", request({ extendVote: { height } }));
        break;
      case "V":
        checker.call("verifyVoteExtension", request({ verifyVoteExtension: { height } }));
        break;
      case "F":
        checker.call("finalizeBlock", request({ finalizeBlock: { height } }));
        break;
      case "K":
        checker.call("commit", request({ commit: {} }));
        break;
      case "x":
        checker.call("checkTx", request({ checkTx: {} }));
        break;
      case "q":
        checker.call("query", request({ query: {} }));
        break;
      default:
        checker.call("listSnapshots", request({ listSnapshots: {} }));
    }
  }
  return checker.violations;
}

test("sequences of the grammar are accepted", () => {
  const cases: readonly (readonly [label: string, sequence: string])[] = [
    ["clean start as proposer", "I0 C1 P1 R1 F1 K P2 R2 F2 K"],
    ["clean start as the grammar writes it", "C1 R1 F1 K R2 F2 K"],
    ["later initial height", "I0 C50 F50 K P51 F51 K"],
    ["recovery replays and goes on", "I5 F6 K F7 K R8 F8 K"],
    ["recovery without replay", "I5 P6 R6 F6 K"],
    ["several rounds, as proposer and not", "I5 V6 P6 R6 V6 E6 V6 R6 E6 P6 F6 K"],
    ["a round without anything", "I5 F6 K"],
    ["calls outside the grammar anywhere", "x q l I5 x R6 q F6 x I5 l K q"],
    ["state sync", "C1 O O A A O A A I100 R101 F101 K"],
    ["state sync without handshake", "I0 O A I100 F101 K"],
    ["a restarted process begins anew", "I0 C1 F1 K F2 - I1 F2 K - I2 R3 F3 K"],
    ["a crash before the first commit", "I0 C1 F1 - I0 C1 F1 K"],
  ];
  for (const [label, sequence] of cases) assert.deepEqual(check(sequence), [], label);
});

test("sequences outside the grammar are named", () => {
  const cases: readonly (readonly [label: string, sequence: string, reason: RegExp])[] = [
    ["commit without a block", "I5 K", /commit in phase "informed"/],
    ["two commits", "I5 F6 K K", /commit in phase "height"/],
    ["two decisions", "I5 F6 F7", /finalizeBlock in phase "decided"/],
    ["a proposal between decision and commit", "I5 F6 P7", /prepareProposal in phase "decided"/],
    ["nothing before the first block", "F1", /finalizeBlock in phase "start"/],
    ["an empty application without initChain", "I0 F1", /before initChain/],
    ["initChain on an application with blocks", "I5 C1", /although info reported height 5/],
    ["initChain twice", "I0 C1 C1", /initChain in phase "initialised"/],
    ["initChain later", "I0 C1 F1 K C1", /initChain in phase "height"/],
    ["a height left out", "I5 F6 K F8", /at height 8, expected 7/],
    ["a height repeated", "I5 F6 K F6", /at height 6, expected 7/],
    ["a proposal for another height", "I5 R9", /at height 9, expected 6/],
    ["a chunk without an offer", "I0 C1 A", /applySnapshotChunk in phase "initialised"/],
    ["blocks before the synced state was checked", "C1 O A F101", /finalizeBlock in phase "chunked"/],
    ["a sync without chunks", "C1 O I100 F101", /finalizeBlock in phase "offered"/],
    ["an offer in the middle of consensus", "I5 F6 K O", /offerSnapshot in phase "height"/],
    ["wrong first height", "I0 C50 F1", /at height 1, expected 50/],
  ];
  for (const [label, sequence, reason] of cases) assert.match(check(sequence)[0] ?? "accepted", reason, label);
});

test("a violation shows the calls that led to it and can fail the call", () => {
  assert.match(check("I5 R6 F6 F7")[0] ?? "", /last calls: info processProposal\(6\) finalizeBlock\(6\) finalizeBlock\(7\)/);
  const strict = new GrammarChecker((text) => {
    throw new Error(text);
  });
  assert.throws(() => strict.call("commit", Request.fromPartial({ commit: {} })), /ABCI grammar: commit/);
});
