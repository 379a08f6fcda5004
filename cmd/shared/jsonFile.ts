import { CliError, reasonOf } from "./cliError.ts";
import { readSmallFile } from "./smallFile.ts";

/** The JSON object in a file. @throws CliError when it is none */
export function readJsonFile(path: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(readSmallFile(path));
  } catch (cause) {
    throw new CliError(`cannot read ${path}`, { why: reasonOf(cause), cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new CliError(`${path} cannot be used`, { why: "a JSON object is expected" });
  return json as Readonly<Record<string, unknown>>;
}
