// Names of the market's messages that many tests use.
export { type Order, type Pool as PoolState, PoolStatus, Side } from "#proto/hanzo/hmm/v1/types";
