// The invariant as a quadratic form of the reserves as they are counted: what its coefficients have in common is left out, so that a trade
// reckons with numbers half as long. States of one curve compare by it as by H.
import { E18 } from "#sdk";

/** H = psiPsi·Ψ² + psiTheta·ΨΘ + thetaTheta·Θ², over a constant of the curve. */
export interface CurveForm {
  /** λc² */
  readonly psiPsi: bigint;
  /** 2wc */
  readonly psiTheta: bigint;
  /** λ */
  readonly thetaTheta: bigint;
}

/** What a form follows from. Units as in Curve. */
export interface FormTerms {
  readonly centreE18: bigint;
  readonly wE18: bigint;
  readonly lambdaE18: bigint;
}

/** Forms that are remembered; of more curves, some are worked out anew. */
const KEPT_FORMS = 4096;

/** By centre price. DETERMINISM: a form depends on its terms alone, so that nobody can tell whether it was remembered. */
const known = new Map<bigint, { readonly terms: FormTerms; readonly form: CurveForm }>();

/**
 * The form of a curve, remembered: it stays the same until the curve itself is moved.
 * @returns coefficients without a common factor of c and 1, nor of w and λ
 */
export function formOf({ centreE18, wE18, lambdaE18 }: FormTerms): CurveForm {
  const found = known.get(centreE18);
  if (found !== undefined && found.terms.wE18 === wE18 && found.terms.lambdaE18 === lambdaE18) return found.form;
  const [centre, unit] = reduce(centreE18, E18);
  const [w, lambda] = reduce(wE18, lambdaE18);
  const form = { psiPsi: lambda * centre * centre, psiTheta: 2n * w * centre * unit, thetaTheta: lambda * unit * unit };
  if (known.size >= KEPT_FORMS) known.clear();
  known.set(centreE18, { terms: { centreE18, wE18, lambdaE18 }, form });
  return form;
}

/** Two numbers without what divides both. @param a > 0 @param b ≥ 0 */
function reduce(a: bigint, b: bigint): readonly [bigint, bigint] {
  let [divisor, rest] = [a, b];
  while (rest > 0n) [divisor, rest] = [rest, divisor % rest];
  return [a / divisor, b / divisor];
}
