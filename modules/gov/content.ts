import { TextProposal } from "#proto/cosmos/gov/v1beta1/gov";
import { ParameterChangeProposal } from "#proto/cosmos/params/v1beta1/params";
import { CancelSoftwareUpgradeProposal, SoftwareUpgradeProposal } from "#proto/cosmos/upgrade/v1beta1/upgrade";
import type { Any } from "#proto/google/protobuf/any";
import type { Gov } from "./gov.ts";
import { utf8Length } from "./metadata.ts";

/** Bytes of a title and of a description, as the SDK bounds them. */
const MAX_TITLE = 140;
const MAX_DESCRIPTION = 10_000;

/** What a proposal of the old kind says; what it wants is its type's. */
export interface Content {
  readonly title: string;
  readonly description: string;
}

interface ContentKind {
  decode(bytes: Uint8Array): Content;
  /** Module that executes it; a chain of today has only `gov`, whose text wants nothing. */
  readonly route: string;
}

/** Kinds that the Cosmos SDK still knows; all but text became messages, so that nobody executes them. */
const KINDS: ReadonlyMap<string, ContentKind> = new Map([
  [`/${TextProposal.$type}`, { decode: TextProposal.decode, route: "gov" }],
  [`/${ParameterChangeProposal.$type}`, { decode: ParameterChangeProposal.decode, route: "params" }],
  [`/${SoftwareUpgradeProposal.$type}`, { decode: SoftwareUpgradeProposal.decode, route: "upgrade" }],
  [`/${CancelSoftwareUpgradeProposal.$type}`, { decode: CancelSoftwareUpgradeProposal.decode, route: "upgrade" }],
]);

/** A content of the old kind with a title and a description that it may have. @throws gov/5, gov/6 */
export function requireContent({ err }: Pick<Gov, "err">, packed: Any | undefined): Content {
  if (packed === undefined) throw err.invalidContent("missing content");
  const kind = KINDS.get(packed.typeUrl);
  if (kind === undefined) throw err.invalidProposalType(packed.typeUrl.slice(packed.typeUrl.lastIndexOf(".") + 1));
  const content = kind.decode(packed.value);
  const { title, description } = content;
  if (title.trim() === "") throw err.invalidContent("proposal title cannot be blank");
  if (utf8Length(title) > MAX_TITLE) throw err.invalidContent(`proposal title is longer than max length of ${MAX_TITLE}`);
  if (description === "") throw err.invalidContent("proposal description cannot be blank");
  if (utf8Length(description) > MAX_DESCRIPTION)
    throw err.invalidContent(`proposal description is longer than max length of ${MAX_DESCRIPTION}`);
  return content;
}

/** A content that a module executes; text wants nothing, so this is all that executing it is. @throws gov/5, gov/9 with the route */
export function requireHandledContent({ err }: Pick<Gov, "err">, packed: Any | undefined): void {
  const kind = packed === undefined ? undefined : KINDS.get(packed.typeUrl);
  if (kind === undefined) throw err.invalidContent(`a content of the old kind expected, got ${packed?.typeUrl ?? "none"}`);
  if (kind.route !== "gov") throw err.noHandler(kind.route);
}
