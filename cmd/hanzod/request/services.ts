import { ServiceDefinition as NodeService } from "#proto/cosmos/base/node/v1beta1/query";
import { ServiceDefinition as CometService } from "#proto/cosmos/base/tendermint/v1beta1/query";
import { ServiceDefinition as TxService } from "#proto/cosmos/tx/v1beta1/service";
import { hanzoModules } from "../../../app/hanzo.ts";
import { moduleName } from "./commandName.ts";

/** A service that commands are made for, under its module's name. */
export interface CommandService {
  readonly module: string;
  /** Full name, `cosmos.bank.v1beta1.Query`. */
  readonly service: string;
}

/** Services that the runtime itself answers. */
const RUNTIME_SERVICES: readonly string[] = [TxService.fullName, CometService.fullName, NodeService.fullName];

/** Services whose methods are queries, in the order of the modules. */
export function queryServices(): readonly CommandService[] {
  const ofModules = hanzoModules.flatMap(({ spec }) => (spec.queries === undefined ? [] : [spec.queries[0].fullName]));
  return [...ofModules, ...RUNTIME_SERVICES].map((service) => ({ module: moduleName(service), service }));
}

/** Services whose requests are messages of transactions. */
export function messageServices(): readonly CommandService[] {
  return hanzoModules.flatMap(({ spec }) => (spec.msgs === undefined ? [] : [spec.msgs[0].fullName])).map((service) => ({ module: moduleName(service), service }));
}
