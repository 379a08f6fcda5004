import { Command, Option } from "commander";
import { BACKENDS, type BackendName, cidText } from "#kernels";
import type { Aggregate } from "#proto/hanzo/experience/v1/types";
import { equalBytes, toHex } from "../../../app/encoding/bytes.ts";
import type { RoundResult } from "../../../modules/experience/index.ts";
import { formatTable } from "../../shared/output.ts";
import { RefusedQuery } from "../client/nodeClient.ts";
import { nodeClientOf } from "../client/nodeOption.ts";
import { homeOf, outputOf } from "../command/options.ts";
import { sameNode } from "../hmm/market.ts";
import { type BlockOptions, withBlockOptions } from "./blockOptions.ts";
import { openHomeContent } from "./homeContent.ts";
import { writeShard } from "./packCommand.ts";
import { recomputeRound } from "./recomputeRound.ts";
import { getRound, parseId, type Registry, registryOf } from "./registry.ts";
import { waitForAggregate } from "./roundStage.ts";

type AggregateOptions = BlockOptions & {
  readonly backend?: BackendName;
  readonly kernelModules?: string;
  readonly out?: string;
  readonly patient?: boolean;
};

/** `hanzod experience aggregate 1 --backend wasm`. */
export function aggregateCommand(): Command {
  return withBlockOptions(new Command("aggregate").argument("<round>", "round whose inputs are final"))
    .description("compute the aggregate of a round from its shards, and compare it with the chain's")
    .addOption(new Option("--backend <name>", "backend of the kernels (default: the first that can be used)").choices([...BACKENDS]))
    .option("--kernel-modules <folder>", "folder whose node_modules have the libraries of tensorflow and webgpu, if not this program's")
    .option("--out <file>", "write the aggregate's shard")
    .option("--patient", "wait until the chain has applied its own")
    .action(aggregate);
}

async function aggregate(text: string, options: AggregateOptions): Promise<void> {
  const output = outputOf(options);
  const registry = registryOf(await nodeClientOf(options));
  const roundId = parseId(text, "round");
  const round = options.patient === true ? await waitForAggregate(registry, roundId) : await getRound(registry, roundId);
  const store = await openHomeContent(homeOf(options), output.note);
  const choice = { modules: options.kernelModules, ...(options.backend === undefined ? {} : { prefer: [options.backend] }) };
  const { result, backend, detail, scored } = await recomputeRound(round, { store, registry, from: options.from ?? [] }, choice, output);
  await store.put(result.shard);
  if (options.out !== undefined) writeShard(options.out, result.shard);
  const onChain = await findAggregate(registry, round.id);
  const rows = onChain === undefined ? [] : compareAggregate(result, onChain, scored);
  const equal = rows.every(({ same }) => same);
  const node = sameNode(options);
  const next =
    onChain === undefined
      ? `hanzod experience aggregate ${round.id}${node}`
      : `hanzod experience diff aggregate:${round.id} prior:${round.domain}${node}`;
  const lines = [
    `round     ${round.id} of ${round.domain}: ${round.inputEntries.length} shards on ${backend} (${detail})`,
    ...(result.noCore ? ["no core   contributors of less than half of the weight agree: this can be no active prior"] : []),
    onChain === undefined
      ? `the chain applies its aggregate at height ${round.applyHeight}; here it is ${cidText(result.cid)}`
      : formatTable(
          ["", "here", "on the chain", ""],
          rows.map(({ what, here, chain, same }) => [what, here, chain, same ? "equal" : "DIFFERENT"]),
        ),
    `  next: ${next}`,
  ];
  const facts = { roundId: round.id, backend, detail, entries: round.inputEntries.length, cid: cidText(result.cid), noCore: result.noCore };
  output.result(
    { ...facts, compared: onChain !== undefined, equal: onChain === undefined ? undefined : equal, rows, next },
    lines.join("\n"),
  );
  if (!equal) process.exitCode = 1;
}

async function findAggregate(registry: Registry, roundId: bigint): Promise<Aggregate | undefined> {
  try {
    return (await registry.aggregate(roundId)).aggregate;
  } catch (thrown) {
    if (thrown instanceof RefusedQuery) return undefined;
    throw thrown;
  }
}

/** One value of an aggregate, as text: computed here, and on the chain. */
export interface ComparedValue {
  readonly what: string;
  readonly here: string;
  readonly chain: string;
  readonly same: boolean;
}

/** Compares all that the chain keeps of an aggregate. @param scored whether scores could be computed here */
function compareAggregate(result: RoundResult, chain: Aggregate, scored: boolean): readonly ComparedValue[] {
  const bytes = (what: string, here: Uint8Array, there: Uint8Array): ComparedValue => ({
    what,
    here: toHex(here),
    chain: toHex(there),
    same: equalBytes(here, there),
  });
  const text = (what: string, here: unknown, there: unknown): ComparedValue => ({
    what,
    here: String(here),
    chain: String(there),
    same: here === there,
  });
  return [
    text("CID", cidText(result.cid), cidText(chain.cid)),
    bytes("row root", result.merkleRoot, chain.merkleRoot),
    bytes("source root", result.sourceRoot, chain.sourceRoot),
    bytes("matrix", result.hash, chain.matrixHash),
    text("no core", result.noCore, chain.noCore),
    ...(scored && chain.measured ? [text("score", result.scores?.all, chain.score)] : []),
  ];
}
