// Which messages there are, and what blocks have seen of them.
import { descriptors } from "../../../app/descriptorImage.ts";
import { hanzoMsgServices } from "../../../app/hanzoServices.ts";

/** Every message that a module handles, by full name. */
export const messageTypes: readonly string[] = hanzoMsgServices.flatMap((service) =>
  descriptors()
    .getService(service)
    .methods.map(({ input }) => input),
);

/** What came of messages. */
export interface Seen {
  /** Types of messages in transactions that succeeded. */
  readonly types: ReadonlySet<string>;
  /** Types of messages that failed in a block: their transaction had passed every check before. */
  readonly failed: ReadonlySet<string>;
}

/** Messages that never succeed in a transaction, and why. */
export const CANNOT_SUCCEED: Readonly<Record<string, string>> = {
  "cosmos.evidence.v1beta1.MsgSubmitEvidence": "evidence comes from CometBFT alone: no kind has a handler, as in the Cosmos SDK",
  "cosmos.gov.v1.MsgExecLegacyContent": "only governance's account may, which signs nothing; proposals that pass execute it",
};

/** Messages that never fail once they are executed, and why. */
export const CANNOT_FAIL: Readonly<Record<string, string>> = {
  "cosmos.feegrant.v1beta1.MsgPruneAllowances": "removes what has expired, which may be nothing",
};

/** Message types that no transaction succeeded with, though they can. */
export function neverSucceeded({ types }: Pick<Seen, "types">): readonly string[] {
  return messageTypes.filter((type) => !types.has(type) && CANNOT_SUCCEED[type] === undefined);
}

/** Message types that never failed while they were executed, though they can. */
export function neverFailed({ failed }: Pick<Seen, "failed">): readonly string[] {
  return messageTypes.filter((type) => !failed.has(type) && CANNOT_FAIL[type] === undefined);
}
