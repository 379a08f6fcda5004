import { CliError } from "../../shared/cliError.ts";

/**
 * The time at which a grant ends, as proto JSON has it: from seconds since 1970, as the SDK's authz takes it, or from RFC 3339, as its feegrant does.
 * @throws CliError for anything else
 */
export function expirationText(text: string): string {
  if (/^\d{1,11}$/.test(text)) return new Date(Number(text) * 1000).toISOString();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)))
    return text.endsWith("Z") ? text : new Date(text).toISOString();
  throw new CliError(`"${text}" is no time`, { why: "seconds since 1970 or a time such as 2030-01-31T12:00:00Z is expected" });
}
