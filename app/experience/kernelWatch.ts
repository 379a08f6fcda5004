// Starts the thread that computes aggregates and tells when it ended. The consensus thread sleeps while it waits for a result, and to a sleeping
// thread Node says nothing: without this one the node would stand still until its patience is over.

import { Worker, workerData } from "node:worker_threads";
import { tellReport, type WatchedThread } from "./kernelMessages.ts";

const { port, watch, signal, options } = workerData as WatchedThread;

const worker = new Worker(new URL("./kernelWorker.js", import.meta.url), { workerData: { port, signal, options }, transferList: [port] });
let why = "";
worker.on("error", (cause: unknown) => {
  why = `: ${cause instanceof Error ? cause.message : String(cause)}`;
});
worker.on("exit", (code) => {
  const text = `the thread that computes aggregates ended with code ${code}${why}; start the node again: the round is computed anew`;
  tellReport(watch, signal, { kind: "failed", key: "", text });
});
