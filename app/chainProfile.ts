// Which modules a chain is made of, and what is configuration of a chain: Hanzo Network, or a chain of the Cosmos SDK's modules with the names that its genesis has.
import { type ChainConfig, type Module, queryServicesOf } from "#sdk";
import type { ChainFacts } from "./api/appReflection.ts";
import { CHAIN, hanzoModules, hanzoOrder } from "./hanzo.ts";
import { hanzoMsgServices, hanzoServices } from "./hanzoServices.ts";
import { storeNames } from "./runtime/app.ts";
import type { OrderOptions } from "./runtime/moduleOrder.ts";
import { isSdkService, sdkChainModules, sdkChainMsgServices } from "./sdkChain.ts";

/** Sets of modules that a chain can be made of. */
export const MODULE_SETS = ["hanzo", "sdk"] as const;
export type ModuleSet = (typeof MODULE_SETS)[number];

/** What is the same on all nodes of a chain. Plain data: threads are told of it. */
export interface ChainChoice {
  readonly modules: ModuleSet;
  readonly config: ChainConfig;
}

/** Everything that follows from the choice. */
export interface ChainProfile {
  readonly choice: ChainChoice;
  /** Options of `createHanzoApp`. */
  readonly app: { readonly modules: readonly Module[]; readonly order: OrderOptions; readonly chain: ChainConfig };
  /** Names of the stores that the commit store is opened with. */
  readonly stores: readonly string[];
  /** Query services that the APIs show. */
  readonly services: readonly string[];
  /** What reflection tells. @param chainId empty before the chain has begun */
  facts(chainId: () => string): ChainFacts;
}

/** Hanzo Network. */
export const HANZO_CHOICE: ChainChoice = { modules: "hanzo", config: CHAIN };

/** The profile of a chain. */
export function chainProfile(choice: ChainChoice = HANZO_CHOICE): ChainProfile {
  const { modules: set, config } = choice;
  const modules: readonly Module[] = set === "sdk" ? sdkChainModules : hanzoModules;
  const queries = queryServicesOf(modules);
  const services = set === "sdk" ? [...new Set([...queries, ...hanzoServices.filter(isSdkService)])] : hanzoServices;
  const msgServices = set === "sdk" ? sdkChainMsgServices : hanzoMsgServices;
  return {
    choice,
    app: { modules, order: hanzoOrder, chain: config },
    stores: storeNames(modules),
    services,
    facts: (chainId) => ({ bech32Prefix: config.bech32Prefix, msgServices, chainId }),
  };
}
