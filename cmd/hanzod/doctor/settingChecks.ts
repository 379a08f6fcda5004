import { CliError } from "../../shared/cliError.ts";
import { resolveAppConfig } from "../config/appConfig.ts";
import { findClosestName } from "../config/closestName.ts";
import type { Listener } from "../config/settingKind.ts";
import { type AppConfig, SETTING_KEYS, variableOf } from "../config/settings.ts";
import type { Home } from "../node/home.ts";
import { type DoctorCheck, type DoctorContext, error, type Finding, warning } from "./finding.ts";

/** Variables of this program that are no settings. */
const OTHER_VARIABLES = ["HANZOD_PASSPHRASE"];

/** The settings of app.toml and of variables. */
export const checkAppSettings: DoctorCheck = async (context) => {
  const { home, machine } = context;
  try {
    const { config, problems } = resolveAppConfig(home, { environment: machine.environment });
    const wrong = problems.map(({ where, what, why }) =>
      error("app.invalid", `${where}: ${what}`, why, "mend it, then: hanzod config validate"),
    );
    return [...wrong, ...variables(machine.environment), ...(wrong.length > 0 ? [] : judge(home, config, context))];
  } catch (thrown) {
    if (!(thrown instanceof CliError)) throw thrown;
    return [error("app.invalid", thrown.message, thrown.why, thrown.next)];
  }
};

function variables(environment: Readonly<Record<string, string | undefined>>): Finding[] {
  const known = [...SETTING_KEYS.map(variableOf), ...OTHER_VARIABLES];
  return Object.keys(environment)
    .filter((name) => name.startsWith("HANZOD_") && !known.includes(name))
    .map((name) => {
      const near = findClosestName(name, known);
      return warning(
        "app.variable",
        `${name} is no setting and is ignored`,
        near === undefined ? "no setting has a name like it" : `did you mean ${near}?`,
        `unset ${name}`,
      );
    });
}

function judge(home: Home, config: AppConfig, { comet }: DoctorContext): Finding[] {
  const found: Finding[] = [];
  const set = (key: string, value: string): string => `hanzod config set ${key} ${value} --home ${home.root}`;
  if (config["minimum-gas-prices"] === "")
    found.push(
      warning(
        "app.free",
        "minimum-gas-prices is empty",
        "the mempool takes transactions that pay nothing: filling it costs nothing",
        set("minimum-gas-prices", "25000000aai"),
      ),
    );
  if (config.pruning === "nothing")
    found.push(
      warning(
        "app.archive",
        "every version of the state stays in memory",
        "pruning is nothing: memory grows by some 6 KiB with every block, more with transactions, and a start replays the whole chain",
        set("pruning", "default"),
      ),
    );
  const api = config["api.address"];
  if (config["api.enable"] && isPublic(api)) {
    if (config["api.enabled-unsafe-cors"])
      found.push(
        warning(
          "app.cors",
          "any web page may call the public REST API",
          "api.enabled-unsafe-cors is for local chains",
          set("api.enabled-unsafe-cors", "false"),
        ),
      );
    if (config["telemetry.enabled"] && config["telemetry.address"] === "none")
      found.push(
        warning(
          "app.metrics",
          "metrics are public with the REST API",
          `api.address is ${api.host} and telemetry.address is empty`,
          set("telemetry.address", "tcp://127.0.0.1:26661"),
        ),
      );
  }
  if (config["health.max-block-age"] > 0 && comet?.get("consensus.create_empty_blocks") === false)
    found.push(
      warning(
        "app.block-age",
        "an idle chain is never ready",
        "consensus.create_empty_blocks is false, so the last block may be old; health.max-block-age refuses that",
        set("health.max-block-age", "0"),
      ),
    );
  return found;
}

/** True when others than this machine can connect. */
export function isPublic({ host }: Pick<Listener, "host">): boolean {
  return !/^(127\.|localhost$|::1$)/.test(host);
}
