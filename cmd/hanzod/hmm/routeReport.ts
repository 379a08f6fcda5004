import type { QuoteBundleResponse, QuotedClass, QuotedLeg, ShadowPrice } from "#proto/hanzo/hmm/v1/route";
import type { Bundle, PoolService } from "#proto/hanzo/hmm/v1/types";
import { formatTable } from "../../shared/output.ts";
import { formatAverage, formatCredit, formatMicroseconds, formatPpm, formatPrice, formatResource, formatRounded } from "./amountFormat.ts";
import { unitsOf } from "./resourceUnits.ts";

/** A route together with what it is for. */
export interface RouteReport {
  readonly bundle: Bundle;
  readonly route: QuoteBundleResponse;
  /** Where the legs' workers are, by pool; a pool may be missing. */
  readonly services: ReadonlyMap<string, PoolService>;
}

const NONE = "-";
const PPM = 1_000_000n;
/** Decimals of a shadow price: credit base units (18) times 10¹⁸. */
const NU_DECIMALS = 36;

/** How a limit is told to people. @param near names of the near regions */
interface LimitWords {
  readonly name: (near: string) => string;
  /** Units of the wire in the step that people think in. */
  readonly step: bigint;
  readonly stepName: (near: string) => string;
  readonly format: (amount: bigint) => string;
}

const LIMITS: Readonly<Record<string, LimitWords>> = {
  mean_latency: { name: () => "mean latency", step: 1000n, stepName: () => "1 ms more mean latency", format: formatMicroseconds },
  mean_jitter: { name: () => "mean jitter", step: 1000n, stepName: () => "1 ms more mean jitter", format: formatMicroseconds },
  remote: {
    name: (near) => `part outside ${near}`,
    step: 10_000n,
    stepName: (near) => `1 % more of the job outside ${near}`,
    format: formatPpm,
  },
};

/** Integer of the wire; empty is zero. */
const int = (text: string): bigint => BigInt(text === "" ? "0" : text);

/** A shadow price in plain words: `1 ms more mean latency would save 0.0123 AI`. @param near near regions of the bundle */
export function formatShadowPrice({ limit, nuE18, reached, bound }: ShadowPrice, near: readonly string[]): string {
  const words = LIMITS[limit];
  if (words === undefined) return `${limit}: limit ${bound}, reached ${reached}, ${nuE18} credit base units times 10^18 per unit`;
  const regions = near.join(", ");
  const state = `${words.name(regions)}: limit ${words.format(int(bound))}, reached ${words.format(int(reached))}`;
  const nu = int(nuE18);
  if (nu === 0n) return `${state}; it costs nothing`;
  return `${state}; ${words.stepName(regions)} would save ${formatRounded(nu * words.step, NU_DECIMALS, 4)} AI`;
}

/** A route for machines: base units, exact prices, everything that a buyer sends. */
export function routeJson({ bundle, route, services }: RouteReport): object {
  return {
    height: route.height,
    cost: int(route.cost),
    extraCost: int(route.extraCost),
    gapPpm: int(route.gapPpm),
    needs: bundle.needs.map(({ resourceClass, resource }) => ({ resourceClass, resource })),
    legs: route.legs.map(({ leg, resourceClass, trade }) => ({
      poolId: leg?.poolId ?? "",
      resourceClass,
      resource: leg?.resource ?? "0",
      credit: trade?.credit ?? "0",
      priceBeforeE18: trade?.priceBeforeE18 ?? "0",
      priceAfterE18: trade?.priceAfterE18 ?? "0",
      impactBps: trade?.impactBps ?? 0n,
      region: services.get(leg?.poolId ?? "")?.region ?? "",
      latencyUs: services.get(leg?.poolId ?? "")?.latencyUs ?? 0n,
    })),
    classes: route.classes.map(({ resourceClass, resource, cost, priceE18 }) => ({
      resourceClass,
      resource,
      cost: int(cost),
      priceE18: int(priceE18),
    })),
    shadowPrices: route.shadowPrices.map(({ limit, nuE18, reached, bound }) => ({
      limit,
      nuE18: int(nuE18),
      reached: int(reached),
      bound: int(bound),
    })),
    certificate: route.certificate ?? null,
  };
}

/** A route for people. @param next what to do with it */
export function formatRoute({ bundle, route, services }: RouteReport, next: string): string {
  const near = bundle.sla?.nearRegions ?? [];
  const gap = int(route.gapPpm);
  // Below a millionth of the cost it is dust of whole base units.
  const extra = int(route.extraCost) * PPM < int(route.cost) ? 0n : int(route.extraCost);
  const lines = [
    formatTable(
      ["POOL", "CLASS", "AMOUNT", "COST", "AVERAGE", "IMPACT", "REGION", "LATENCY"],
      route.legs.map((leg) => legRow(leg, services)),
    ),
    "",
    formatTable(["CLASS", "AMOUNT", "COST", "PRICE OF ONE MORE"], route.classes.map(classRow)),
    "",
    ...route.shadowPrices.map((shadow) => `limit     ${formatShadowPrice(shadow, near)}`),
    `total     ${formatCredit(int(route.cost))}, all fees included, for ${route.legs.length} ${route.legs.length === 1 ? "leg" : "legs"} at height ${route.height}`,
    ...(extra > 0n ? [`legs      keeping to the number of legs costs ${formatCredit(extra)} more`] : []),
    `proof     no route costs less by more than ${gap} ppm (certified, the chain can check it)`,
    `  next: ${next}`,
  ];
  return lines.join("\n");
}

function legRow({ leg, resourceClass, trade }: QuotedLeg, services: RouteReport["services"]): readonly string[] {
  const units = unitsOf(resourceClass);
  const [resource, credit] = [int(leg?.resource ?? ""), int(trade?.credit ?? "")];
  const service = services.get(leg?.poolId ?? "");
  return [
    leg?.poolId ?? NONE,
    resourceClass,
    formatResource(units, resource),
    formatCredit(credit),
    resource === 0n ? NONE : `${formatAverage(units, credit, resource)} AI/${units.unit}`,
    `${trade?.impactBps ?? 0n} bps`,
    service?.region || NONE,
    service === undefined ? NONE : formatMicroseconds(service.latencyUs),
  ];
}

/** Classes that are placed together have one price, which stands with the first of them. */
function classRow({ resourceClass, resource, cost, priceE18 }: QuotedClass): readonly string[] {
  const units = unitsOf(resourceClass);
  const price = int(priceE18) === 0n ? "with the class it is placed with" : `${formatPrice(units, int(priceE18))} AI/${units.unit}`;
  return [resourceClass, formatResource(units, int(resource)), formatCredit(int(cost)), price];
}
