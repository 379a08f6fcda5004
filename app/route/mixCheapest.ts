// A linear program of few rows and any number of columns: the cheapest mixture of columns that exceeds no limit.
//   minimise Σ λ_j·cost_j   with   Σ λ_j = 1,   Σ λ_j·excess_jk ≤ 0,   λ ≥ 0
// Revised simplex. The basis has one column per limit and one more, so a step is a handful of multiplications.

/** A column. */
export interface MixtureColumn {
  readonly cost: number;
  /** By how much the column alone exceeds each limit; negative where it stays below. */
  readonly excess: Float64Array;
}

/** An optimal mixture. */
export interface Mixture {
  readonly cost: number;
  /** Shares of the columns in use, by index. */
  readonly shares: ReadonlyMap<number, number>;
  /** What a unit of each limit is worth, ≥ 0. */
  readonly prices: Float64Array;
  /** Where the next search may begin: indices of columns, negative ones for limits with room. */
  readonly basis: readonly number[];
}

const MAX_STEPS = 200;
/** Reduced costs above this, relative to costs, are rounding. */
const NOISE = 1e-15;

/**
 * Finds the cheapest mixture.
 * @param columns the first one must exceed no limit
 * @param start basis of a mixture of fewer columns
 */
export function mixCheapest(columns: readonly MixtureColumn[], start?: readonly number[]): Mixture {
  const limits = columns[0]?.excess.length ?? 0;
  const rows = limits + 1;
  const basis = start === undefined ? [0, ...Array.from({ length: limits }, (_, k) => -1 - k)] : [...start];
  let inverse = invert(basis, columns, rows);
  for (let step = 0; step < MAX_STEPS; step++) {
    const duals = multiplyLeft(basis, columns, inverse, rows);
    const entering = findEntering(columns, duals, limits, basis);
    if (entering === undefined) break;
    const leaving = findLeaving(inverse, columnOf(entering, columns, rows), rows);
    if (leaving === undefined) break;
    basis[leaving] = entering;
    inverse = invert(basis, columns, rows);
  }
  const duals = multiplyLeft(basis, columns, inverse, rows);
  const shares = new Map<number, number>();
  let cost = 0;
  for (const [row, index] of basis.entries()) {
    // Right-hand side is 1 for the sum and 0 for the limits.
    const share = Math.max(0, inverse[row * rows] as number);
    if (index < 0 || share === 0) continue;
    shares.set(index, share);
    cost += share * (columns[index]?.cost ?? 0);
  }
  return { cost, shares, prices: duals.slice(1).map((price) => Math.max(0, -price)), basis };
}

/** Column of the program: 1 and the excesses, or the slack of one limit. */
function columnOf(index: number, columns: readonly MixtureColumn[], rows: number): Float64Array {
  const column = new Float64Array(rows);
  if (index < 0) column[-index] = 1;
  else {
    column[0] = 1;
    column.set(columns[index]?.excess ?? [], 1);
  }
  return column;
}

/** Inverse of the basis, by elimination with pivoting. */
function invert(basis: readonly number[], columns: readonly MixtureColumn[], rows: number): Float64Array {
  const work = new Float64Array(rows * rows);
  for (const [j, index] of basis.entries()) {
    const column = columnOf(index, columns, rows);
    for (let i = 0; i < rows; i++) work[i * rows + j] = column[i] as number;
  }
  const inverse = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) inverse[i * rows + i] = 1;
  for (let i = 0; i < rows; i++) {
    let pivot = i;
    for (let r = i + 1; r < rows; r++) if (Math.abs(work[r * rows + i] as number) > Math.abs(work[pivot * rows + i] as number)) pivot = r;
    swapRows(work, rows, i, pivot);
    swapRows(inverse, rows, i, pivot);
    const scale = 1 / (work[i * rows + i] as number);
    for (let c = 0; c < rows; c++) {
      work[i * rows + c] = (work[i * rows + c] as number) * scale;
      inverse[i * rows + c] = (inverse[i * rows + c] as number) * scale;
    }
    for (let r = 0; r < rows; r++) {
      const factor = work[r * rows + i] as number;
      if (r === i || factor === 0) continue;
      for (let c = 0; c < rows; c++) {
        work[r * rows + c] = (work[r * rows + c] as number) - factor * (work[i * rows + c] as number);
        inverse[r * rows + c] = (inverse[r * rows + c] as number) - factor * (inverse[i * rows + c] as number);
      }
    }
  }
  return inverse;
}

function swapRows(matrix: Float64Array, rows: number, a: number, b: number): void {
  if (a === b) return;
  for (let c = 0; c < rows; c++) {
    const held = matrix[a * rows + c] as number;
    matrix[a * rows + c] = matrix[b * rows + c] as number;
    matrix[b * rows + c] = held;
  }
}

/** Prices of the rows: costs of the basis times its inverse. */
function multiplyLeft(basis: readonly number[], columns: readonly MixtureColumn[], inverse: Float64Array, rows: number): Float64Array {
  const duals = new Float64Array(rows);
  for (const [row, index] of basis.entries()) {
    const cost = index < 0 ? 0 : (columns[index]?.cost ?? 0);
    for (let c = 0; c < rows; c++) duals[c] = (duals[c] as number) + cost * (inverse[row * rows + c] as number);
  }
  return duals;
}

/** The column whose cost lies most below what the prices of the rows give for it; a slack where a limit's price has the wrong sign. */
function findEntering(
  columns: readonly MixtureColumn[],
  duals: Float64Array,
  limits: number,
  basis: readonly number[],
): number | undefined {
  let least = -NOISE * Math.abs(duals[0] as number);
  let entering: number | undefined;
  for (const [index, { cost, excess }] of columns.entries()) {
    let reduced = cost - (duals[0] as number);
    for (let k = 0; k < limits; k++) reduced -= (duals[k + 1] as number) * (excess[k] as number);
    if (reduced < least && !basis.includes(index)) [least, entering] = [reduced, index];
  }
  for (let k = 0; k < limits; k++) {
    const reduced = -(duals[k + 1] as number);
    if (reduced < least && !basis.includes(-1 - k)) [least, entering] = [reduced, -1 - k];
  }
  return entering;
}

/** The basic variable that reaches zero first. */
function findLeaving(inverse: Float64Array, column: Float64Array, rows: number): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  let leaving: number | undefined;
  for (let row = 0; row < rows; row++) {
    let rate = 0;
    for (let c = 0; c < rows; c++) rate += (inverse[row * rows + c] as number) * (column[c] as number);
    if (rate <= 1e-13) continue;
    const ratio = Math.max(0, inverse[row * rows] as number) / rate;
    if (ratio < least) [least, leaving] = [ratio, row];
  }
  return leaving;
}
