import assert from "node:assert/strict";
import { ModuleError } from "#sdk";

/** Asserts that a call is refused with a codespace and code, and a text. @returns the error's text */
export function refused(run: () => unknown, error: `${string}/${number}`, text?: RegExp): void {
  assert.throws(run, (cause) => {
    assert.ok(cause instanceof ModuleError, String(cause));
    assert.equal(`${cause.codespace}/${cause.code}`, error, cause.message);
    if (text !== undefined) assert.match(cause.message, text);
    return true;
  });
}
