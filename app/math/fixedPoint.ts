/** Ten to the eighteenth: the scale of every number whose name ends in E18. */
export const E18 = 1_000_000_000_000_000_000n;
/** Two to the 128th: the scale of every number whose name ends in Q128. */
export const Q128 = 1n << 128n;
/** Ten thousand: the scale of every number whose name ends in Bps. */
export const BPS = 10_000n;
