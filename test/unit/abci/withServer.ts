import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Response } from "#proto/tendermint/abci/types";
import { type AbciFailure, type AbciServer, type AbciServerOptions, startAbciServer } from "../../../app/abci/server.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { connectClient, type TestClient } from "./client.ts";
import { fakeApplication } from "./fakeApplication.ts";

interface Setup {
  readonly server: AbciServer;
  readonly client: TestClient;
  readonly failures: AbciFailure[];
  readonly log: string[];
}

/** Runs a test against a server on a fresh unix socket with one connection. */
export async function withServer(
  app: Partial<Application>,
  body: (setup: Setup) => Promise<void>,
  more: Partial<AbciServerOptions> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "abci-"));
  const failures: AbciFailure[] = [];
  const log: string[] = [];
  const server = await startAbciServer({
    app: fakeApplication(app),
    address: `unix://${join(folder, `server.sock`)}`,
    onFatal: (failure) => failures.push(failure),
    log: (level, text) => log.push(`${level} ${text}`),
    ...more,
  });
  const client = await connectClient(server.address);
  try {
    await body({ server, client, failures, log });
  } finally {
    client.end();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which answer each is. */
export const kinds = (answers: readonly Response[]): readonly string[] =>
  answers.map((answer) => Object.entries(answer).find(([, value]) => value !== undefined)?.[0] ?? "none");
