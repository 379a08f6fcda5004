import type { RecordedState } from "./recording.ts";

/**
 * `app_state` of a recorded chain for the modules that are here.
 * @param modules names of the modules that are here
 */
export function importableState(state: RecordedState, modules: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(state).filter(([name, value]) => modules.has(name) && value !== null));
}
