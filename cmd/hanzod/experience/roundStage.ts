import { type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import { CliError } from "../../shared/cliError.ts";
import { getRound, type Registry } from "./registry.ts";

/** Stages in their order, by what they are called, with the first height after each. */
const STAGES: readonly (readonly [stage: RoundStage, name: string, end: (round: Round) => bigint])[] = [
  [RoundStage.ROUND_STAGE_COMMIT, "commit", ({ commitEnd }) => commitEnd],
  [RoundStage.ROUND_STAGE_REVEAL, "reveal", ({ revealEnd }) => revealEnd],
  [RoundStage.ROUND_STAGE_VOTE, "vote", ({ voteEnd }) => voteEnd],
  [RoundStage.ROUND_STAGE_VOTE_REVEAL, "vote reveal", ({ voteRevealEnd }) => voteRevealEnd],
  [RoundStage.ROUND_STAGE_AGGREGATE, "aggregate", ({ applyHeight }) => applyHeight],
  [RoundStage.ROUND_STAGE_CHALLENGE, "challenge", ({ challengeEnd }) => challengeEnd],
  [RoundStage.ROUND_STAGE_SETTLE, "settle", () => 0n],
  [RoundStage.ROUND_STAGE_CLOSED, "closed", () => 0n],
];

const POLL_MS = 500;
const PATIENCE_MS = 6 * 3_600_000;

/** A stage in a word. */
export function stageName(stage: RoundStage): string {
  return STAGES.find(([known]) => known === stage)?.[1] ?? "unknown";
}

/** "reveal, until height 120"; without a height where the stage ends with its work. */
export function stageText(round: Round): string {
  const end = STAGES.find(([stage]) => stage === round.stage)?.[2](round) ?? 0n;
  return `${stageName(round.stage)}${end === 0n ? "" : `, until height ${end}`}`;
}

/** First height of a stage; the round's beginning for the first one. */
function stageBegin(round: Round, stage: RoundStage): bigint {
  const at = STAGES.findIndex(([known]) => known === stage);
  return STAGES[at - 1]?.[2](round) ?? round.startHeight;
}

/**
 * The round, if it is in a stage; with patience as soon as it is.
 * @param what wants it, such as "entry 3 can be revealed"
 * @throws CliError when it is too early without patience, or too late
 */
export async function requireStage(
  registry: Registry,
  roundId: bigint,
  wanted: RoundStage,
  patient: boolean,
  what: string,
): Promise<Round> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const round = await getRound(registry, roundId);
    if (round.stage === wanted) return round;
    if (round.stage > wanted)
      throw new CliError(`${what} no more: round ${roundId} is in stage ${stageText(round)}`, {
        why: `stage ${stageName(wanted)} has ended`,
        next: `hanzod experience status --round ${roundId}`,
      });
    if (!patient || performance.now() > deadline)
      throw new CliError(`${what} from height ${stageBegin(round, wanted)} on`, {
        why: `round ${roundId} is in stage ${stageText(round)}`,
        next: "send it then, or add --patient to wait for it",
      });
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}

/** The round, as soon as the chain has applied its aggregate. @throws CliError after hours */
export async function waitForAggregate(registry: Registry, roundId: bigint): Promise<Round> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const round = await getRound(registry, roundId);
    if (round.stage >= RoundStage.ROUND_STAGE_CHALLENGE) return round;
    if (performance.now() > deadline) throw new CliError(`round ${roundId} is in stage ${stageText(round)} still`);
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}
