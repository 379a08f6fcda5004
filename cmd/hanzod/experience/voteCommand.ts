import { readFileSync } from "node:fs";
import { type Command, Command as NewCommand } from "commander";
import { MsgCommitVote, MsgRevealVote } from "#proto/hanzo/experience/v1/tx";
import { RoundStage } from "#proto/hanzo/experience/v1/types";
import { createVote, type EntryScore } from "../../../app/client/experience/vote.ts";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { homeOf } from "../command/options.ts";
import { type SendOptions, sceneOf, withTxOptions } from "../command/sendOptions.ts";
import { sendAndWait } from "../hmm/sendAndWait.ts";
import { dropKept, keepVote, loadVote } from "./kept.ts";
import { parseId, registryOf } from "./registry.ts";
import { requireStage } from "./roundStage.ts";
import { sameSender } from "./sameSender.ts";

type VoteOptions = SendOptions & { readonly scores?: string; readonly reveal?: boolean; readonly patient?: boolean };

/** `hanzod experience vote 1 --scores 1=60000,2=0 --from validator`, then `hanzod experience vote 1 --reveal --from validator`. */
export function voteCommand(): Command {
  return withTxOptions(new NewCommand("vote").argument("<round>", "round to vote in"))
    .description("say how good the entries of a round are: committed first, shown with --reveal; validators only")
    .option("--scores <scores>", "quality of entries, 0 to 65535: 1=60000,2=0, or a JSON file of {entry: quality}")
    .option("--reveal", "show the scores that this home has committed to")
    .option("--patient", "wait until the round takes it")
    .action(vote);
}

async function vote(text: string, options: VoteOptions): Promise<void> {
  const roundId = parseId(text, "round");
  if ((options.scores === undefined) === (options.reveal !== true))
    throw new CliError("expected --scores or --reveal, one of them", {
      why: "a vote is committed to with its scores, and shown later",
      next: `hanzod experience vote ${roundId} --scores 1=60000,2=0${sameSender(options)}`,
    });
  if (options.scores === undefined) return revealVote(roundId, options);
  return commitVote(roundId, parseScores(options.scores), options);
}

async function commitVote(roundId: bigint, scores: readonly EntryScore[], options: VoteOptions): Promise<void> {
  const scene = await sceneOf(options);
  const registry = registryOf(scene.client);
  const voter = scene.sender.address;
  const chainId = options.chainId ?? (await scene.client.chainId());
  await requireStage(registry, roundId, RoundStage.ROUND_STAGE_VOTE, options.patient === true, `round ${roundId} takes votes`);
  const plan = planVote({ chainId, roundId, voter, scores });
  const path = keepVote(homeOf(options).root, { chainId, roundId, voter, scores: plan.reveal.scores, salt: plan.salt });
  const value = MsgCommitVote.encode(plan.commit).finish();
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgCommitVote.$type}`, value }, options).catch((thrown: unknown) => {
    if (thrown instanceof CliError && thrown.refusal !== undefined) dropKept(path);
    throw thrown;
  });
  if (sent === undefined) return;
  const next = `hanzod experience vote ${roundId} --reveal${sameSender(options)} --patient`;
  const lines = [
    `committed to ${scores.length} scores of round ${roundId}`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `kept in   ${path}: who else has it can take the bond; without it the bond is lost`,
    `  next: ${next}`,
  ];
  scene.output.result(
    { roundId, voter, scores: scores.length, file: path, txhash: sent.txhash, height: sent.height, next },
    lines.join("\n"),
  );
}

async function revealVote(roundId: bigint, options: VoteOptions): Promise<void> {
  const scene = await sceneOf(options);
  const voter = scene.sender.address;
  const kept = loadVote(homeOf(options).root, { chainId: options.chainId ?? (await scene.client.chainId()), roundId, voter });
  const registry = registryOf(scene.client);
  await requireStage(
    registry,
    roundId,
    RoundStage.ROUND_STAGE_VOTE_REVEAL,
    options.patient === true,
    `votes of round ${roundId} can be revealed`,
  );
  const value = MsgRevealVote.encode(planVote(kept).reveal).finish();
  const sent = await sendAndWait(scene, { typeUrl: `/${MsgRevealVote.$type}`, value }, options);
  if (sent === undefined) return;
  const next = `hanzod experience aggregate ${roundId}${sameSender(options, false)}`;
  const lines = [
    `revealed  ${kept.scores.length} scores of round ${roundId}; the bond is back`,
    `tx        ${sent.txhash}   height ${sent.height}`,
    `  next: ${next}`,
  ];
  scene.output.result({ roundId, voter, scores: kept.scores, txhash: sent.txhash, height: sent.height, next }, lines.join("\n"));
}

function planVote(terms: Parameters<typeof createVote>[0]): ReturnType<typeof createVote> {
  try {
    return createVote(terms);
  } catch (cause) {
    throw new CliError("these scores are no vote", { why: reasonOf(cause), cause });
  }
}

/** `1=60000,2=0`, or the name of a JSON file. @throws CliError */
export function parseScores(text: string): EntryScore[] {
  const pairs = /^[\d=,\s]+$/.test(text)
    ? text.split(",").map((pair) => pair.trim().split("=", 2))
    : Object.entries(readScores(text)).map(([entry, quality]) => [entry, String(quality)]);
  return pairs.map(([entry = "", quality = ""]) => {
    if (!/^\d{1,5}$/.test(quality))
      throw new CliError(`"${entry}=${quality}" is no score`, { why: "entry=quality with 0 to 65535 is expected" });
    return { entryId: parseId(entry, "entry"), quality: Number(quality) };
  });
}

function readScores(path: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("an object of {entry: quality} is expected");
    return json as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new CliError(`"${path}" are no scores`, { why: reasonOf(cause), next: "--scores 1=60000,2=0", cause });
  }
}
