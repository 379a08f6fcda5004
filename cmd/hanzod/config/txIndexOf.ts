import type { TxIndexOptions } from "../../../app/runtime/txIndex.ts";
import type { AppConfig } from "./settings.ts";

/** What the settings say about the index of transactions. */
export function txIndexOf(config: AppConfig): TxIndexOptions {
  return {
    events: config["tx-index.events"],
    names: new Set(config["index-events"]),
    keepRecent: BigInt(config["tx-index.keep-recent"]),
  };
}
