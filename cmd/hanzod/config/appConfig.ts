import { writeFileSync } from "node:fs";
import { CliError, reasonOf } from "../../shared/cliError.ts";
import { readSmallFile } from "../../shared/smallFile.ts";
import type { Home } from "../node/home.ts";
import { EXIT } from "../node/nodeError.ts";
import type { SettingProblem } from "./appToml.ts";
import { formatAppToml } from "./formatAppToml.ts";
import { type ResolvedSettings, resolveSettings, type SettingFlags } from "./resolveSettings.ts";
import { type AppConfig, SETTING_KEYS, settingOf } from "./settings.ts";

/** What a new home starts with. */
export const DEFAULT_APP_CONFIG = Object.fromEntries(SETTING_KEYS.map((key) => [key, settingOf(key).initial])) as unknown as AppConfig;

/** What goes before the file: flags that were given, and variables. */
export interface SettingOverrides {
  readonly flags?: SettingFlags;
  /** Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Writes the settings of a home, with a comment to each. */
export function writeAppConfig(home: Home, config: AppConfig): void {
  writeFileSync(home.config.app, formatAppToml(config), { mode: 0o644 });
}

/**
 * The settings that count for a home: flag, else variable, else `config/app.toml`, else default.
 * @throws CliError with every mistake: its file and line, variable or flag, and what was expected
 */
export function readAppConfig(home: Home, overrides: SettingOverrides = {}): AppConfig {
  const { config, problems } = resolveAppConfig(home, overrides);
  requireNoProblems(problems);
  return config;
}

/** The same with the source of each value and the mistakes. @throws CliError when the file cannot be opened */
export function resolveAppConfig(home: Home, overrides: SettingOverrides = {}): ResolvedSettings {
  const path = home.config.app;
  return resolveSettings({
    file: { path, text: readAppToml(path) },
    environment: overrides.environment ?? process.env,
    flags: overrides.flags ?? {},
  });
}

/** The text of app.toml. @throws CliError when it cannot be opened */
export function readAppToml(path: string): string {
  try {
    return readSmallFile(path);
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, { why: reasonOf(cause), next: "hanzod init makes a home", exitCode: EXIT.config, cause });
  }
}

/** @throws CliError that lists the problems, if there are any */
export function requireNoProblems(problems: readonly SettingProblem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  throw new CliError(problemText(first), {
    why: [first.why, ...others.map((problem) => `${problemText(problem)}: ${problem.why}`)].join("\n        "),
    next: "mend it, then: hanzod config validate",
    exitCode: EXIT.config,
  });
}

function problemText({ where, what }: SettingProblem): string {
  return what.startsWith(where) ? what : `${where}: ${what}`;
}
