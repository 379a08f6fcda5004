import type { Round } from "#proto/hanzo/experience/v1/types";
import type { Ctx } from "#sdk";
import { getDomain, type Registry } from "../registry.ts";

/** Frees the domain of a round, so that its next entry begins another one. */
export function releaseDomain(registry: Registry, ctx: Ctx, { schema, domain: name, id }: Round): void {
  const domain = getDomain(registry, ctx, schema, name);
  if (domain.openRound === id) registry.state.domains.set(ctx, [schema, name], { ...domain, openRound: 0n });
}
