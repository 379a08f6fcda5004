import { type Domain, Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { experienceError } from "../errors.ts";
import { EMPTY_LEDGER } from "../ledger.ts";
import { getRound, nextId, type Registry } from "../registry.ts";
import { enterStage, requireStage } from "./stage.ts";

/**
 * The round of a domain that takes entries now: the open one, or one that begins with this block and keeps the windows of the present parameters.
 * @throws experience/10 the domain is closed, experience/11 its round takes no entries any more, experience/13 too many rounds run
 */
export function roundForEntry(registry: Registry, ctx: Ctx, domain: Domain): Round {
  if (!domain.open) throw experienceError.domainClosed(`domain "${domain.name}" of schema "${domain.schema}" was closed by governance`);
  if (domain.openRound === 0n) return beginRound(registry, ctx, domain);
  const round = getRound(registry, ctx, domain.openRound);
  requireStage(round, RoundStage.ROUND_STAGE_COMMIT);
  return round;
}

function beginRound(registry: Registry, ctx: Ctx, domain: Domain): Round {
  const { state } = registry;
  const params = registry.params.get(ctx);
  const running = state.running.get(ctx);
  if (running >= BigInt(params.maxOpenRounds))
    throw experienceError.roundLimit(`expected fewer than ${params.maxOpenRounds} rounds that run, got ${running}`);
  const id = nextId(state.lastRoundId, ctx);
  const number = domain.rounds + 1n;
  state.domains.set(ctx, [domain.schema, domain.name], { ...domain, openRound: id, rounds: number });
  const commitEnd = ctx.height + params.commitBlocks;
  const revealEnd = commitEnd + params.revealBlocks;
  const voteEnd = revealEnd + params.voteBlocks;
  const voteRevealEnd = voteEnd + params.voteRevealBlocks;
  const applyHeight = voteRevealEnd + params.aggregateDelayBlocks;
  const round = Round.fromPartial({
    id,
    schema: domain.schema,
    domain: domain.name,
    number,
    startHeight: ctx.height,
    commitEnd,
    revealEnd,
    voteEnd,
    voteRevealEnd,
    applyHeight,
    challengeEnd: applyHeight + params.challengeBlocks,
    ledger: EMPTY_LEDGER,
  });
  return enterStage(registry, ctx, round, RoundStage.ROUND_STAGE_COMMIT);
}
