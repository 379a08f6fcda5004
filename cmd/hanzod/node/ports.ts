import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { EXIT, NodeError } from "./nodeError.ts";

/** A port that a part of the node is going to listen on. */
export interface PortNeed {
  /** For people: "CometBFT RPC". */
  readonly name: string;
  readonly host: string;
  /** 1…65535. */
  readonly port: number;
  /** How to choose another one: "--base-port" or a key of a file. */
  readonly option: string;
}

/** A TCP port that is free now. Somebody else may take it before it is used. */
export async function findFreePort(host = "127.0.0.1"): Promise<number> {
  const [port] = await findFreePorts(1, host);
  if (port === undefined) throw new NodeError("HZN-PORT", `no free port on ${host}`, "close some programs and start again", EXIT.busy);
  return port;
}

/** Below the ports that systems give to outgoing connections (Linux: 32768 and above): one of those could take a port before it is used. */
const LISTENING_PORTS = { first: 10_000, last: 32_767 };
const MOST_TRIES = 50;

/** Finds `count` different free ports; all are held until the last is found, so none comes twice. */
export async function findFreePorts(count: number, host = "127.0.0.1"): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => bindAny(host)));
  const ports: number[] = [];
  for (const server of servers) {
    if (server === undefined) throw new NodeError("HZN-PORT", `no free port on ${host}`, "close some programs and start again", EXIT.busy);
    ports.push(server.port);
    await server.close();
  }
  return ports;
}

/** Listens on a port drawn by lot, so that programs that look at the same time find different ones; on one of the system's choice if all are taken. */
async function bindAny(host: string): ReturnType<typeof bind> {
  const { first, last } = LISTENING_PORTS;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const server = await bind(host, first + Math.floor(Math.random() * (last - first + 1)));
    if (server !== undefined) return server;
  }
  return bind(host, 0);
}

/** True when a TCP listener can be opened there now. */
export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  const server = await bind(host, port);
  if (server === undefined) return false;
  await server.close();
  return true;
}

/**
 * Checks every port before anything is started, so that a clash is one clear error and not a child that dies.
 *
 * @throws NodeError HZN-PORT naming the port, its purpose, and where it can be known the process that holds it.
 */
export async function requirePorts(needs: readonly PortNeed[]): Promise<void> {
  for (const { name, host, port, option } of needs) {
    if (await isPortFree(port, host)) continue;
    const owner = await findPortOwner(port);
    const by = owner === undefined ? "another process" : `${owner.command} (process ${owner.pid})`;
    throw new NodeError(
      "HZN-PORT",
      `port ${port} for ${name} on ${host} is in use by ${by}`,
      `stop that process, or choose another port with ${option}`,
      EXIT.busy,
    );
  }
}

/** Finds which process listens on a TCP port. Linux only, and only what this user may see; undefined otherwise. */
export async function findPortOwner(port: number): Promise<{ readonly pid: number; readonly command: string } | undefined> {
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const local = fields[1]?.split(":")[1];
      // State 0A is LISTEN; field 9 the socket's inode.
      if (local !== undefined && Number.parseInt(local, 16) === port && fields[3] === "0A" && fields[9] !== undefined)
        inodes.add(fields[9]);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const entry of await readdir("/proc").catch((): string[] => [])) {
    if (!/^[0-9]+$/.test(entry)) continue;
    for (const descriptor of await readdir(`/proc/${entry}/fd`).catch((): string[] => [])) {
      const target = await readlink(`/proc/${entry}/fd/${descriptor}`).catch(() => "");
      const inode = /^socket:\[([0-9]+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const command = (await readFile(`/proc/${entry}/comm`, "utf8").catch(() => "a process")).trim();
      return { pid: Number(entry), command };
    }
  }
  return undefined;
}

async function bind(host: string, port: number): Promise<{ readonly port: number; close(): Promise<void> } | undefined> {
  const server = createServer();
  const bound = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => resolve(true));
  });
  const address = server.address();
  if (!bound || address === null || typeof address === "string") return undefined;
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
