import { connect, type HanzoClient } from "../../app/client/index.ts";
import type { PageKey } from "./testKeys.ts";

/** Where the node listens. */
export interface Endpoints {
  /** CometBFT's RPC: transactions, balances, blocks. */
  readonly rpc: string;
  /** REST API: the market. */
  readonly rest: string;
}

/** A pool as the REST API shows it. */
export interface PoolPrice {
  readonly id: string;
  readonly denom: string;
  readonly priceE18: string;
}

/** A key with its connection. */
export interface Session {
  readonly key: PageKey;
  readonly client: HanzoClient;
  readonly chainId: string;
  readonly endpoints: Endpoints;
}

const PORTS = { rpc: 26_657, rest: 1317 } as const;

/**
 * Where to connect: what the page's address says (`?rpc=…&rest=…`), else what the node that served it says of itself, else the usual ports on
 * this machine.
 */
export async function findEndpoints(): Promise<Endpoints> {
  const asked = new URLSearchParams(location.search);
  const rest = asked.get("rest") ?? (location.protocol.startsWith("http") ? location.origin : `http://127.0.0.1:${PORTS.rest}`);
  const rpc = asked.get("rpc") ?? (await servedRpc()) ?? `http://127.0.0.1:${PORTS.rpc}`;
  return { rpc, rest };
}

/** Connects a key. @throws Error when the node does not answer */
export async function openSession(key: PageKey, endpoints: Endpoints): Promise<Session> {
  const client = await connect({ rpc: endpoints.rpc, signer: key.wallet });
  return { key, client, chainId: await client.signing.getChainId(), endpoints };
}

/** All pools with their prices. @throws Error when the REST API does not answer as it should */
export async function askPools({ rest }: Endpoints): Promise<readonly PoolPrice[]> {
  const response = await fetch(`${rest}/hanzo/hmm/v1/pools`);
  if (!response.ok) throw new Error(`The REST API at ${rest} answered with status ${response.status}.`);
  const { pools } = (await response.json()) as { readonly pools: readonly RestPool[] };
  return pools.map(({ pool: { id, denom }, price_e18: priceE18 }) => ({ id, denom, priceE18 }));
}

interface RestPool {
  readonly pool: { readonly id: string; readonly denom: string };
  readonly price_e18: string;
}

async function servedRpc(): Promise<string | undefined> {
  try {
    const response = await fetch("endpoints.json");
    if (!response.ok) return undefined;
    const { rpc } = (await response.json()) as { readonly rpc?: unknown };
    return typeof rpc === "string" ? rpc : undefined;
  } catch {
    return undefined;
  }
}
