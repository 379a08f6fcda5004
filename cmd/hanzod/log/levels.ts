/** How much a log says, from everything to nothing. */
const LOG_LEVELS = ["debug", "info", "warn", "error", "none"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The parts of a node that log: supervisor, CometBFT's process, the ABCI socket, the state machine, the store, the servers. */
export const LOG_COMPONENTS = ["node", "comet", "abci", "state", "store", "api"] as const;

/** One of {@link LOG_COMPONENTS}. */
export type LogComponent = (typeof LOG_COMPONENTS)[number];

/** The level of every component. */
export type LogLevels = Readonly<Record<LogComponent, LogLevel>>;

/** What the text of a level may be, for messages. */
export const LEVELS_EXPECTED = `one of ${LOG_LEVELS.join(", ")}, or levels by part, such as "info,store:debug,api:warn", of ${LOG_COMPONENTS.join(", ")}`;

/**
 * Reads `info`, `state:info,store:debug` or `*:warn,state:debug`: a level without a part, or with `*`, is for all parts not named; without one
 * these stay at info.
 *
 * @returns undefined when the text names another level or part, or one twice.
 */
export function parseLogLevels(text: string): LogLevels | undefined {
  const named = new Map<string, LogLevel>();
  for (const entry of text.split(",").map((part) => part.trim())) {
    const [first = "", second] = entry.split(":");
    const [component, level] = second === undefined ? ["*", first] : [first, second];
    if (entry.split(":").length > 2 || !isLevel(level) || named.has(component)) return undefined;
    if (component !== "*" && !LOG_COMPONENTS.some((known) => known === component)) return undefined;
    named.set(component, level);
  }
  const rest = named.get("*") ?? "info";
  const level = (component: LogComponent): LogLevel => named.get(component) ?? rest;
  return {
    node: level("node"),
    comet: level("comet"),
    abci: level("abci"),
    state: level("state"),
    store: level("store"),
    api: level("api"),
  };
}

function isLevel(text: string): text is LogLevel {
  return LOG_LEVELS.some((level) => level === text);
}
