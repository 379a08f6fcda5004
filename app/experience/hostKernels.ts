import {
  cidOf,
  cidText,
  compressSync,
  KernelError,
  merkleRoot,
  parseShard,
  quantile,
  requireCid,
  sourceLeaf,
  srcRoot,
  verifyMerkle,
  weights,
} from "#kernels";
import type { ExperienceKernels } from "../../modules/experience/port.ts";

/** What the registry asks of the kernels and has at once, in plain TypeScript. */
export type HostKernels = Omit<ExperienceKernels, "begin" | "result">;

/** What keeps work from succeeding; a defect goes through. */
function explain(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    if (cause instanceof KernelError) return cause.message;
    throw cause;
  }
}

/** The synchronous functions of the kernels in the words of the registry's port. */
export const hostKernels: HostKernels = {
  explainShard: (bytes, { rows, cols }) => explain(() => parseShard(bytes, { rows, cols })),
  merkleRoot: (shard, { rows, cols }) => merkleRoot(parseShard(shard, { rows, cols }), { rows, cols }),
  sourceRoot: (matrix, { rows, cols }) => srcRoot(matrix, { rows, cols }),
  compress: (matrix, { rows, cols }) => compressSync(matrix, { rows, cols }).bytes,
  compressRow(values) {
    const shape = { rows: 1, cols: values.length };
    const problem = explain(() => compressSync(values, shape));
    if (problem !== undefined) return problem;
    const { signs, codes } = compressSync(values, shape);
    return { signs, code: codes[0] as number };
  },
  opensSource(root, { rows, cols }, row, values, path) {
    // The leaf of a matrix of one row says row 0; its first two bytes are the row's number.
    const leaf = sourceLeaf(values, { rows: 1, cols }, 0);
    leaf[0] = row >> 8;
    leaf[1] = row & 255;
    return verifyMerkle(root, rows, row, leaf, path);
  },
  cidOf,
  cidDigest: (cid) => (explain(() => requireCid(cid)) === undefined ? requireCid(cid) : undefined),
  cidText,
  weights,
  median: (values, w) => quantile(values, w),
};
