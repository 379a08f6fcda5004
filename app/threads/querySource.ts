import type { App } from "../runtime/app.ts";
import { blockRow } from "../runtime/txIndex.ts";
import type { CommitStore } from "../store/commitStore.ts";
import type { StoredQuestion, StoredRow } from "./queryMessages.ts";

/** The chain as its own thread has it: what query threads are kept up to date from. */
export interface QuerySource {
  readonly app: Pick<App, "height" | "timeNs" | "check">;
  readonly store: Pick<CommitStore, "openFeed" | "row" | "response" | "rows">;
}

/** The row with the time of the last block, which most queries need. */
export function lastBlockRows({ app }: QuerySource): readonly StoredRow[] {
  return app.height === 0n ? [] : [blockRow(app.height, app.timeNs)];
}

/** Reads what a query thread asks for. */
export async function readStored({ store }: QuerySource, question: StoredQuestion): Promise<readonly StoredRow[]> {
  if (question.what === "rows") {
    const page: StoredRow[] = [];
    for await (const row of store.rows(question.range)) {
      page.push(row);
      if (page.length === question.limit) break;
    }
    return page;
  }
  const found = question.what === "row" ? await store.row(question.key) : await store.response(question.version);
  return found === undefined ? [] : [[new Uint8Array(0), found]];
}
