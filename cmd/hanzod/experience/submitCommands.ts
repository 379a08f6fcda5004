import { type Command, Command as NewCommand } from "commander";
import { cidText } from "#kernels";
import { MsgReveal, MsgSubmit } from "#proto/hanzo/experience/v1/tx";
import { RoundStage } from "#proto/hanzo/experience/v1/types";
import { revealMessage, submitMessage } from "../../../app/client/experience/messages.ts";
import type { PackedShard } from "../../../app/client/experience/packShard.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatUnits } from "../../shared/output.ts";
import { homeOf } from "../command/options.ts";
import { type SendOptions, sceneOf, withTxOptions } from "../command/sendOptions.ts";
import { findEvent, sendAndWait } from "../hmm/sendAndWait.ts";
import type { TxScene } from "../tx/sendMessage.ts";
import { dropKept, keepEntry, keepShard, loadEntry } from "./kept.ts";
import { readMatrix } from "./matrixFile.ts";
import { type MatrixFileOptions, packMatrix, ratioText, withMatrixFileOptions } from "./packCommand.ts";
import { getEntry, parseId, type Registry, registryOf } from "./registry.ts";
import { requireStage } from "./roundStage.ts";
import { sameSender } from "./sameSender.ts";

type SubmitOptions = SendOptions &
  MatrixFileOptions & { readonly domain: string; readonly schema: string; readonly parents?: readonly bigint[]; readonly maxBond?: string };
type RevealOptions = SendOptions & { readonly patient?: boolean };

const AI_DECIMALS = 18;

/** `hanzod experience submit prior.npy --domain default --from alice`. */
export function submitCommand(): Command {
  return withTxOptions(withMatrixFileOptions(new NewCommand("submit").argument("<file>", "matrix: .json, .npy or .bin")))
    .description("commit to a prior: its identifier and roots go on the chain, its bytes stay in the home until the reveal")
    .option("--domain <name>", "field of work that it belongs to", "default")
    .option("--schema <id>", "schema of the domain", "v1")
    .option("--parents <ids>", "entries that it builds upon, such as 3,17", (text) => text.split(",").map((id) => parseId(id, "entry")))
    .option("--max-bond <amount>", "most bond to pay, base units (default: what the parameters say)")
    .action(submit);
}

/** `hanzod experience reveal 3 --from alice`. */
export function revealCommand(): Command {
  return withTxOptions(new NewCommand("reveal").argument("<entry>", "entry that hanzod experience submit made"))
    .description("show the shard of an entry, which this home has kept since the commitment")
    .option("--patient", "wait until the round takes it")
    .action(reveal);
}

async function submit(path: string, options: SubmitOptions): Promise<void> {
  const scene = await sceneOf(options);
  const registry = registryOf(scene.client);
  const shape = options.shape ?? (await shapeOf(registry, options.schema));
  const packed = packMatrix(path, readMatrix(path, { ...options, shape }));
  const submitter = scene.sender.address;
  const home = homeOf(options).root;
  const chainId = options.chainId ?? (await scene.client.chainId());
  const kept = { chainId, submitter, cid: packed.cidText, shard: packed.shard };
  const pending = keepShard(home, kept);
  const { domain, schema, parents = [], maxBond = "" } = options;
  const message = MsgSubmit.encode(submitMessage(packed, { submitter, domain, schema, parents, maxBond })).finish();
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgSubmit.$type}`, value: message }, options).catch((thrown: unknown) => {
    // Refused before it was in a block: there is nothing to reveal. After a loss of the connection the file must stay.
    if (thrown instanceof CliError && thrown.refusal !== undefined) dropKept(pending);
    throw thrown;
  });
  if (sent === undefined) {
    if (options.generateOnly !== true) dropKept(pending);
    return;
  }
  const event = findEvent(sent, "hanzo.experience.v1.EventSubmitted");
  const [entryId, roundId] = [BigInt(event?.get("entry_id") ?? "0"), BigInt(event?.get("round_id") ?? "0")];
  const file = keepEntry(home, pending, { ...kept, entryId, roundId });
  await tellSubmitted(scene, registry, packed, { entryId, roundId, file, bond: event?.get("bond") ?? "0", sent, options });
}

async function tellSubmitted(
  scene: TxScene,
  registry: Registry,
  packed: PackedShard,
  told: {
    readonly entryId: bigint;
    readonly roundId: bigint;
    readonly file: string;
    readonly bond: string;
    readonly sent: { readonly txhash: string; readonly height: number };
    readonly options: SubmitOptions;
  },
): Promise<void> {
  const { entryId, roundId, file, bond, sent, options } = told;
  const { round } = await registry.round(roundId);
  const next = `hanzod experience reveal ${entryId}${sameSender(options)} --patient`;
  const lines = [
    `entry     ${entryId} of round ${roundId}, domain ${options.domain}`,
    `CID       ${packed.cidText}, ${ratioText(packed)} times smaller than float32`,
    `bond      ${formatUnits(BigInt(bond), AI_DECIMALS)} AI, back after the round by what the entry is worth`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `kept in   ${file}: without it the entry cannot be revealed, and its bond is lost`,
    ...(round === undefined ? [] : [`reveal    at heights ${round.commitEnd} to ${round.revealEnd - 1n}`]),
    `  next: ${next}`,
  ];
  const facts = { entryId, roundId, cid: packed.cidText, bond, txhash: sent.txhash, height: sent.height, file, next };
  scene.output.result({ ...facts, revealFrom: round?.commitEnd, revealEnd: round?.revealEnd }, lines.join("\n"));
}

async function reveal(text: string, options: RevealOptions): Promise<void> {
  const entryId = parseId(text, "entry");
  const scene = await sceneOf(options);
  const registry = registryOf(scene.client);
  const { roundId, cid } = await getEntry(registry, entryId);
  const kept = loadEntry(homeOf(options).root, options.chainId ?? (await scene.client.chainId()), entryId, cidText(cid));
  if (kept.submitter !== scene.sender.address)
    throw new CliError(`entry ${entryId} is of ${kept.submitter}, not of ${scene.sender.address}`, { next: `--from ${kept.submitter}` });
  await requireStage(registry, roundId, RoundStage.ROUND_STAGE_REVEAL, options.patient === true, `entry ${entryId} can be revealed`);
  const value = MsgReveal.encode(revealMessage(kept.shard, entryId, kept.submitter)).finish();
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgReveal.$type}`, value }, options);
  if (sent === undefined) return;
  const stake = findEvent(sent, "hanzo.experience.v1.EventRevealed")?.get("stake") ?? "0";
  const next = `hanzod experience verify ${entryId}${sameSender(options, false)}`;
  const lines = [
    `revealed  entry ${entryId}, ${kept.shard.length} bytes`,
    `stake     ${formatUnits(BigInt(stake), AI_DECIMALS)} AI: its weight is made of it${stake === "0" ? "; without stake it counts nothing" : ""}`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `  next: ${next}`,
  ];
  scene.output.result({ entryId, roundId, cid: kept.cid, stake, txhash: sent.txhash, height: sent.height, next }, lines.join("\n"));
}

/** Size of a schema's matrices. @throws CliError */
export async function shapeOf(registry: Registry, id: string): Promise<{ readonly rows: number; readonly cols: number }> {
  const { schema } = await registry.schema(id);
  if (schema === undefined) throw new CliError(`the node answered without schema ${id}`);
  return { rows: schema.rows, cols: schema.cols };
}
