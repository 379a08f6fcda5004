// Stateless checks of bundles.
import type { MsgAllowRouter, MsgRouteBundle } from "#proto/hanzo/hmm/v1/tx";
import { parseAmount, parsePositive } from "../amounts.ts";
import { hmmError } from "../errors.ts";
import { parseLegs } from "./checkRoute.ts";
import { parseBundle } from "./parseBundle.ts";

/** Most legs that any parameters allow. */
const MOST_LEGS = 256;

/** Checks by method name. */
export const bundleChecks = {
  routeBundle(req: MsgRouteBundle, env: { readonly address: { parse(text: string): Uint8Array } }): void {
    if (req.owner !== "") env.address.parse(req.owner);
    if (req.bundle === undefined) throw hmmError.invalidBundle("bundle: expected a bundle, got none");
    parseBundle(req.bundle);
    parseLegs(req.legs, MOST_LEGS);
    parsePositive(req.maxCost, "max_cost");
  },
  allowRouter(req: MsgAllowRouter, env: { readonly address: { parse(text: string): Uint8Array } }): void {
    env.address.parse(req.router);
    parseAmount(req.credit, "credit");
  },
} as const;
