/** A day in the proleptic Gregorian calendar. */
export interface CivilDay {
  readonly year: bigint;
  readonly month: bigint;
  readonly day: bigint;
}

/** 400 years have this many days, and the calendar repeats. */
const ERA_DAYS = 146_097n;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_SHIFT = 719_468n;

function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((b - 1n - a) / b);
}

/** The day that lies `days` after 1970-01-01. Exact for every number. */
export function civilFromDays(days: bigint): CivilDay {
  const shifted = days + EPOCH_SHIFT;
  const era = floorDiv(shifted, ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  // Years begin in March here, so that the leap day comes last.
  const marchMonth = (5n * dayOfYear + 2n) / 153n;
  const month = marchMonth < 10n ? marchMonth + 3n : marchMonth - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return { year, month, day: dayOfYear - (153n * marchMonth + 2n) / 5n + 1n };
}

/** Days from 1970-01-01 to a day; the inverse of {@link civilFromDays} for days that exist. */
export function daysFromCivil({ year, month, day }: CivilDay): bigint {
  const marchYear = month <= 2n ? year - 1n : year;
  const era = floorDiv(marchYear, 400n);
  const yearOfEra = marchYear - era * 400n;
  const dayOfYear = (153n * (month > 2n ? month - 3n : month + 9n) + 2n) / 5n + day - 1n;
  return era * ERA_DAYS + yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear - EPOCH_SHIFT;
}

/** Splits a number of seconds since 1970 into whole days and the seconds of the day. */
export function splitSeconds(seconds: bigint): { readonly days: bigint; readonly secondOfDay: bigint } {
  const days = floorDiv(seconds, 86_400n);
  return { days, secondOfDay: seconds - days * 86_400n };
}
