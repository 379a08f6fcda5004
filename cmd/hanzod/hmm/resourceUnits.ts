/** How people write amounts of a resource class. */
export interface ResourceUnits {
  readonly resourceClass: string;
  /** Short name of the unit that amounts are shown in: `GPU-h`. */
  readonly unit: string;
  /** Its name in prices: `GPU-hour`. */
  readonly unitName: string;
  /** Resource base units in one of it. */
  readonly perUnit: bigint;
  /** What an amount looks like, for error texts: `GPU-hours such as 1h`. */
  readonly expected: string;
  /** Resource base units of a unit as the fraction num/den; undefined for a unit that does not fit the class. */
  readonly findUnit: (unit: string) => Fraction | undefined;
}

/** An exact positive fraction. */
export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/** Base units per GPU-second, GiB-second, GiB and GiB-hour. */
const NANO = 10n ** 9n;
const HOUR = 3600n;

const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, min: 60n, m: 60n, h: HOUR, d: 24n * HOUR };
const GIB: Readonly<Record<string, Fraction>> = {
  KiB: { num: 1n, den: 2n ** 20n },
  MiB: { num: 1n, den: 2n ** 10n },
  GiB: { num: 1n, den: 1n },
  TiB: { num: 2n ** 10n, den: 1n },
  PiB: { num: 2n ** 20n, den: 1n },
};

/** `h`, `GPU-h`: time on one GPU. */
function gpuTime(unit: string): Fraction | undefined {
  const seconds = SECONDS[unit.replace(/^GPU-/, "")];
  return seconds === undefined ? undefined : { num: seconds * NANO, den: 1n };
}

/** `GiB`: data moved. */
function size(unit: string): Fraction | undefined {
  const gib = GIB[unit];
  return gib === undefined ? undefined : { num: gib.num * NANO, den: gib.den };
}

/** `GiB-h`: memory or storage held for a time. @param secondsPerBase seconds in the time of the base unit */
function sizeTime(secondsPerBase: bigint): (unit: string) => Fraction | undefined {
  return (unit) => {
    const [sizeUnit = "", timeUnit = "", more] = unit.split("-");
    const [gib, seconds] = [GIB[sizeUnit], SECONDS[timeUnit]];
    if (gib === undefined || seconds === undefined || more !== undefined) return undefined;
    return { num: gib.num * seconds * NANO, den: gib.den * secondsPerBase };
  };
}

const gibHours = (resourceClass: string, secondsPerBase: bigint): ResourceUnits => ({
  resourceClass,
  unit: "GiB-h",
  unitName: "GiB-hour",
  perUnit: (HOUR / secondsPerBase) * NANO,
  expected: "GiB-hours such as 40GiB-h",
  findUnit: sizeTime(secondsPerBase),
});

/** The classes of a new chain, in the order of their names. Base units: 10⁻⁹ of a GiB-hour, GPU-second, GiB, GiB-second and GiB-second. */
const KNOWN: readonly ResourceUnits[] = [
  gibHours("disk", HOUR),
  {
    resourceClass: "gpu",
    unit: "GPU-h",
    unitName: "GPU-hour",
    perUnit: HOUR * NANO,
    expected: "GPU-hours such as 1h, 30m or 90s",
    findUnit: gpuTime,
  },
  { resourceClass: "net", unit: "GiB", unitName: "GiB", perUnit: NANO, expected: "data such as 10GiB or 1.5TiB", findUnit: size },
  gibHours("ram", 1n),
  gibHours("vram", 1n),
];

/** Units of a class. Of a class that this program does not know, amounts are base units. */
export function unitsOf(resourceClass: string): ResourceUnits {
  const known = KNOWN.find((units) => units.resourceClass === resourceClass);
  return (
    known ?? {
      resourceClass,
      unit: "base units",
      unitName: "base unit",
      perUnit: 1n,
      expected: "whole base units such as 1000base",
      findUnit: (unit) => (unit === "base" ? { num: 1n, den: 1n } : undefined),
    }
  );
}
