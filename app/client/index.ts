// Everything that wallets and pages import, in one place; the browser bundle is made from this file.
export { createHanzoAminoConverters, createHanzoAminoTypes } from "./amino.ts";
export { type AbciQuerier, askMethod, type Method } from "./askMethod.ts";
export { ClientError } from "./clientError.ts";
export { type ConnectOptions, connect, createQueryClient, type HanzoClient, type HanzoQueryClient } from "./connect.ts";
export { connectCometClient } from "./connectCometClient.ts";
export {
  findRowFault,
  openShardRow,
  openSourceRow,
  type RowFault,
  type ShardRow,
  type SourceRow,
  verifyShardRow,
  verifySourceRow,
} from "./experience/openRow.ts";
export { type Matrix, type PackedShard, packRatioMilli, packShard, quantiseMatrix } from "./experience/packShard.ts";
export { createVote, type EntryScore, type VoteOptions, type VotePlan } from "./experience/vote.ts";
export { type ExperienceExtension, setupExperienceExtension } from "./experienceExtension.ts";
export {
  type EvidenceExtension,
  type HmmExtension,
  type NodeExtension,
  type SlashingExtension,
  setupEvidenceExtension,
  setupHmmExtension,
  setupNodeExtension,
  setupSlashingExtension,
} from "./extensions.ts";
export { askGasPrice, DEFAULT_GAS_PRICE, findGasPrice } from "./gasPrice.ts";
export { type GovExtension, setupGovExtension } from "./govExtension.ts";
export { headerHash } from "./light/headerHash.ts";
export type { LightBlock, LightProvider, StateAnswer } from "./light/lightBlock.ts";
export { createLightClient, type LightClient, type LightClientOptions, type ProvenValue } from "./light/lightClient.ts";
export { LightError, type LightErrorName, lightErrors } from "./light/lightError.ts";
export { createRpcProvider, type RpcProviderOptions } from "./light/rpcProvider.ts";
export type { Fraction } from "./light/verifyCommit.ts";
export { createHanzoRegistry, hanzoMessages, hanzoRegistryTypes } from "./registry.ts";
export { quoteBundle, type RouteTerms, routeMessage } from "./route.ts";
export { createSealedOrder, type SealedOrderOptions, type SealedOrderPlan } from "./sealedOrder.ts";
