import { pino, stdTimeFunctions } from "pino";
import type { NodeLog } from "../node/comet.ts";
import { LOG_COMPONENTS, type LogComponent, type LogLevel, type LogLevels } from "./levels.ts";
import { createRedactor } from "./redact.ts";

/** A log whose levels change while it is written. */
export interface NodeLogger {
  readonly log: NodeLog;
  /** From now on. */
  setLevels(levels: LogLevels): void;
}

/** How a log is written. */
export interface LoggerOptions {
  /** `plain`: lines for people; `json`: one object per line with `time`, `level`, `component`, `msg` and the entry's fields. */
  readonly format: "plain" | "json";
  readonly levels: LogLevels;
  /** Texts that must never appear, such as a passphrase. */
  readonly secrets: readonly string[];
  /** Takes one line with its end. */
  write(line: string): void;
}

/** Makes a log. Secrets in texts and fields are replaced before anything is written. */
export function createNodeLogger({ format, levels, secrets, write }: LoggerOptions): NodeLogger {
  const redact = createRedactor(secrets);
  const root = pino(
    { base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) }, level: "trace" },
    { write: (line: string) => write(format === "json" ? line : plainLine(line)) },
  );
  const children = new Map(
    LOG_COMPONENTS.map((component) => [component, root.child({ component }, { level: pinoLevel(levels[component]) })]),
  );
  return {
    log(level, text, component: LogComponent = "node", fields = {}) {
      children.get(component)?.[level](redact.fields(fields), redact.text(text));
    },
    setLevels(changed) {
      for (const [component, child] of children) child.level = pinoLevel(changed[component]);
    },
  };
}

function pinoLevel(level: LogLevel): string {
  return level === "none" ? "silent" : level;
}

/** `14:03:07.123 warn  comet: CometBFT is started again … height=5`. */
function plainLine(line: string): string {
  const { time, level, component, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${String(component)}: ${String(msg)}${facts.join("")}\n`;
}
