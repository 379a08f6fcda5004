import type { Any } from "#proto/google/protobuf/any";
import { type Attempt, attempt, type ChainEvent, type Ctx, isFatal, MathError, ModuleError } from "#sdk";
import type { Gov } from "./gov.ts";
import { depositsByDenom } from "./invariants.ts";

/** What became of a passed proposal's messages. */
export type Execution =
  | { readonly ok: true; readonly events: readonly ChainEvent[] }
  | { readonly ok: false; readonly reason: string; readonly log: string };

/** Which message failed. */
class Failure extends Error {
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super("", { cause });
    this.index = index;
  }
}

/**
 * Executes the messages of a passed proposal in order: all of them, or none. Whatever a message throws makes a failed proposal and not a stopped
 * chain, unless the node itself is at its end. What governance holds for depositors no message may take: it could not be given back.
 */
export function executeMessages(gov: Gov, ctx: Ctx, messages: readonly Any[]): Execution {
  const owed = depositsByDenom(gov, ctx);
  const outcome: Attempt<void> = attempt(ctx, (inner) => {
    for (const [index, packed] of messages.entries()) {
      try {
        gov.ports.messages.read(packed).execute(inner);
        requireHeld(gov, inner, owed);
      } catch (error) {
        if (isFatal(error)) throw error;
        throw new Failure(index, error);
      }
    }
  });
  if (outcome.ok) return outcome;
  const { index, cause } = outcome.error instanceof Failure ? outcome.error : new Failure(0, outcome.error);
  const reason = reasonOf(cause);
  return { ok: false, reason, log: `passed, but msg ${index} (${messages[index]?.typeUrl ?? ""}) failed on execution: ${reason}` };
}

/** DETERMINISM: texts of defects differ between engines and are left out; the proposal is part of the state. */
function reasonOf(error: unknown): string {
  return error instanceof ModuleError || error instanceof MathError ? error.message : "internal error";
}

/** What is owed to depositors stays in the account. @throws gov/12 */
function requireHeld(gov: Gov, ctx: Ctx, owed: ReadonlyMap<string, bigint>): void {
  for (const [denom, amount] of owed) {
    const left = gov.needs.bank.balance(ctx, gov.account, denom);
    if (left < amount)
      throw gov.err.invalidMessage(`${amount}${denom} are held for the depositors of open proposals, ${left}${denom} would be left`);
  }
}
