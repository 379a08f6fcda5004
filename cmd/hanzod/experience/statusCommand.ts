import type { Command } from "commander";
import { cidText } from "#kernels";
import { type Domain, type Entry, EntryStatus, Fault, type Round, RoundStage } from "#proto/hanzo/experience/v1/types";
import { formatTable, formatUnits } from "../../shared/output.ts";
import type { NodeOptions } from "../client/nodeOption.ts";
import { nodeClientOf } from "../client/nodeOption.ts";
import { homeOf, outputOf } from "../command/options.ts";
import { allPages, sameNode } from "../hmm/market.ts";
import { openHomeContent } from "./homeContent.ts";
import { getRound, parseId, registryCommand, registryOf } from "./registry.ts";
import { stageName, stageText } from "./roundStage.ts";

const AI_DECIMALS = 18;

/** `hanzod experience status [--round 1]`. */
export function statusCommand(): Command {
  return registryCommand("status", "what the registry's domains and rounds are at, and what this home keeps")
    .option("--round <id>", "one round with its entries")
    .action((options: NodeOptions & { readonly round?: string }) =>
      options.round === undefined ? showAll(options) : showRound(parseId(options.round, "round"), options),
    );
}

async function showAll(options: NodeOptions): Promise<void> {
  const output = outputOf(options);
  const registry = registryOf(await nodeClientOf(options));
  const store = await openHomeContent(homeOf(options), output.note);
  const domains = await allPages(
    (key) => registry.domains("", key),
    (page) => page.domains,
  );
  const shown: (Domain & { readonly round: Round | undefined })[] = [];
  for (const domain of domains)
    shown.push({ ...domain, round: domain.openRound === 0n ? undefined : await getRound(registry, domain.openRound) });
  const rows = shown.map(({ schema, name, open, rounds, activeRound, round }) => [
    `${schema}/${name}${open ? "" : " (closed)"}`,
    String(rounds),
    activeRound === 0n ? "none" : `round ${activeRound}`,
    round === undefined ? "none" : `${round.id}: ${stageText(round)}`,
    round === undefined ? "" : `${round.revealed} of ${round.entries} revealed`,
  ]);
  const busy = shown.find(({ round }) => round !== undefined)?.round;
  const next = busy === undefined ? "hanzod experience submit FILE --from KEY" : `hanzod experience status --round ${busy.id}`;
  const lines = [
    rows.length === 0
      ? "no domains: the authority registers them"
      : formatTable(["domain", "rounds", "active prior", "open round", ""], rows),
    `content   ${store.blocks} blocks, ${store.bytes} of ${store.maxBytes} bytes in ${store.path}`,
    `  next: ${next}${sameNode(options)}`,
  ];
  const content = { path: store.path, blocks: store.blocks, bytes: store.bytes, maxBytes: store.maxBytes };
  output.result({ domains: shown, content, next: next + sameNode(options) }, lines.join("\n"));
}

async function showRound(roundId: bigint, options: NodeOptions): Promise<void> {
  const registry = registryOf(await nodeClientOf(options));
  const round = await getRound(registry, roundId);
  const entries = await allPages(
    (key) => registry.entries({ roundId }, key),
    (page) => page.entries,
  );
  const next = `${nextOf(round, entries)}${sameNode(options)}`;
  const lines = [
    `round     ${round.id}, number ${round.number} of ${round.schema}/${round.domain}`,
    `stage     ${stageText(round)}`,
    `votes     ${round.votesRevealed} of ${round.votes} revealed`,
    formatTable(["entry", "status", "stake AI", "quality", "weight", "utility", "refund AI", "CID"], entries.map(entryRow)),
    `  next: ${next}`,
  ];
  const shown = entries.map((entry) => ({
    ...entry,
    cid: cidText(entry.cid),
    merkleRoot: undefined,
    sourceRoot: undefined,
    status: statusName(entry),
  }));
  outputOf(options).result({ roundId, stage: stageName(round.stage), stageText: stageText(round), entries: shown, next }, lines.join("\n"));
}

function entryRow(entry: Entry): string[] {
  const amount = (text: string): string => (text === "" ? "-" : formatUnits(BigInt(text), AI_DECIMALS));
  const { id, stake, quality, weight, utility, refund } = entry;
  return [
    String(id),
    statusName(entry),
    amount(stake),
    String(quality),
    String(weight),
    String(utility),
    amount(refund),
    cidText(entry.cid),
  ];
}

/** "revealed", or "slashed: scale". */
export function statusName({ status, fault }: Pick<Entry, "status" | "fault">): string {
  const name = wordOf(EntryStatus, status, "ENTRY_STATUS_");
  return status === EntryStatus.ENTRY_STATUS_SLASHED ? `${name}: ${wordOf(Fault, fault, "FAULT_")}` : name;
}

function wordOf(values: Readonly<Record<string, number>>, value: number, prefix: string): string {
  const name = Object.keys(values).find((candidate) => values[candidate] === value) ?? "unknown";
  return name.replace(prefix, "").toLowerCase().replaceAll("_", " ");
}

function nextOf({ id, stage }: Round, entries: readonly Entry[]): string {
  const first = entries[0]?.id ?? 1n;
  switch (stage) {
    case RoundStage.ROUND_STAGE_COMMIT:
    case RoundStage.ROUND_STAGE_REVEAL:
      return `hanzod experience reveal ${first} --from KEY --patient`;
    case RoundStage.ROUND_STAGE_VOTE:
      return `hanzod experience vote ${id} --scores ${first}=60000 --from KEY`;
    case RoundStage.ROUND_STAGE_VOTE_REVEAL:
      return `hanzod experience vote ${id} --reveal --from KEY`;
    default:
      return `hanzod experience aggregate ${id}`;
  }
}
