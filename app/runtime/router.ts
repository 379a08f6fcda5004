import { type BoundMethod, type BoundModule, sdkError } from "#sdk";

/** Where requests go: messages by type URL, queries by path. */
export interface Router {
  /** @returns undefined for a type that no module handles. */
  findMessage(typeUrl: string): BoundMethod | undefined;
  findQuery(path: string): BoundMethod | undefined;
}

/**
 * Tables of all handlers of all modules.
 * @throws sdk/40 when two modules claim a message or query.
 */
export function createRouter(modules: readonly BoundModule[]): Router {
  const messages = new Map<string, BoundMethod>();
  const queries = new Map<string, BoundMethod>();
  const add = (table: Map<string, BoundMethod>, method: BoundMethod): void => {
    const other = table.get(method.path);
    if (other !== undefined) throw sdkError.appConfig(`${method.path} is handled by both ${other.module} and ${method.module}`);
    table.set(method.path, method);
  };
  for (const module of modules) {
    for (const method of module.msgs) add(messages, method);
    for (const method of module.queries) add(queries, method);
  }
  return { findMessage: (typeUrl) => messages.get(typeUrl), findQuery: (path) => queries.get(path) };
}
