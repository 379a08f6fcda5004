import { Command } from "commander";
import { cidOf, cidText, KernelError, merkleRoot, parseShard, type Shape, srcRoot } from "#kernels";
import { findRowFault } from "../../../app/client/experience/openRow.ts";
import { quantiseMatrix } from "../../../app/client/experience/packShard.ts";
import { equalBytes } from "../../../app/encoding/bytes.ts";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { nodeClientOf } from "../client/nodeOption.ts";
import { homeOf, outputOf } from "../command/options.ts";
import { sameNode } from "../hmm/market.ts";
import { type BlockOptions, withBlockOptions } from "./blockOptions.ts";
import { getBlock, openHomeContent } from "./homeContent.ts";
import { readMatrix } from "./matrixFile.ts";
import { getEntry, parseId, registryOf } from "./registry.ts";
import { shapeOf } from "./submitCommands.ts";

/** One thing that was looked at. */
interface Check {
  readonly what: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** `hanzod experience verify 3 --source prior.npy`. */
export function verifyCommand(): Command {
  return withBlockOptions(new Command("verify").argument("<entry>", "entry to look at"))
    .description("check a revealed shard against what its entry committed to; with its source every sign and scale, too")
    .option("--source <file>", "the matrix that it was made of: .json, .npy or .bin")
    .action(verify);
}

async function verify(text: string, options: BlockOptions & { readonly source?: string }): Promise<void> {
  const output = outputOf(options);
  const registry = registryOf(await nodeClientOf(options));
  const entry = await getEntry(registry, parseId(text, "entry"));
  const shape = await shapeOf(registry, entry.schema);
  const store = await openHomeContent(homeOf(options), output.note);
  const { bytes, where } = await getBlock({ store, registry, from: options.from ?? [] }, cidText(entry.cid), entry.id);
  const checks = [...shardChecks(bytes, shape, entry), ...sourceChecks(options.source, bytes, shape, entry.sourceRoot)];
  const bad = checks.find(({ holds }) => !holds);
  const node = sameNode(options);
  const next =
    bad === undefined
      ? `hanzod experience status --round ${entry.roundId}${node}`
      : `hanzod experience slash ${entry.id} ${bad.what === "rows" ? `--source ${options.source}` : "--shard FILE"} --from KEY${node}`;
  const rows = checks.map(({ what, holds, detail }) => [what, holds ? "holds" : "FALSE", detail]);
  output.result(
    { entryId: entry.id, cid: cidText(entry.cid), found: where, holds: bad === undefined, checks, next },
    `entry ${entry.id}, ${bytes.length} bytes from ${where}\n${formatTable(["check", "", ""], rows)}\n  next: ${next}`,
  );
  if (bad !== undefined) process.exitCode = 1;
}

function shardChecks(bytes: Uint8Array, shape: Shape, entry: { readonly cid: Uint8Array; readonly merkleRoot: Uint8Array }): Check[] {
  const checks: Check[] = [{ what: "CID", holds: equalBytes(cidOf(bytes), entry.cid), detail: cidText(cidOf(bytes)) }];
  try {
    const shard = parseShard(bytes, shape);
    checks.push({ what: "form", holds: true, detail: `canonical, ${shape.rows} × ${shape.cols}` });
    checks.push({ what: "row root", holds: equalBytes(merkleRoot(shard, shape), entry.merkleRoot), detail: "over all rows" });
  } catch (thrown) {
    if (!(thrown instanceof KernelError)) throw thrown;
    checks.push({ what: "form", holds: false, detail: thrown.message });
  }
  return checks;
}

function sourceChecks(path: string | undefined, bytes: Uint8Array, shape: Shape, sourceRoot: Uint8Array): Check[] {
  if (path === undefined) return [];
  const source = quantiseMatrix(readMatrix(path, { shape }).matrix, shape);
  if (!equalBytes(srcRoot(source, shape), sourceRoot))
    throw new CliError(`${path} is not the source of this entry`, {
      why: "its root is another one than the entry committed to, so it proves nothing",
      next: "give the matrix that the entry was made of",
    });
  const fault = findRowFault(bytes, source, shape);
  return [
    { what: "source root", holds: true, detail: path },
    {
      what: "rows",
      holds: fault === undefined,
      detail: fault === undefined ? "signs and scales of all rows" : `row ${fault.row}: another ${fault.fault}`,
    },
  ];
}
