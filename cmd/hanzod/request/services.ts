import { hanzoMsgServices, hanzoServices } from "../../../app/hanzoServices.ts";
import { moduleName } from "./commandName.ts";

/** A service that commands are made for, under its module's name. */
export interface CommandService {
  readonly module: string;
  /** Full name, `cosmos.bank.v1beta1.Query`. */
  readonly service: string;
}

/** Services whose methods are queries, in the order of the modules. */
export function queryServices(): readonly CommandService[] {
  return hanzoServices.map((service) => ({ module: moduleName(service), service }));
}

/** Services whose requests are messages of transactions. */
export function messageServices(): readonly CommandService[] {
  return hanzoMsgServices.map((service) => ({ module: moduleName(service), service }));
}
