import { readFile, rename, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { CliError } from "../../shared/cliError.ts";
import { formatTable } from "../../shared/output.ts";
import { readAppToml, requireNoProblems, resolveAppConfig } from "../config/appConfig.ts";
import { setInAppToml } from "../config/formatAppToml.ts";
import { isSettingKey, resolveSettings, unknownKey } from "../config/resolveSettings.ts";
import { SETTING_KEYS, type SettingKey, settingOf } from "../config/settings.ts";
import type { Home } from "../node/home.ts";
import { EXIT } from "../node/nodeError.ts";
import { findRunning } from "../node/processIdentity.ts";
import { type CommonOptions, homeOf, outputOf, withCommonOptions } from "./options.ts";

/** `hanzod config`: the node's own settings. */
export function configCommand(): Command {
  return new Command("config")
    .description("show, change and check the node's settings (config/app.toml)")
    .addCommand(viewCommand())
    .addCommand(getCommand())
    .addCommand(setCommand())
    .addCommand(validateCommand())
    .addCommand(reloadCommand());
}

function viewCommand(): Command {
  return withCommonOptions(new Command("view"))
    .description("every setting: the value that counts and where it comes from")
    .action((options: CommonOptions) => {
      const { config, sources, problems } = resolveAppConfig(homeOf(options));
      requireNoProblems(problems);
      const rows = SETTING_KEYS.map((key) => ({ key, value: shown(key, config[key]), source: sources[key] }));
      const table = formatTable(
        ["KEY", "VALUE", "FROM"],
        rows.map(({ key, value, source }) => [key, JSON.stringify(value), source]),
      );
      outputOf(options).result(rows, table);
    });
}

function getCommand(): Command {
  return withCommonOptions(new Command("get"))
    .description("the value of one setting that counts")
    .argument("<key>", "such as api.address; hanzod config view lists them")
    .action((name: string, options: CommonOptions) => {
      const key = requireKey(name);
      const { config, sources, problems } = resolveAppConfig(homeOf(options));
      requireNoProblems(problems);
      const value = shown(key, config[key]);
      outputOf(options).result({ key, value, source: sources[key] }, String(value));
    });
}

function setCommand(): Command {
  return withCommonOptions(new Command("set"))
    .description("change one setting in config/app.toml; comments and everything else stay")
    .argument("<key>", "such as api.address; hanzod config view lists them")
    .argument("<value>", "as text: true, 128, tcp://127.0.0.1:1317")
    .action(async (name: string, text: string, options: CommonOptions) => {
      const key = requireKey(name);
      const path = homeOf(options).config.app;
      const { kind, live } = settingOf(key);
      const value = kind.fromText(text);
      if (value === undefined)
        throw new CliError(`${key} cannot be ${JSON.stringify(text)}`, { why: `${kind.expected} is expected`, exitCode: EXIT.config });
      const changed = setInAppToml(readAppToml(path), key, value);
      // Nothing is written that a start would refuse. What variables say is no part of the file.
      const { problems } = resolveSettings({ file: { path, text: changed }, environment: {}, flags: {} });
      requireNoProblems(problems);
      const draft = `${path}.${process.pid}.tmp`;
      await writeFile(draft, changed, { mode: 0o644 });
      await rename(draft, path);
      const next = live ? "hanzod config reload, if the node runs" : "start the node again, if it runs";
      outputOf(options).result({ key, value: shown(key, value), next }, `${key} = ${kind.toToml(value)}\n  next: ${next}`);
    });
}

function validateCommand(): Command {
  return withCommonOptions(new Command("validate"))
    .description("check config/app.toml and HANZOD_… variables; every mistake is named, exit 78 when there is one")
    .action((options: CommonOptions) => {
      const home = homeOf(options);
      requireNoProblems(resolveAppConfig(home).problems);
      outputOf(options).result({ path: home.config.app, valid: true }, `${home.config.app} is valid`);
    });
}

function reloadCommand(): Command {
  return withCommonOptions(new Command("reload"))
    .description("let the running node read config/app.toml again (the same as SIGHUP): applies log-level")
    .action(async (options: CommonOptions) => {
      const home = homeOf(options);
      requireNoProblems(resolveAppConfig(home).problems);
      const pid = await signalNode(home);
      outputOf(options).result({ pid }, `process ${pid} reads ${home.config.app} again`);
    });
}

/** @throws CliError when the node of the home does not run */
async function signalNode(home: Home): Promise<number> {
  const found = await findRunning(await readFile(home.run.lock, "utf8").catch(() => ""));
  if (found === undefined)
    throw new CliError(`the node of ${home.root} does not run`, {
      why: `${home.run.lock} names no running process`,
      next: `hanzod start --home ${home.root}`,
    });
  process.kill(found.pid, "SIGHUP");
  return found.pid;
}

function requireKey(name: string): SettingKey {
  if (isSettingKey(name)) return name;
  const { what, why } = unknownKey("", name);
  throw new CliError(what, { why, next: "hanzod config view", exitCode: EXIT.config });
}

/** A value as JSON and people see it: as it stands in the file, without quotes. */
function shown(key: SettingKey, value: unknown): unknown {
  return JSON.parse(settingOf(key).kind.toToml(value));
}
