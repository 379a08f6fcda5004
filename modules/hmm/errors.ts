import { bindErrors } from "#sdk";

/** Errors of the market by name: code and static message (README.md, Errors). Codes are never reused. */
export const HMM_ERRORS = {
  invalidAmount: [2, "invalid amount"],
  unknownPool: [3, "unknown pool"],
  poolPaused: [4, "pool is paused"],
  zeroOutput: [5, "order is too small to trade one base unit"],
  slippage: [6, "limit of the order not met"],
  orderTooLarge: [7, "order exceeds the largest part of the reserve that may trade at once"],
  drain: [8, "order would drain the pool"],
  reserveLimit: [9, "reserves would leave their allowed range"],
  unprofitable: [10, "fees exceed the proceeds of the sale"],
  unknownPosition: [11, "no such liquidity position"],
  insufficientShares: [12, "not enough liquidity shares"],
  sharesLocked: [13, "liquidity is still locked"],
  nothingToCollect: [14, "no fees to collect"],
  invalidParams: [15, "invalid market parameters"],
  invalidGenesis: [16, "invalid market genesis"],
  invalidPool: [17, "invalid pool"],
  unbalanced: [18, "batch does not balance"],
  unknownOrder: [19, "no such order"],
  notOwner: [20, "belongs to another account"],
  largeOrder: [21, "large orders must be committed and revealed"],
  wrongPhase: [22, "round of sealed orders is in its other phase"],
  unknownSealed: [23, "no such sealed order"],
  invalidSealed: [24, "invalid sealed order"],
  roundFull: [25, "round of sealed orders is full"],
  invalidBundle: [26, "invalid bundle"],
  infeasible: [27, "bundle cannot be met"],
  certificate: [28, "certificate refused"],
  outsideWindow: [29, "order does not fit the pool's immediate window"],
  notAllowed: [30, "router is not allowed to spend this"],
  unknownCommitment: [31, "no such capacity commitment"],
  invalidCommitment: [32, "invalid capacity commitment"],
  bondTooSmall: [33, "bond is too small"],
  insufficientCapacity: [34, "not enough units of the commitment"],
  poolExists: [35, "pool or denomination exists"],
} as const;

/** Constructors of the market's errors, codespace `hmm`. */
export const hmmError = bindErrors("hmm", HMM_ERRORS);
