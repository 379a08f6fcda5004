import type { BlobSource } from "../../../app/api/blobs.ts";
import { ApiError, STATUS } from "../../../app/api/grpcStatus.ts";
import { ContentError } from "../../../app/content/contentError.ts";
import { type ContentReport, ContentStore } from "../../../app/content/contentStore.ts";
import { CONTENT_PATH } from "../../../app/content/fetchContent.ts";
import type { AppConfig } from "../config/settings.ts";
import type { NodeLog } from "../node/comet.ts";
import type { Home } from "../node/home.ts";

/** The content store of a running node. */
export interface NodeContent {
  /** The store, once its folder was read. */
  readonly store: Promise<ContentStore>;
  /** Told of a block that could not be kept. */
  failed(what: string): void;
  /** What the REST API serves of it. */
  readonly blobs: BlobSource;
  /** Sizes for metrics; zeros until the folder was read. */
  facts(): { readonly blocks: number; readonly bytes: number; readonly damaged: number };
}

/** Opens the content store of a home beside the node's start; undefined when its settings want none. */
export function openNodeContent(home: Home, config: AppConfig, log: NodeLog): NodeContent | undefined {
  if (!config["experience.content-enable"]) return undefined;
  let damaged = 0;
  let opened: ContentStore | undefined;
  const report = ({ kind, name, detail }: ContentReport): void => {
    if (kind === "damaged") damaged++;
    log(kind === "evicted" ? "debug" : "warn", `content block ${kind}: ${name}: ${detail}`, "store");
  };
  const store = ContentStore.open({ path: home.data.content, maxBytes: config["experience.content-max-bytes"], report });
  store.then(
    (whole) => {
      opened = whole;
    },
    (error: unknown) => log("warn", `${home.data.content} cannot be read, no content is kept: ${String(error)}`, "store"),
  );
  return {
    store,
    failed: (what) => log("warn", `content is not kept: ${what}`, "store"),
    blobs: contentBlobs(store),
    facts: () => ({ blocks: opened?.blocks ?? 0, bytes: opened?.bytes ?? 0, damaged }),
  };
}

/** Blocks under the path of the API; damaged ones are not there. */
export function contentBlobs(store: Promise<Pick<ContentStore, "get">>): BlobSource {
  return {
    prefix: CONTENT_PATH,
    async find(name) {
      const whole = await store.catch(() => undefined);
      try {
        return await whole?.get(name);
      } catch (thrown) {
        if (!(thrown instanceof ContentError)) throw thrown;
        throw new ApiError(STATUS.InvalidArgument, `${thrown.message}: ${thrown.detail}`);
      }
    },
  };
}
