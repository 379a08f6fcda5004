import { type BoundModule, sdkError } from "#sdk";

/** Names of modules in the order of a step where it is not that of the module list; modules that are not named follow in the list's order. */
export interface OrderOptions {
  readonly beginBlock?: readonly string[];
  readonly endBlock?: readonly string[];
  readonly genesis?: readonly string[];
}

/** Modules in the order of each step. The list's own order is that of needs and of subscribers to hooks. */
export interface ModuleOrder {
  readonly beginBlock: readonly BoundModule[];
  readonly endBlock: readonly BoundModule[];
  readonly genesis: readonly BoundModule[];
}

/** Puts modules into the order of each step. @throws sdk/40 when a name is given twice; names of absent modules are left out */
export function orderModules(modules: readonly BoundModule[], { beginBlock = [], endBlock = [], genesis = [] }: OrderOptions): ModuleOrder {
  return { beginBlock: inOrder(modules, beginBlock), endBlock: inOrder(modules, endBlock), genesis: inOrder(modules, genesis) };
}

function inOrder(modules: readonly BoundModule[], names: readonly string[]): readonly BoundModule[] {
  if (new Set(names).size < names.length)
    throw sdkError.appConfig(`an order that names every module once expected, got ${names.join(", ")}`);
  const named = names.flatMap((name) => modules.find((module) => module.name === name) ?? []);
  return [...named, ...modules.filter(({ name }) => !names.includes(name))];
}
