// Lives through a recorded chain again and compares all that it did, then asks it what the recorded one was asked at its end.
import type { CometPort } from "../../../../app/runtime/query/cometPort.ts";
import { type ChainFacts, readChainFacts, requireGenesis } from "../recording/chainFacts.ts";
import { checkTxCases } from "../recording/judgeCheckTx.ts";
import { absentModules } from "../recording/recordedChain.ts";
import { createRecordedNode, type RecordedNode } from "../recording/recordedNode.ts";
import type { PartName, RecordedState, Recording } from "../recording/recording.ts";
import { judgeAll, type SectionReport } from "../recording/report.ts";
import { SECTIONS } from "../recording/sections.ts";
import { judgeBeginning, judgeExport } from "./judgeExport.ts";
import { beginReplay, type ReplayedChain } from "./replayedChain.ts";
import { type HeightsReport, replayHeights } from "./replayHeights.ts";

/** What of a recording is replayed. */
export interface ReplayOptions {
  /** Beginnings of the titles of sections; all when left out. */
  readonly only?: readonly string[];
  /** Last height; the recording's when left out. What was asked of the chain at its end is then left out. */
  readonly until?: number;
}

/** What came of a replay. */
export interface ReplayReport extends Pick<HeightsReport, "blocks" | "gas"> {
  readonly sections: readonly SectionReport[];
  /** Subjects that could be compared and that the recording has no file for. */
  readonly missing: readonly PartName[];
  /** Executed and committed in memory per second of processor time. */
  readonly blocksPerSecond: number;
}

const US_PER_SECOND = 1e6;
/** Subjects without which there is less to compare. */
const OPTIONAL_PARTS = ["staking", "distribution", "checktx", "abci", "rest"] as const satisfies readonly PartName[];
const CHECKTX = "CheckTx";
const EXPORT = "exported genesis";

/** A chain at the end of its replay. */
interface LivedChain {
  readonly chain: ReplayedChain;
  readonly sections: SectionReport[];
  readonly heights: HeightsReport;
}

/**
 * Replays a recording.
 * @throws Error when it has no genesis, blocks or transactions
 */
export async function replayRecording(recording: Recording, { only, until }: ReplayOptions = {}): Promise<ReplayReport> {
  if (recording.blocks === undefined || recording.tx === undefined) throw new Error("genesis.json, blocks.json and tx.json expected");
  const wants = (title: string): boolean =>
    only === undefined || only.some((wanted) => title.toLowerCase().startsWith(wanted.trim().toLowerCase()));
  const last = Math.min(until ?? recording.final_height, recording.final_height);
  const live = (facts: ChainFacts, comet?: CometPort): Promise<LivedChain> => liveThrough(recording, facts, { last, wants, comet });
  const isAsked = last === recording.final_height && SECTIONS.some((section) => "ask" in section && wants(section.title));
  const { sections, heights } = isAsked ? await liveAndAsk(recording, live, wants) : await live(readChainFacts(recording));
  const { blocks, busyUs, gas } = heights;
  const missing = OPTIONAL_PARTS.filter((part) => recording[part] === undefined);
  return { sections, missing, blocks, blocksPerSecond: (blocks * US_PER_SECOND) / busyUs, gas };
}

interface LifeOptions {
  readonly last: number;
  readonly wants: (title: string) => boolean;
  readonly comet: CometPort | undefined;
}

async function liveThrough(recording: Recording, facts: ChainFacts, { last, wants, comet }: LifeOptions): Promise<LivedChain> {
  const chain = await beginReplay(recording, facts, comet);
  const beginning = judgeBeginning(chain, recording);
  const heights = await replayHeights(chain, recording, facts, { until: last, wants });
  const sections = [...(beginning !== undefined && wants(beginning.title) ? [beginning] : []), ...heights.sections];
  if (last < recording.final_height) return { chain, sections, heights };
  if (wants(EXPORT)) sections.push(judgeExport(chain.app, recording));
  if (wants(CHECKTX) && recording.checktx !== undefined) sections.push(await judgeAll(CHECKTX, checkTxCases(atItsEnd(recording, chain))));
  return { chain, sections, heights };
}

/** The recording with the state that the replayed chain ended with. */
function atItsEnd(recording: Recording, { app }: ReplayedChain): Recording {
  const { genesis, exported } = requireGenesis(recording);
  const state = { ...exported.app_state, ...app.exportGenesis() } as unknown as RecordedState;
  return { ...recording, genesis: { ...recording.genesis, genesis, exported: { ...exported, app_state: state } } };
}

/** Puts a node in front of the replayed chain and asks it everything that the recorded node was asked. */
async function liveAndAsk(
  recording: Recording,
  live: (facts: ChainFacts, comet: CometPort) => Promise<LivedChain>,
  wants: (title: string) => boolean,
): Promise<LivedChain> {
  let lived: LivedChain | undefined;
  const node: RecordedNode = await createRecordedNode(recording, async (_recording, facts, comet) => {
    lived = await live(facts, comet);
    const { app } = lived.chain;
    return { app, reset: () => app.follow(facts.timeNs), isWhole: absentModules(recording).length === 0 };
  });
  try {
    if (lived === undefined) throw new Error("a replayed chain expected");
    for (const section of SECTIONS) {
      if (!("ask" in section) || !wants(section.title) || recording[section.part] === undefined) continue;
      const cases = section.ask(node, recording);
      if (cases.length > 0) lived.sections.push(await judgeAll(section.title, cases));
    }
    return lived;
  } finally {
    await node.close();
  }
}
