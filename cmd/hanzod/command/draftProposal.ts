import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { descriptors } from "../../../app/descriptorImage.ts";
import { type JsonValue, toProtoJson } from "../../../app/encoding/protoJson.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { type NodeOptions, nodeClientOf } from "../client/nodeOption.ts";
import { messageServices } from "../request/services.ts";
import { type CommonOptions, outputOf, withCommonOptions } from "./options.ts";
import { governanceAddress } from "./proposalOptions.ts";

/** Short names of what is proposed most, as the SDK's tools have them. */
const KINDS: Readonly<Record<string, string>> = {
  "community-pool-spend": "cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
  "software-upgrade": "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
  "cancel-software-upgrade": "cosmos.upgrade.v1beta1.MsgCancelUpgrade",
};
const TEXT = "text";

interface DraftOptions extends CommonOptions, NodeOptions {
  readonly title: string;
  readonly summary: string;
  readonly metadata: string;
  readonly deposit: string;
  readonly expedited?: boolean;
}

/** `hanzod tx gov draft-proposal KIND [FILE]`: asks nothing; what is left to fill in stands in the file. */
export function draftProposalCommand(): Command {
  return withCommonOptions(new Command("draft-proposal"))
    .option("--node <url>", "RPC of a node (default: the home's)")
    .description("write the file of a proposal, to fill in and to hand to submit-proposal; present parameters are asked of the node")
    .argument("<kind>", `${[TEXT, ...Object.keys(KINDS)].join(", ")}, or a message such as cosmos.staking.v1beta1.MsgUpdateParams`)
    .argument("[file]", "where to write it", "draft_proposal.json")
    .option("--title <text>", "title of the proposal", "")
    .option("--summary <text>", "what it is for", "")
    .option("--metadata <text>", "anything else, such as a link", "")
    .option("--deposit <coins>", "deposit of the proposer, of which gov params name the least to begin with", "250AI")
    .option("--expedited", "vote faster, with a higher threshold")
    .action(async (kind: string, file: string, options: DraftOptions) => {
      const { title, summary, metadata, deposit, expedited = false } = options;
      const messages = kind === TEXT ? [] : [await draftMessage(typeNameOf(kind), options)];
      const proposal = { messages, metadata, deposit, title, summary, expedited };
      try {
        writeFileSync(file, `${JSON.stringify(proposal, null, 2)}\n`, { flag: "wx" });
      } catch (cause) {
        throw new CliError(`cannot write ${file}`, { why: reasonOf(cause), next: "name another file", cause });
      }
      outputOf(options).result(
        { file, proposal },
        `written to ${file}; fill it in, then: hanzod tx gov submit-proposal ${file} --from KEY`,
      );
    });
}

/** @throws CliError for what is no message of the chain */
function typeNameOf(kind: string): string {
  const name = KINDS[kind] ?? kind.replace(/^\//, "");
  const known = messageServices().flatMap(({ service }) =>
    descriptors()
      .getService(service)
      .methods.map(({ input }) => input),
  );
  if (known.includes(name)) return name;
  throw new CliError(`${kind} is nothing that can be proposed`, {
    why: `${[TEXT, ...Object.keys(KINDS)].join(", ")} or the full name of a message is expected`,
    next: "hanzod tx --help names the modules",
  });
}

async function draftMessage(typeName: string, options: DraftOptions): Promise<JsonValue> {
  const type = descriptors().getMessage(typeName);
  const fields = emptyFields(typeName);
  if ("authority" in fields) fields["authority"] = governanceAddress();
  if (typeName.endsWith(".MsgUpdateParams") && "params" in fields) fields["params"] = await presentParams(type.typeName, options);
  return { "@type": `/${typeName}`, ...fields };
}

/** Every field of a message with nothing in it; messages in it, too, so that their names can be seen. */
function emptyFields(typeName: string): Record<string, JsonValue> {
  const shown = toProtoJson(descriptors(), typeName, new Uint8Array(0)) as Record<string, JsonValue>;
  const nested = descriptors()
    .getMessage(typeName)
    .fields.filter(({ kind, repeated, typeName: of }) => kind === "message" && !repeated && !of.startsWith("google.protobuf."))
    .map(({ name, typeName: of }) => [name, emptyFields(of)] as const);
  return { ...shown, ...Object.fromEntries(nested) };
}

/** The module's parameters as they are now: a proposal names all of them. @throws CliError without a node */
async function presentParams(typeName: string, options: DraftOptions): Promise<JsonValue> {
  const query = `${typeName.slice(0, typeName.lastIndexOf("."))}.Query`;
  const method = descriptors()
    .getService(query)
    .methods.find(({ name }) => name === "Params");
  if (method === undefined) throw new CliError(`${query} tells no parameters`, { why: "write the proposal's file yourself" });
  const { value } = await (await nodeClientOf(options)).query(`/${query}/Params`, new Uint8Array(0));
  const { params = {} } = toProtoJson(descriptors(), method.output, value) as { params?: JsonValue };
  return params;
}
