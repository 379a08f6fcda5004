// What this chain can be asked and told, for the APIs and for tools.
import { ServiceDefinition as NodeService } from "#proto/cosmos/base/node/v1beta1/query";
import { ServiceDefinition as CometService } from "#proto/cosmos/base/tendermint/v1beta1/query";
import { ServiceDefinition as TxService } from "#proto/cosmos/tx/v1beta1/service";
import { RouteServiceDefinition } from "#proto/hanzo/hmm/v1/route";
import { msgServicesOf, queryServicesOf } from "#sdk";
import type { ChainFacts } from "./api/appReflection.ts";
import { createOpenApi } from "./api/openApi.ts";
import { documentedDescriptors } from "./descriptorImage.ts";
import { CHAIN, hanzoModules, hanzoVersion } from "./hanzo.ts";

/** Services that the APIs show: the modules' queries and the node's own. */
export const hanzoServices: readonly string[] = [
  ...queryServicesOf(hanzoModules),
  TxService.fullName,
  CometService.fullName,
  NodeService.fullName,
  RouteServiceDefinition.fullName,
];

/** Services whose requests are the messages of this chain. */
export const hanzoMsgServices: readonly string[] = msgServicesOf(hanzoModules);

/** What reflection tells of this chain. @param chainId empty before the chain has begun */
export function hanzoFacts(chainId: () => string): ChainFacts {
  return { bech32Prefix: CHAIN.bech32Prefix, msgServices: hanzoMsgServices, chainId };
}

let openApiText: string | undefined;

/** The OpenAPI document of the REST API, as JSON; made once. */
export function openApiJson(): string {
  openApiText ??= JSON.stringify(
    createOpenApi({ descriptors: documentedDescriptors(), services: hanzoServices, title: "Hanzo Network", version: hanzoVersion.version }),
  );
  return openApiText;
}
