import { readToml, type SettingProblem } from "./appToml.ts";
import { findClosestName } from "./closestName.ts";
import { type AppConfig, FOREIGN_KEYS, SETTING_KEYS, type SettingKey, settingOf, variableOf } from "./settings.ts";

/** Where the value that counts comes from, strongest first. */
export type SettingSource = "flag" | "environment" | "file" | "default";

/** Texts of the flags that were given, by key. */
export type SettingFlags = Readonly<Partial<Record<SettingKey, string>>>;

/** What settings are made of. */
export interface SettingInputs {
  /** The file's path, for messages, and its text. */
  readonly file: { readonly path: string; readonly text: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: SettingFlags;
}

/** The settings that count, where each comes from, and everything that is wrong. `config` holds for use only when nothing is. */
export interface ResolvedSettings {
  readonly config: AppConfig;
  readonly sources: Readonly<Record<SettingKey, SettingSource>>;
  readonly problems: readonly SettingProblem[];
}

/** Puts the settings together: a flag goes before a variable, a variable before the file, the file before the default. */
export function resolveSettings({ file, environment, flags }: SettingInputs): ResolvedSettings {
  const values: Record<string, unknown> = {};
  const sources: Record<string, SettingSource> = {};
  for (const key of SETTING_KEYS) {
    values[key] = settingOf(key).initial;
    sources[key] = "default";
  }
  const problems: SettingProblem[] = [];
  const take = (key: SettingKey, source: SettingSource, where: string, shown: string, value: unknown): void => {
    if (value === undefined) problems.push({ where, what: `${shown}`, why: `${settingOf(key).kind.expected} is expected` });
    else {
      values[key] = value;
      sources[key] = source;
    }
  };
  const entries = readToml(file.path, file.text);
  if ("where" in entries) problems.push(entries);
  else
    for (const { key, line, value } of entries) {
      const where = `${file.path}:${line}`;
      if (isSettingKey(key)) take(key, "file", where, `${key} is ${show(value)}`, settingOf(key).kind.fromToml(value));
      else problems.push(unknownKey(where, key));
    }
  for (const key of SETTING_KEYS) {
    const variable = variableOf(key);
    const text = environment[variable];
    if (text !== undefined) take(key, "environment", variable, `${variable} is ${show(text)}`, settingOf(key).kind.fromText(text));
    const given = flags[key];
    if (given !== undefined) take(key, "flag", `--${key}`, `--${key} is ${show(given)}`, settingOf(key).kind.fromText(given));
  }
  const config = values as unknown as AppConfig;
  problems.push(...contradictions(config));
  return { config, sources: sources as Record<SettingKey, SettingSource>, problems };
}

/** True for the key of a setting. */
export function isSettingKey(key: string): key is SettingKey {
  return SETTING_KEYS.some((known) => known === key);
}

/** What to say about a key that is no setting. */
export function unknownKey(where: string, key: string): SettingProblem {
  const foreign = FOREIGN_KEYS[key] ?? FOREIGN_KEYS[key.split(".")[0] ?? ""];
  if (foreign !== undefined)
    return { where, what: `unknown key ${key}`, why: `the Cosmos SDK's ${key} means nothing here (${foreign}): delete it` };
  const near = findClosestName(key, SETTING_KEYS) ?? SETTING_KEYS.find((known) => known.split(".").at(-1) === key.split(".").at(-1));
  return { where, what: `unknown key ${key}`, why: near === undefined ? "hanzod config view lists the keys" : `did you mean ${near}?` };
}

/** Settings that are right one by one and not together. */
function contradictions(config: AppConfig): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const idle = (key: SettingKey, why: string): void => {
    problems.push({ where: key, what: `${key} is ${settingOf(key).kind.toToml(config[key])} and counts for nothing`, why });
  };
  if (config.pruning !== "custom" && config["pruning-keep-recent"] !== settingOf("pruning-keep-recent").initial)
    idle("pruning-keep-recent", `it is read with pruning = "custom" only, pruning is "${config.pruning}"`);
  if (!config["tx-index.events"] && config["index-events"].length > 0) idle("index-events", "it is read with tx-index.events = true only");
  return problems;
}

function show(value: unknown): string {
  // Whole numbers of a file are bigint, those in a list, too.
  const text =
    typeof value === "bigint" ? value.toString() : JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? `${item}` : item));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
