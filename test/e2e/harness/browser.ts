// A headless Chromium, driven over the DevTools protocol on a pipe: no port, no library.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CHECKOUT } from "./nodeProcess.ts";

/** One page in a browser of its own. */
export interface BrowserPage {
  /** Opens an address and waits until it is loaded. */
  open(url: string): Promise<void>;
  /** Value of an expression in the page; promises are awaited. @throws Error with the page's exception */
  evaluate<T>(expression: string): Promise<T>;
  /** Text that people see in the first element of a selector. @throws Error when there is none */
  text(selector: string): Promise<string>;
  /** Puts text into a field, as typing does. */
  fill(selector: string, text: string): Promise<void>;
  /** Presses an element, once it can be pressed. */
  click(selector: string): Promise<void>;
  /** Waits until an expression is true. @throws Error with the page's text after `timeoutMs` */
  until(expression: string, timeoutMs?: number): Promise<void>;
  /** Colour scheme that the system seems to have, and width of the window in pixels. */
  show(scheme: "light" | "dark", width: number): Promise<void>;
  /** PNG of the whole page. */
  screenshot(path: string): Promise<void>;
  /** Errors and exceptions that the page wrote to its console. */
  readonly complaints: readonly string[];
  /** What was asked of servers, and what came of it; status 0 where nothing did. */
  readonly answers: readonly PageAnswer[];
  close(): Promise<void>;
}

/** A request of a page. */
export interface PageAnswer {
  readonly url: string;
  readonly status: number;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;

const TIMEOUT_MS = 180_000;

/** Path of a Chromium; installs one where that is possible. @throws Error with what to do otherwise */
export async function chromiumBinary(): Promise<string> {
  const { stdout } = await promisify(execFile)(join(CHECKOUT, "scripts/chromium.sh"));
  return stdout.trim();
}

/** Starts a browser with one empty page. @param hosts names of hosts that it may look up; all when left out */
export async function openBrowser(hosts?: readonly string[]): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), "hz-browser-"));
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const flags = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
  ];
  const rules = hosts?.map((host) => `EXCLUDE ${host}`) ?? [];
  const resolver = hosts === undefined ? [] : [`--host-resolver-rules=${["MAP * ~NOTFOUND", ...rules].join(", ")}`];
  const child = spawn(await chromiumBinary(), [...flags, ...resolver, ...root, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const complaints: string[] = [];
  const answers: PageAnswer[] = [];
  const asked = new Map<string, string>();
  const send = connectPipe(child, ({ method, params }) => {
    if (method === "Runtime.exceptionThrown") complaints.push(JSON.stringify(params?.["exceptionDetails"]));
    const entry = params?.["entry"] as { readonly level?: string; readonly text?: string; readonly url?: string } | undefined;
    if (method === "Log.entryAdded" && entry?.level === "error") complaints.push(`${entry.text} ${entry.url}`);
    const requestId = String(params?.["requestId"]);
    const about = (params?.["response"] ?? params?.["request"]) as { readonly url?: string; readonly status?: number } | undefined;
    if (method === "Network.requestWillBeSent") asked.set(requestId, about?.url ?? "");
    if (method === "Network.responseReceived") answers.push({ url: about?.url ?? "", status: about?.status ?? 0 });
    // What the page itself gave up, when it went elsewhere, is nobody's failure.
    if (method === "Network.loadingFailed" && params?.["canceled"] !== true) answers.push({ url: asked.get(requestId) ?? "", status: 0 });
  });
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const call: Send = (method, params) => send(method, params, String(sessionId));
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);
  return {
    ...pageActions(call),
    complaints,
    answers,
    async close() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      await send("Browser.close").catch(() => child.kill("SIGKILL"));
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Messages end with a zero byte; answers come by number, everything else is an event. */
function connectPipe(child: ChildProcess, onEvent: (event: Answer) => void): Send {
  const [toBrowser, fromBrowser] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  let last = 0;
  let text = "";
  const fail = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  child.once("error", (error) => fail(`the browser cannot be started: ${error.message}`));
  child.once("close", (code) => fail(`the browser ended with ${code}`));
  toBrowser.on("error", () => fail("the browser is gone"));
  fromBrowser.setEncoding("utf8").on("data", (part: string) => {
    const messages = (text + part).split("\0");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      const caller = answer.id === undefined ? undefined : waiting.get(answer.id);
      if (caller === undefined) onEvent(answer);
      else {
        waiting.delete(answer.id ?? 0);
        if (answer.error === undefined) caller.resolve(answer.result ?? {});
        else caller.reject(new Error(answer.error.message));
      }
    }
  });
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
}

function pageActions(call: Send): Omit<BrowserPage, "complaints" | "answers" | "close"> {
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = (await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true })) as {
      readonly result: { readonly value: T };
      readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
    };
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const find = (selector: string): string =>
    `(document.querySelector(${JSON.stringify(selector)}) ?? (() => { throw new Error(${JSON.stringify(`no element ${selector}`)}) })())`;
  const until = async (expression: string, timeoutMs = TIMEOUT_MS): Promise<void> => {
    const deadline = performance.now() + timeoutMs;
    while (!(await evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
      if (performance.now() > deadline)
        throw new Error(
          `${expression} expected within ${timeoutMs} ms; the page says:\n${await evaluate<string>("document.body.innerText")}`,
        );
      await sleep(50);
    }
  };
  return {
    evaluate,
    until,
    async open(url) {
      await call("Page.navigate", { url });
      await until(`location.href === ${JSON.stringify(url)} && document.readyState === "complete"`);
    },
    text: (selector) => evaluate<string>(`${find(selector)}.innerText`),
    async fill(selector, text) {
      const events = `for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }))`;
      await evaluate(`(() => { const field = ${find(selector)}; field.value = ${JSON.stringify(text)}; ${events}; })()`);
    },
    async click(selector) {
      // A form that still works on what was sent before takes no click.
      await until(`${find(selector)}.disabled !== true`);
      await evaluate(`${find(selector)}.click()`);
    },
    async show(scheme, width) {
      await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
      await call("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
    },
    async screenshot(path) {
      const { data } = await call("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
      await writeFile(path, Buffer.from(String(data), "base64"));
    },
  };
}
