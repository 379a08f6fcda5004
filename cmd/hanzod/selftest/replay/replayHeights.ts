// Walks through a recorded chain height by height and judges what each gives.

import type { ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { ConsensusParams } from "#proto/tendermint/types/params";
import { descriptors } from "../../../../app/descriptorImage.ts";
import { fromHex, toHex } from "../../../../app/encoding/bytes.ts";
import { toProtoJson } from "../../../../app/encoding/protoJson.ts";
import type { ChainFacts } from "../recording/chainFacts.ts";
import { absentModules, recordedParams, sdkModuleNames } from "../recording/recordedChain.ts";
import type { RecordedBlock, RecordedEvent, RecordedParams, RecordedTx, Recording } from "../recording/recording.ts";
import type { SectionReport } from "../recording/report.ts";
import { foreignMessages } from "../recording/scope.ts";
import { differs, failed, SAME, unlike, type Verdict } from "../recording/verdict.ts";
import { compareEvents } from "./compareEvents.ts";
import { judgeResult, whyRefused } from "./compareTx.ts";
import { rowJudges } from "./judgeRows.ts";
import { type ReplayedChain, updatesText } from "./replayedChain.ts";

/** What is compared at every height, by the title of its section. */
const HEIGHT_SECTIONS = ["transactions", "block events", "validator updates", "consensus parameters", "staking", "distribution"] as const;
type Title = (typeof HEIGHT_SECTIONS)[number];

/** Gas of a recorded transaction and of the same one here. */
export interface GasPair {
  readonly name: string;
  readonly recorded: bigint;
  readonly own: bigint;
}

/** What came of the heights. */
export interface HeightsReport {
  readonly sections: readonly SectionReport[];
  readonly blocks: number;
  /** Processor time of FinalizeBlock and Commit together, microseconds; reading of numbers is not in it. */
  readonly busyUs: number;
  readonly gas: readonly GasPair[];
}

/** Which heights and what of them. */
export interface HeightsOptions {
  readonly until: number;
  /** Whether a section is wanted. */
  readonly wants: (title: Title) => boolean;
}

/** Executes all recorded blocks up to a height and judges them. */
export async function replayHeights(
  chain: ReplayedChain,
  recording: Recording,
  facts: ChainFacts,
  { until, wants }: HeightsOptions,
): Promise<HeightsReport> {
  const verdicts = new Map<Title, { name: string; verdict: Verdict }[]>(HEIGHT_SECTIONS.map((title) => [title, []]));
  const note = (title: Title, name: string, verdict: Verdict): void => {
    if (wants(title)) verdicts.get(title)?.push({ name, verdict });
  };
  const rows = rowJudges(chain, recording, facts).filter(({ title }) => wants(title));
  const gas: GasPair[] = [];
  let [busyUs, blocks] = [0, 0];
  let params: RecordedParams | undefined = recording.genesis?.genesis.consensus?.params;
  for (const block of recording.blocks?.blocks ?? []) {
    if (block.height > until) break;
    const began = process.cpuUsage();
    const { response, results } = executeBlock(chain, block);
    await chain.commit();
    const { user, system } = process.cpuUsage(began);
    busyUs += user + system;
    blocks++;
    for (const { tx, verdict, gasUsed } of results) {
      note("transactions", `height ${block.height} tx ${tx.index} (${tx.name})`, verdict);
      if (gasUsed !== undefined) gas.push({ name: tx.name, recorded: BigInt(tx.result.gas_used), own: gasUsed });
    }
    const at = `height ${block.height}`;
    note("block events", at, judgeBlockEvents(block.events, response, recording));
    note("validator updates", at, unlessAbsent("staking", unlikeUpdates(block, response)));
    const update = block.consensus_param_updates;
    note("consensus parameters", at, unlessAbsent("gov", unlikeParams(params, update, response)));
    params = update ?? params;
    for (const row of rows) for (const [name, verdict] of await row.judge(block.height)) note(row.title, `${at} ${name}`, verdict);
  }
  const sections = [...verdicts].map(([title, list]) => ({ title, verdicts: list })).filter(({ verdicts: list }) => list.length > 0);
  return { sections, blocks, busyUs, gas };
}

interface JudgedTx {
  readonly tx: RecordedTx;
  readonly verdict: Verdict;
  /** Undefined when a stand-in took its place. */
  readonly gasUsed?: bigint;
}

/** Executes a block; what is refused on purpose is carried out by the stand-in, and the block begins again. */
function executeBlock(chain: ReplayedChain, block: RecordedBlock): { response: ResponseFinalizeBlock; results: readonly JudgedTx[] } {
  const txs = chain.transactionsOf(block);
  const set = new Map<RecordedTx, Verdict>();
  for (const tx of txs) {
    if (foreignMessages(fromHex(tx.body_bytes)).length > 0) set.set(tx, differs("absentMessages"));
    else if (tx.fee.granter !== "" && !sdkModuleNames.has("feegrant")) set.set(tx, differs("absentModules"));
  }
  for (;;) {
    const absent = new Set(set.keys());
    const response = chain.execute(block, absent);
    const results = new Map(txs.filter((tx) => !absent.has(tx)).map((tx, at) => [tx, response.txResults[at]]));
    for (const [tx, result] of results) {
      const refused = result === undefined ? undefined : whyRefused(tx, result);
      if (refused !== undefined) set.set(tx, differs(refused));
    }
    if (set.size > absent.size) continue;
    const judged = txs.map((tx): JudgedTx => {
      const result = results.get(tx);
      if (result === undefined) return { tx, verdict: set.get(tx) ?? failed("a result expected") };
      return { tx, verdict: judgeResult(tx, result), gasUsed: result.gasUsed };
    });
    return { response, results: judged };
  }
}

function verdictOf(reason: string | undefined): Verdict {
  return reason === undefined ? SAME : failed(reason);
}

/** What only a module that is not here could have done. */
function unlessAbsent(module: string, reason: string | undefined): Verdict {
  return reason !== undefined && !sdkModuleNames.has(module) ? differs("absentModules") : verdictOf(reason);
}

/** While modules of the recorded chain are missing, events of blocks cannot be whole. */
function judgeBlockEvents(expected: readonly RecordedEvent[], { events }: ResponseFinalizeBlock, recording: Recording): Verdict {
  const reason = compareEvents(expected, events);
  return reason !== undefined && absentModules(recording).length > 0 ? differs("absentModules") : verdictOf(reason);
}

function unlikeUpdates({ validator_updates }: RecordedBlock, { validatorUpdates }: ResponseFinalizeBlock): string | undefined {
  const expected = validator_updates.map(([key, power]) => `${toHex(new Uint8Array(Buffer.from(key, "base64")))} ${power}`);
  return unlike("updates", expected, updatesText(validatorUpdates));
}

/** At a chain's first height the recorded node repeats the parameters of genesis. */
function unlikeParams(
  before: RecordedParams | undefined,
  update: RecordedParams | undefined,
  { consensusParamUpdates }: ResponseFinalizeBlock,
): string | undefined {
  const json = (params: ConsensusParams | undefined): unknown =>
    params === undefined ? undefined : toProtoJson(descriptors(), ConsensusParams.$type, ConsensusParams.encode(params).finish());
  const expected = update === undefined ? undefined : recordedParams(update);
  if (consensusParamUpdates === undefined && expected !== undefined && before !== undefined)
    return unlike("parameters", json(expected), json(recordedParams(before)));
  return unlike("parameters", json(expected), json(consensusParamUpdates));
}
