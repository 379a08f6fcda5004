import { EXIT, NodeError } from "./nodeError.ts";

/** consensus/state.go, OnStart: what was signed in the height under way is not known. */
const REPLAYED_NOTHING = /error on catchup replay; proceeding to start state anyway/;
/** privval/file.go, CheckHRS. While the write-ahead log is replayed such lines are ordinary: the signatures come from the log a moment later. */
const REFUSAL = /failed signing (?:vote|proposal).*\b(height|round|step) regression/;

/** Reads one CometBFT's log for whether it refuses to sign because it has signed something later already. */
export class SigningWatch {
  #replayed = true;
  #said = false;

  /** @returns what to tell the operator, once */
  look(line: string): NodeError | undefined {
    if (REPLAYED_NOTHING.test(line)) this.#replayed = false;
    const kind = this.#said ? undefined : REFUSAL.exec(line)?.[1];
    if (kind === undefined || (kind !== "height" && this.#replayed)) return undefined;
    this.#said = true;
    const [what, next] =
      kind === "height"
        ? ["the data of this node is older than what its key has signed", "otherwise put the newest copy of data/ back"]
        : [
            "before it ended it signed in this round, and its write-ahead log does not say what",
            "a validator alone waits for ever: stop CometBFT, then hanzod start with its own CometBFT, which mends the log",
          ];
    return new NodeError(
      "HZN-SIGNED",
      `CometBFT does not sign: ${what}\n  CometBFT said: ${line.slice(0, 500)}`,
      `with other validators nothing, it signs again later; ${next}`,
      EXIT.stopped,
    );
  }
}
