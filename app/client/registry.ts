import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import { defaultRegistryTypes } from "@cosmjs/stargate";
import { MsgDefinition as HmmMsg } from "#proto/hanzo/hmm/v1/tx";

/** Msg services that stock cosmjs does not know. */
export const HANZO_MSG_SERVICES = [HmmMsg] as const;

/** Type URLs and codecs of this chain's own messages, for a cosmjs `Registry`. */
export const hanzoRegistryTypes: readonly [typeUrl: string, type: GeneratedType][] = HANZO_MSG_SERVICES.flatMap((service) =>
  Object.values(service.methods).map(({ requestType }): [string, GeneratedType] => [
    `/${requestType.$type}`,
    // A ts-proto 2 codec as cosmjs expects one; its declared partial types are deeper than cosmjs's, hence the detour.
    requestType as unknown as GeneratedType,
  ]),
);

/** A cosmjs registry with the stock messages and this chain's own. */
export function createHanzoRegistry(): Registry {
  return new Registry([...defaultRegistryTypes, ...hanzoRegistryTypes]);
}
