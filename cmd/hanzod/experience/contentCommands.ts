import { createReadStream } from "node:fs";
import { Command } from "commander";
import { cidText } from "#kernels";
import { exportCar, importCar } from "../../../app/content/carArchive.ts";
import { parseContentId } from "../../../app/content/contentId.ts";
import { fetchContent } from "../../../app/content/fetchContent.ts";
import { CliError } from "../../shared/cliError.ts";
import { showProgress } from "../../shared/progress.ts";
import { writeWholeFile } from "../../shared/wholeFile.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "../command/options.ts";
import { type BlockOptions, withBlockOptions } from "./blockOptions.ts";
import { detailOf, getBlock, openHomeContent } from "./homeContent.ts";
import { writeShard } from "./packCommand.ts";
import { getRound, openRegistry, parseId, type Registry } from "./registry.ts";

/** `hanzod experience fetch CID --from http://node:1317`. */
export function fetchCommand(): Command {
  return withCommonOptions(new Command("fetch").argument("<cid>", "identifier of a shard or aggregate"))
    .description("fetch a block from a node or gateway, hash it, and keep it")
    .requiredOption("--from <url...>", "REST of nodes, such as http://127.0.0.1:1317; with a path a gateway of IPFS")
    .option("--out <file>", "write its bytes, too")
    .action(fetchBlock);
}

/** `hanzod experience export --round 1 --out round.car`. */
export function exportCommand(): Command {
  return withBlockOptions(new Command("export").argument("[cids...]", "identifiers of blocks"))
    .description("write blocks to a content archive (CAR) that IPFS tools read")
    .option("--round <id>", "shards and aggregate of a round")
    .requiredOption("--out <file>", "archive to write")
    .action(exportBlocks);
}

/** `hanzod experience import round.car`. */
export function importCommand(): Command {
  return withCommonOptions(new Command("import").argument("<file>", "content archive (CAR)"))
    .description("keep the blocks of a content archive, each hashed")
    .action(importBlocks);
}

async function fetchBlock(
  cid: string,
  options: CommonOptions & { readonly from: readonly string[]; readonly out?: string },
): Promise<void> {
  const output = outputOf(options);
  const store = await openHomeContent(homeOf(options), output.note);
  const failures: string[] = [];
  for (const from of options.from) {
    try {
      const bytes = await fetchContent(from, cid);
      const { isNew } = await store.put(bytes);
      if (options.out !== undefined) writeShard(options.out, bytes);
      const next = `hanzod experience export ${cid} --out ${cid}.car`;
      const lines = [`${cid}, ${bytes.length} bytes from ${from}${isNew ? "" : "; it was kept already"}`, `  next: ${next}`];
      output.result({ cid, bytes: bytes.length, from, isNew, next }, lines.join("\n"));
      return;
    } catch (thrown) {
      failures.push(detailOf(thrown));
    }
  }
  throw new CliError(`${cid} cannot be fetched`, { why: failures.join("; "), next: "--from another node" });
}

async function exportBlocks(
  cids: readonly string[],
  options: BlockOptions & { readonly round?: string; readonly out: string },
): Promise<void> {
  const output = outputOf(options);
  const store = await openHomeContent(homeOf(options), output.note);
  const registry = options.round === undefined ? undefined : await openRegistry(options);
  const ofRound = registry === undefined ? [] : await roundBlocks(registry, parseId(options.round ?? "", "round"));
  const wanted = [...cids.map((cid) => ({ cid: requireCid(cid), entryId: 0n })), ...ofRound];
  if (wanted.length === 0)
    throw new CliError("expected identifiers or --round", { next: `hanzod experience export --round 1 --out ${options.out}` });
  const progress = showProgress(output, "blocks", wanted.length);
  for (const [at, { cid, entryId }] of wanted.entries()) {
    await getBlock({ store, from: options.from ?? [], ...(registry === undefined ? {} : { registry }) }, cid, entryId);
    progress.at(at + 1);
  }
  progress.end();
  const unique = [...new Set(wanted.map(({ cid }) => cid))];
  await writeArchive(options.out, exportCar(store, unique));
  const next = `hanzod experience import ${options.out} --home OTHER`;
  output.result(
    { file: options.out, blocks: unique.length, cids: unique, next },
    `${unique.length} blocks in ${options.out}\n  next: ${next}`,
  );
}

/** Identifiers of a round's revealed shards and of its aggregate. */
async function roundBlocks(registry: Registry, roundId: bigint): Promise<{ readonly cid: string; readonly entryId: bigint }[]> {
  const { inputEntries } = await getRound(registry, roundId);
  const blocks: { cid: string; entryId: bigint }[] = [];
  for (const entryId of inputEntries) {
    const { entry } = await registry.entry(entryId);
    if (entry !== undefined) blocks.push({ cid: cidText(entry.cid), entryId });
  }
  const { aggregate } = await registry.aggregate(roundId);
  return aggregate === undefined ? blocks : [...blocks, { cid: cidText(aggregate.cid), entryId: 0n }];
}

async function writeArchive(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await writeWholeFile(path, parts);
  } catch (cause) {
    throw new CliError(`cannot write ${path}`, { why: detailOf(cause), cause });
  }
}

async function importBlocks(path: string, options: CommonOptions): Promise<void> {
  const output = outputOf(options);
  const store = await openHomeContent(homeOf(options), output.note);
  try {
    const found = await importCar(store, createReadStream(path));
    const next = "hanzod experience status";
    output.result(
      { file: path, ...found, next },
      `${found.blocks} blocks, ${found.added} of them new, ${found.bytes} bytes\n  next: ${next}`,
    );
  } catch (cause) {
    throw new CliError(`${path} cannot be imported`, {
      why: detailOf(cause),
      next: "blocks before the bad one are kept; get the archive again",
      cause,
    });
  }
}

function requireCid(text: string): string {
  try {
    return parseContentId(text).toString();
  } catch (cause) {
    throw new CliError(`"${text}" is no identifier`, { why: detailOf(cause), cause });
  }
}
