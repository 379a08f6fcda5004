/**
 * A matrix of 256 × 384 float32 in logits that any language makes the same: rows of rising scale with two empty ones. The same lines run in a page
 * of a browser, so it stands on nothing.
 */
export function pinnedMatrix(): Float32Array {
  const matrix = new Float32Array(256 * 384);
  let state = 0x9e3779b9;
  for (let at = 0; at < matrix.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const row = Math.floor(at / 384);
    // 24 bits over a power of two: exact in float32.
    matrix[at] = row % 128 === 5 ? 0 : ((state >> 8) / 2 ** 23) * 2 ** ((row % 12) - 8);
  }
  return matrix;
}

/** What it is packed to. */
export const PINNED_SHARD = {
  cid: "bafkreigotdvrrvdlecrl2kof3x4hmhptafz226hi4sngyjv3felbmmyan4",
  merkleRoot: "e9292cd78db546bbe1c01b8ac0f6d0f65a0a163a1fdaf8a2623d6fa0096909df",
  sourceRoot: "4d347f5a67baa53308415ade0844b129661506f0b2b9547a6294a25547b395ed",
} as const;
