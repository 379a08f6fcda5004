import { existsSync } from "node:fs";
import { type ContentReport, ContentStore } from "../../../app/content/contentStore.ts";
import { fetchContent } from "../../../app/content/fetchContent.ts";
import { CliError } from "../../shared/cliError.ts";
import { RefusedQuery } from "../client/nodeClient.ts";
import { DEFAULT_APP_CONFIG, readAppConfig } from "../config/appConfig.ts";
import type { Home } from "../node/home.ts";
import type { Registry } from "./registry.ts";

/** The content store of a home; a wallet's home without a node has one, too. @param note told of damaged and evicted blocks */
export function openHomeContent(home: Home, note: (text: string) => void): Promise<ContentStore> {
  const config = existsSync(home.config.app) ? readAppConfig(home) : DEFAULT_APP_CONFIG;
  const report = ({ kind, name, detail }: ContentReport): void => note(`content block ${kind}: ${name}: ${detail}`);
  return ContentStore.open({ path: home.data.content, maxBytes: config["experience.content-max-bytes"], report });
}

/** Where blocks are looked for. */
export interface BlockSources {
  readonly store: ContentStore;
  /** The chain, for shards that it has not pruned yet. */
  readonly registry?: Registry;
  /** REST addresses of nodes, asked in this order. */
  readonly from: readonly string[];
}

/** A block and where it was found. */
export interface FoundBlock {
  readonly bytes: Uint8Array;
  /** "content store", "chain" or the address. */
  readonly where: string;
}

/**
 * The bytes of an identifier: of the home's store, else of the chain, else of other nodes. What comes from elsewhere is hashed and kept.
 * @param entryId of which it is the shard; 0n when of none
 * @throws CliError when nobody has it
 */
export async function getBlock({ store, registry, from }: BlockSources, cid: string, entryId = 0n): Promise<FoundBlock> {
  const kept = await store.get(cid);
  if (kept !== undefined) return { bytes: kept, where: "content store" };
  const tried: string[] = [`${store.path}: not there`];
  if (registry !== undefined && entryId > 0n) {
    const shard = await shardOnChain(registry, entryId);
    if (shard !== undefined && (await store.put(shard)).cid === cid) return { bytes: shard, where: "chain" };
    tried.push("the chain: pruned, or not revealed");
  }
  for (const address of from) {
    try {
      const bytes = await fetchContent(address, cid);
      await store.put(bytes);
      return { bytes, where: address };
    } catch (thrown) {
      tried.push(detailOf(thrown));
    }
  }
  throw new CliError(`nobody has ${cid}`, { why: tried.join("; "), next: `hanzod experience fetch ${cid} --from http://node:1317` });
}

async function shardOnChain(registry: Registry, entryId: bigint): Promise<Uint8Array | undefined> {
  try {
    return (await registry.shard(entryId)).shard;
  } catch (thrown) {
    if (thrown instanceof RefusedQuery) return undefined;
    throw thrown;
  }
}

/** What an error of the content store says; of any other its message. */
export function detailOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return "detail" in thrown && typeof thrown.detail === "string" ? `${thrown.message}: ${thrown.detail}` : thrown.message;
}
