import { keyLines } from "./appToml.ts";
import { type AppConfig, SETTING_KEYS, type SettingKey, settingOf, variableOf } from "./settings.ts";

const HEADING = [
  "# Settings of hanzod; those of CometBFT are in config.toml. An unknown key is an error, a missing one has its default.",
  "# A flag --<key> goes before a variable HANZOD_<KEY>, a variable before this file. Check a change with: hanzod config validate",
  "",
];

/** The file of these settings, with a comment to each. */
export function formatAppToml(config: AppConfig): string {
  const lines = [...HEADING];
  let section = "";
  for (const key of SETTING_KEYS) {
    const [group, name] = splitKey(key);
    if (group !== section) lines.push(`[${group}]`, "");
    section = group;
    lines.push(...comment(key), `${name} = ${settingOf(key).kind.toToml(config[key])}`, "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/**
 * The file's text with one key set; everything else stays as it is. A key that is missing is added to its section.
 * @param value of the setting's kind
 */
export function setInAppToml(text: string, key: SettingKey, value: unknown): string {
  const lines = text.split("\n");
  const found = keyLines(text);
  const [section, name] = splitKey(key);
  const assignment = `${name} = ${settingOf(key).kind.toToml(value)}`;
  const line = found.get(key);
  if (line !== undefined) {
    // A remark behind the value stays. Values that hold a "#" are always quoted.
    const remark = /^[^"'#]*(?:"[^"]*"|'[^']*')?[^"'#]*(\s#.*)$/.exec(lines[line - 1] ?? "")?.[1] ?? "";
    lines[line - 1] = `${/^\s*/.exec(lines[line - 1] ?? "")?.[0] ?? ""}${assignment}${remark}`;
    return lines.join("\n");
  }
  const added = [...comment(key), assignment, ""];
  const header = section === "" ? undefined : found.get(`${section}.`);
  if (section === "") {
    const first = lines.findIndex((candidate) => /^\s*\[/.test(candidate));
    lines.splice(first < 0 ? lines.length : first, 0, ...added);
  } else if (header === undefined) lines.push(`[${section}]`, "", ...added);
  else lines.splice(header, 0, ...added);
  return lines.join("\n");
}

/** Heading and rows of the table of settings, for docs/operators/home.md. */
export function settingRows(): readonly (readonly string[])[] {
  return SETTING_KEYS.map((key) => {
    const { kind, initial, summary } = settingOf(key);
    return [`\`${key}\``, `\`${kind.toToml(initial)}\``, summary];
  });
}

function comment(key: SettingKey): string[] {
  const { kind, summary, live } = settingOf(key);
  const how = live ? "applied to a running node by hanzod config reload" : "applied at the next start";
  return [`# ${summary}.`, `# ${kind.expected}; ${variableOf(key)}; ${how}`];
}

function splitKey(key: SettingKey): readonly [section: string, name: string] {
  const dot = key.indexOf(".");
  return dot < 0 ? ["", key] : [key.slice(0, dot), key.slice(dot + 1)];
}
