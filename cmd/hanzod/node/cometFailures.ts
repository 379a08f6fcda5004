import { shellWord } from "../../shared/shellWord.ts";
import { EXIT, NodeError } from "./nodeError.ts";

/** A way in which CometBFT ends that a restart cannot mend, and may make worse. */
interface FatalPattern {
  readonly code: string;
  /** Found in a log line. Texts are those of CometBFT v0.38. */
  readonly text: RegExp;
  readonly what: string;
  readonly next: string;
}

const FATAL: readonly FatalPattern[] = [
  {
    code: "HZN-APP-HASH",
    // consensus/replay.go, state/errors.go, state/validation.go
    text: /AppHash does not match|LastAppHash \(.*\) does not match|state after replay does not match|wrong Block\.Header\.AppHash/,
    what: "the application computed another state than the chain agreed on",
    next: "keep the home as it is for the report, then restore it from a snapshot or sync anew: hanzod init --home <new>",
  },
  {
    code: "HZN-APP-AHEAD",
    text: /app block height \(\d+\) is higher than core/,
    what: "the application's data is newer than CometBFT's: one of the two was restored alone",
    next: "restore data/ as a whole from one backup, or sync anew",
  },
  {
    code: "HZN-APP-BEHIND",
    text: /app block height \(\d+\) is too far below block store base/,
    what: "CometBFT no longer has the blocks that the application needs",
    next: "restore data/ as a whole from one backup, or sync anew",
  },
  {
    code: "HZN-STATE-SYNC",
    // blocksync/reactor.go: a state without a single block
    text: /state \([1-9]\d*\) and store \(0\) height mismatch/,
    what: "the node was stopped after state sync had restored its state and before it had stored its first block: CometBFT cannot go on from there",
    next: "begin state sync again: hanzod comet reset-state --yes --home <home> && rm -r <home>/data/app && hanzod start --home <home>; keys, settings, peers and the record of what was signed stay",
  },
  {
    code: "HZN-GENESIS",
    text: /couldn't read GenesisDoc|error reading GenesisDoc|error in genesis doc/,
    what: "the genesis file is missing or malformed",
    next: "put the chain's own genesis.json back into config/",
  },
  {
    code: "HZN-DOUBLE-SIGN",
    // consensus/state.go, checkDoubleSigningRisk
    text: /found signature from the same key/,
    what: "another node is signing with this validator's key",
    next: "find and stop the other node before this one is started again; both running loses the stake",
  },
  {
    code: "HZN-DISK",
    text: /no space left on device/,
    what: "the disk is full",
    next: "free some space, then start again",
  },
  {
    code: "HZN-PORT",
    text: /address already in use/,
    what: "a port of CometBFT was taken by another process",
    next: "stop that process or change the port in config/config.toml",
  },
  {
    code: "HZN-CONFIG",
    text: /While parsing config|error decoding '|error in config file/,
    what: "CometBFT refuses its config.toml",
    next: "correct the key that the log names",
  },
];

/** CometBFT halts its consensus at this line but its process lives on, so nobody else would notice. */
const HALT = /CONSENSUS FAILURE!!!/;

/** Forms in which CometBFT says why it ends. Its ordinary log may name the same errors when a peer is at fault. */
const LAST_WORD = /^(panic: |ERROR: |\* )|CONSENSUS FAILURE!!!/;

/** True for a line that says why CometBFT ends; the trace that follows may be longer than any log kept in memory. */
export function isLastWord(line: string): boolean {
  return LAST_WORD.test(line);
}

/** True for a log line after which CometBFT makes no more blocks although its process goes on. */
export function isConsensusHalt(line: string): boolean {
  return HALT.test(line);
}

/**
 * Finds why CometBFT ended, where that is known to be beyond a restart.
 *
 * @param lines what it said; only the lines of `isLastWord` are looked at.
 * @param root the node's folder, for the commands that come next; left out, they say `<home>`
 * @returns undefined when a restart may help.
 */
export function findFatalFailure(lines: readonly string[], root?: string): NodeError | undefined {
  const words = lines.filter(isLastWord);
  for (const { code, text, what, next } of FATAL) {
    const line = words.findLast((candidate) => text.test(candidate));
    if (line !== undefined)
      return new NodeError(
        code,
        `${what}\n  CometBFT said: ${line.slice(0, 500)}`,
        root === undefined ? next : next.replaceAll("<home>", () => shellWord(root)),
        EXIT.stopped,
      );
  }
  const halt = words.findLast(isConsensusHalt);
  if (halt === undefined) return undefined;
  return new NodeError(
    "HZN-CONSENSUS",
    `CometBFT stopped making blocks\n  CometBFT said: ${halt.slice(0, 500)}`,
    "keep logs/cometbft.log for the report; start again only if the cause is known",
    EXIT.stopped,
  );
}
