import { DIFFERENCES, type DifferenceName } from "./differences.ts";

/** What came of one recorded question or document. */
export type Verdict =
  | { readonly kind: "same" }
  /** Not as recorded, but as the difference says. */
  | { readonly kind: "design" | "outside"; readonly difference: DifferenceName }
  | { readonly kind: "failed"; readonly reason: string };

/** One recorded question or document, ready to be judged. */
export interface Case {
  /** What it is, as a person writes it. */
  readonly name: string;
  judge(): Promise<Verdict>;
}

export const SAME: Verdict = { kind: "same" };

/** The verdict of something that is as a difference says. */
export function differs(difference: DifferenceName): Verdict {
  return { kind: DIFFERENCES[difference].kind, difference };
}

/** The verdict of something that is not as it must be. */
export function failed(reason: string): Verdict {
  return { kind: "failed", reason };
}

/** A way in which the answer to some requests may differ. `E` says what is then expected. */
export interface Rule<R, E> {
  readonly difference: DifferenceName;
  matches(request: R): boolean;
  expected(request: R): E;
}

/** The rules that may explain the answers of a node: where its chain is whole, nothing is outside of this build. */
export function rulesFor<R, E>({ isWhole }: { readonly isWhole: boolean }, rules: readonly Rule<R, E>[]): readonly Rule<R, E>[] {
  return isWhole ? rules.filter(({ difference }) => DIFFERENCES[difference].kind === "design") : rules;
}

/**
 * Judges an answer: as recorded, or else as one of the rules that match says.
 * @param compare what is not as expected, undefined when all is
 * @param exact expectation that the answer is as recorded
 */
export function judge<R, E>(request: R, exact: E, rules: readonly Rule<R, E>[], compare: (expected: E) => string | undefined): Verdict {
  const plain = compare(exact);
  if (plain === undefined) return SAME;
  let either = "";
  for (const rule of rules) {
    if (!rule.matches(request)) continue;
    const reason = compare(rule.expected(request));
    if (reason === undefined) return differs(rule.difference);
    if (either === "") either = `; nor as "${DIFFERENCES[rule.difference].what}" says: ${reason}`;
  }
  return failed(plain + either);
}

/** `expected …, got …` for two values, shortened around the first place where their texts part; undefined when they are equal. */
export function unlike(what: string, expected: unknown, got: unknown): string | undefined {
  const [theirs, mine] = [show(expected), show(got)];
  if (theirs === mine) return undefined;
  let at = 0;
  while (theirs[at] === mine[at]) at++;
  const start = Math.max(0, at - 40);
  const cut = (text: string): string => `${start > 0 ? "…" : ""}${text.slice(start, at + 120)}${text.length > at + 120 ? "…" : ""}`;
  return `${what}: expected ${cut(theirs)}, got ${cut(mine)}`;
}

function show(value: unknown): string {
  // As text, so that the order of fields counts.
  return value === undefined ? "nothing" : JSON.stringify(value);
}
