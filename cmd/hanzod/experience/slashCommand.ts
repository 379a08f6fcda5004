import { readFileSync } from "node:fs";
import { type Command, Command as NewCommand } from "commander";
import { cidText } from "#kernels";
import { MsgSlash } from "#proto/hanzo/experience/v1/tx";
import type { Entry } from "#proto/hanzo/experience/v1/types";
import { type SlashEvidence, slashMessage } from "../../../app/client/experience/messages.ts";
import { quantiseMatrix } from "../../../app/client/experience/packShard.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { formatUnits } from "../../shared/output.ts";
import { homeOf } from "../command/options.ts";
import { type SendOptions, sceneOf, withTxOptions } from "../command/sendOptions.ts";
import { findEvent, type SentTx, sendAndWait } from "../hmm/sendAndWait.ts";
import { type BlockSources, getBlock, openHomeContent } from "./homeContent.ts";
import { readMatrix } from "./matrixFile.ts";
import { getEntry, parseId, registryOf } from "./registry.ts";
import { sameSender } from "./sameSender.ts";
import { shapeOf } from "./submitCommands.ts";

type SlashOptions = SendOptions & { readonly source?: string; readonly shard?: string; readonly duplicate?: bigint };

const AI_DECIMALS = 18;

/** `hanzod experience slash 3 --source prior.npy --from alice`. */
export function slashCommand(): Command {
  return withTxOptions(new NewCommand("slash").argument("<entry>", "entry that is at fault"))
    .description("prove a fault of an entry: a true proof takes its bond, a false one costs your stake")
    .option("--source <file>", "matrix that it was made of: a row of its shard has another sign or scale")
    .option("--shard <file>", "bytes of its CID that are no shard, or have another root")
    .option("--duplicate <entry>", "older entry with the same rows; with --shard its bytes, once the chain has dropped them", (text) =>
      parseId(text, "entry"),
    )
    .action(slash);
}

async function slash(text: string, options: SlashOptions): Promise<void> {
  const entryId = parseId(text, "entry");
  const scene = await sceneOf(options);
  const registry = registryOf(scene.client);
  const entry = await getEntry(registry, entryId);
  const sources = { store: await openHomeContent(homeOf(options), scene.output.note), registry, from: [] };
  const evidence = await evidenceOf(entry, sources, await shapeOf(registry, entry.schema), options);
  const { message, fault } = planSlash(scene.sender.address, entryId, evidence);
  if (fault !== undefined) scene.output.note(`row ${fault.row} has another ${fault.fault} than its source`);
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgSlash.$type}`, value: MsgSlash.encode(message).finish() }, options);
  if (sent === undefined) return;
  const outcome = outcomeOf(sent);
  const next = `hanzod experience status --round ${entry.roundId}${sameSender(options, false)}`;
  const lines = [
    outcome.upheld
      ? `upheld    entry ${entryId} loses its bond of ${ai(outcome.bond)} AI for "${outcome.fault}"; ${ai(outcome.bounty)} AI of it are yours, with your stake`
      : `not upheld: the stake of ${ai(outcome.stake)} AI is lost`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `  next: ${next}`,
  ];
  scene.output.result(
    { entryId, roundId: entry.roundId, ...outcome, row: fault?.row, txhash: sent.txhash, height: sent.height, next },
    lines.join("\n"),
  );
  if (!outcome.upheld) process.exitCode = 1;
}

const ai = (amount: string): string => formatUnits(BigInt(amount), AI_DECIMALS);

interface Outcome {
  readonly upheld: boolean;
  readonly fault: string;
  readonly bond: string;
  readonly bounty: string;
  /** Stake lost. */
  readonly stake: string;
}

function outcomeOf(sent: SentTx): Outcome {
  const slashed = findEvent(sent, "hanzo.experience.v1.EventSlashed");
  const failed = findEvent(sent, "hanzo.experience.v1.EventChallengeFailed");
  return {
    upheld: slashed !== undefined,
    fault: slashed?.get("fault") ?? "",
    bond: slashed?.get("bond") ?? "0",
    bounty: slashed?.get("bounty") ?? "0",
    stake: failed?.get("stake") ?? "0",
  };
}

async function evidenceOf(
  entry: Entry,
  sources: BlockSources,
  shape: { readonly rows: number; readonly cols: number },
  { source, shard, duplicate }: SlashOptions,
): Promise<SlashEvidence> {
  if (duplicate !== undefined && source === undefined)
    return { kind: "duplicate", olderId: duplicate, ...(shard === undefined ? {} : { shard: readBytes(shard) }) };
  if (source !== undefined && shard === undefined && duplicate === undefined) {
    const { bytes } = await getBlock(sources, cidText(entry.cid), entry.id);
    return { kind: "source", shard: bytes, source: quantiseMatrix(readMatrix(source, { shape }).matrix, shape), shape };
  }
  if (shard !== undefined && source === undefined) return { kind: "shard", shard: readBytes(shard) };
  throw new CliError("expected --source, --shard or --duplicate, one of them", {
    why: "a slash needs a proof",
    next: `hanzod experience verify ${entry.id} finds what is wrong with an entry`,
  });
}

function planSlash(challenger: string, entryId: bigint, evidence: SlashEvidence): ReturnType<typeof slashMessage> {
  try {
    return slashMessage(challenger, entryId, evidence);
  } catch (cause) {
    throw new CliError(`entry ${entryId} is not at fault by this`, {
      why: reasonOf(cause),
      next: "nothing was sent: a false proof costs the stake",
      cause,
    });
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
}
