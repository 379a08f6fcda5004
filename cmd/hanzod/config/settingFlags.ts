import { type Command, Option } from "commander";
import type { SettingFlags } from "./resolveSettings.ts";
import { SETTING_KEYS, type SettingKey, settingOf, variableOf } from "./settings.ts";

/** Spellings of the Cosmos SDK that differ from the key. */
const SDK_FLAGS: Readonly<Partial<Record<SettingKey, string>>> = { "log-level": "log_level", "log-format": "log_format" };

/** Adds a flag `--<key>` for every setting. Truth values may stand alone: `--api.enable` and `--api.enable=false`. */
export function withSettingFlags(command: Command): Command {
  for (const key of SETTING_KEYS) {
    const { kind, summary } = settingOf(key);
    const value = typeof settingOf(key).initial === "boolean" ? "[true|false]" : "<value>";
    command.addOption(new Option(`--${key} ${value}`, `${summary} (${kind.expected}; ${variableOf(key)})`));
    const spelling = SDK_FLAGS[key];
    if (spelling !== undefined) command.addOption(new Option(`--${spelling} ${value}`, summary).hideHelp());
  }
  return command;
}

/** The settings among a command's options. */
export function settingFlagsOf(command: Command): SettingFlags {
  const flags: Partial<Record<SettingKey, string>> = {};
  for (const option of command.options) {
    const name = option.long?.slice(2) ?? "";
    const key = SETTING_KEYS.find((known) => known === name || SDK_FLAGS[known] === name);
    const value: unknown = command.getOptionValue(option.attributeName());
    if (key !== undefined && value !== undefined) flags[key] = String(value);
  }
  return flags;
}
