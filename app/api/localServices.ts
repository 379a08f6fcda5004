import type { Descriptors } from "../encoding/descriptors.ts";
import { APP_REFLECTION, appReflection, type ChainFacts } from "./appReflection.ts";
import { INTERFACE_REFLECTION, interfaceReflection, readImplementations } from "./interfaceReflection.ts";
import type { LocalMethod } from "./rpcCall.ts";

/** Services that the API answers by itself, over gRPC and gRPC-web. */
export interface LocalServices {
  /** Their full names. */
  readonly names: readonly string[];
  /** Their methods by path. */
  readonly methods: ReadonlyMap<string, LocalMethod>;
}

/**
 * What the API answers by itself: reflection in the Cosmos SDK's two forms.
 * @param services full names of the services besides these
 */
export function localServices(descriptors: Descriptors, services: readonly string[], chain: ChainFacts): LocalServices {
  const implementations = readImplementations(descriptors, chain.msgServices);
  const names = [INTERFACE_REFLECTION, APP_REFLECTION];
  const methods = new Map([
    ...interfaceReflection(implementations),
    ...appReflection({ descriptors, implementations, services: [...services, ...names], chain }),
  ]);
  return { names, methods };
}
