import { readFileSync } from "node:fs";
import { cidText, KernelError, parseShard, type Shape, type Shard } from "#kernels";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { type BlockSources, getBlock } from "./homeContent.ts";
import { readMatrix } from "./matrixFile.ts";
import { packMatrix } from "./packCommand.ts";
import { getEntry, getRound, parseId, type Registry } from "./registry.ts";
import { shapeOf } from "./submitCommands.ts";

/** A shard that a command was told of. */
export interface NamedShard {
  /** As people call it: "entry 3", "prior of default". */
  readonly name: string;
  readonly shard: Shard;
  readonly shape: Shape;
}

/** What names a shard, for help and errors. */
export const SHARD_NAMES = "an entry's number, aggregate:ROUND, prior:DOMAIN, a CID, a .shard file, or a matrix (.json, .npy, .bin)";

/**
 * Finds a shard by its name.
 * @param schema of priors, and of what does not say its own
 * @throws CliError when there is none, or its bytes are no shard
 */
export async function getShard(sources: BlockSources & { readonly registry: Registry }, text: string, schema: string): Promise<NamedShard> {
  const { registry } = sources;
  const [kind = "", rest = ""] = text.split(":", 2);
  if (/^\d+$/.test(text)) {
    const entry = await getEntry(registry, parseId(text, "entry"));
    const { bytes } = await getBlock(sources, cidText(entry.cid), entry.id);
    return named(`entry ${entry.id}`, bytes, await shapeOf(registry, entry.schema));
  }
  if (kind === "aggregate") {
    const round = await getRound(registry, parseId(rest, "round"));
    const { aggregate } = await registry.aggregate(round.id);
    if (aggregate === undefined) throw new CliError(`the node answered without the aggregate of round ${round.id}`);
    const { bytes } = await getBlock(sources, cidText(aggregate.cid));
    return named(`aggregate of round ${round.id}`, bytes, await shapeOf(registry, round.schema));
  }
  if (kind === "prior") {
    const { prior } = await registry.prior(schema, rest);
    if (prior === undefined) throw new CliError(`the node answered without a prior of ${rest}`);
    return named(`prior of ${rest}`, prior.shard, await shapeOf(registry, schema));
  }
  const shape = await shapeOf(registry, schema);
  if (/^b[a-z2-7]{58}$/.test(text)) return named(text, (await getBlock(sources, text)).bytes, shape);
  return named(text, fileShard(text, shape), shape);
}

/** The shard of a file: its bytes, or those that its matrix is packed to. @throws CliError */
function fileShard(path: string, shape: Shape): Uint8Array {
  if (/\.(json|npy|bin)$/.test(path)) return packMatrix(path, readMatrix(path, { shape })).shard;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CliError(`"${path}" names no shard`, { why: reasonOf(cause), next: `give ${SHARD_NAMES}`, cause });
  }
}

function named(name: string, bytes: Uint8Array, shape: Shape): NamedShard {
  try {
    return { name, shard: parseShard(bytes, shape), shape };
  } catch (cause) {
    if (!(cause instanceof KernelError)) throw cause;
    throw new CliError(`${name} is no shard of ${shape.rows} × ${shape.cols}`, { why: cause.message, cause });
  }
}
