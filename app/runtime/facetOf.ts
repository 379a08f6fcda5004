import { type BoundModule, type Facets, type Module, sdkError } from "#sdk";

/**
 * A facet of a bound module with the type its declaration gives it: how the app connects modules to the runtime's ports.
 * @throws sdk/40 when the module is not bound or offers no such facet.
 */
export function facetOf<N extends string, A extends Facets, K extends keyof A & string>(
  bound: readonly BoundModule[],
  module: Module<N, A>,
  facet: K,
): A[K] {
  const offered = bound.find(({ name }) => name === module.name)?.api[facet];
  if (offered === undefined) throw sdkError.appConfig(`module ${module.name} with facet ${facet} expected in the module list`);
  return offered as A[K];
}
