// A node keeps what its blocks reveal: shards, holdout sets and aggregates, by their content identifier. It looks at committed blocks from outside:
// nothing of this is part of the state machine, and nothing that goes wrong here stops a block.
import { setTimeout as sleep } from "node:timers/promises";
import { QueryDefinition as ExperienceQuery } from "#proto/hanzo/experience/v1/query";
import { EntryStatus } from "#proto/hanzo/experience/v1/types";
import { type Event, ExecTxResult, type RequestFinalizeBlock, type ResponseFinalizeBlock } from "#proto/tendermint/abci/types";
import { askMethod, type Method } from "../../../app/client/askMethod.ts";
import type { ContentStore } from "../../../app/content/contentStore.ts";
import { encodeUtf8 } from "../../../app/encoding/bytes.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { encodeBlockAnswer } from "../../../app/runtime/blockAnswer.ts";
import { unquote } from "../hmm/sendAndWait.ts";
import { bindApplication } from "./bindApplication.ts";
import { onExecuted } from "./onExecuted.ts";

/** A block that is in state and not kept yet. */
export type Wanted =
  | { readonly kind: "shard" | "holdout"; readonly id: bigint; readonly height: bigint }
  | { readonly kind: "prior"; readonly schema: string; readonly domain: string; readonly height: bigint };

/** What an application that keeps content is made with. */
export interface ContentKeeping {
  readonly store: Promise<Pick<ContentStore, "put">>;
  /** Told of a block that could not be kept. */
  readonly failed: (what: string) => void;
}

/** Between the first commit, which may be of a block that is replayed, and the look at what the state has; in milliseconds. A query starts a thread. */
const AFTER_MS = 1_500;

/** In the bytes of every transaction that reveals something, also inside of another message: MsgReveal and MsgRevealHoldout. */
const REVEALS = Buffer.from(encodeUtf8("/hanzo.experience.v1.MsgReveal"));
const PACKAGE = "hanzo.experience.v1.";

/** The application, and when all that was wanted so far is kept. */
export interface KeepingApplication {
  readonly app: Application;
  /** Resolves when nothing waits; what would wait for a better time begins. */
  settled(): Promise<void>;
}

/**
 * An application whose committed blocks leave their content in a store, in order and beside the blocks.
 * @param afterMs between the first commit and the look at what the state has had before
 */
export function keepingContent(app: Application, { store, failed }: ContentKeeping, afterMs = AFTER_MS): KeepingApplication {
  const inner = bindApplication(app);
  let finished: Wanted[] = [];
  let begun = false;
  const hurry = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>): void => {
    last = last.then(work).catch((error: unknown) => failed(error instanceof Error ? error.message : String(error)));
  };
  const keep = async (wanted: Wanted): Promise<void> => {
    const bytes = await readWanted(inner, wanted);
    if (bytes.length > 0) await (await store).put(bytes);
  };
  const wrapped: Application = {
    ...inner,
    finalizeBlock(request) {
      finished = [];
      return onExecuted(inner, request, (answer) => {
        finished = wantedOf(request, answer);
      });
    },
    async commit() {
      const answer = await inner.commit();
      const wanted = finished;
      finished = [];
      // What was revealed while this node was not there: before it stopped, or before the snapshot that it began with.
      if (!begun)
        enqueue(async () => {
          await sleep(afterMs, undefined, { signal: hurry.signal, ref: false }).catch(() => {});
          await keepAll(inner, keep);
        });
      begun = true;
      for (const one of wanted) enqueue(() => keep(one));
      return answer;
    },
  };
  return {
    app: wrapped,
    settled() {
      hurry.abort();
      return last;
    },
  };
}

/** What a block's events say that its state has. */
function wantedOf({ txs, height }: RequestFinalizeBlock, answer: ResponseFinalizeBlock): Wanted[] {
  const wanted = answer.events.flatMap((event) => wantedOfEvent(event, height));
  const { results, facts } = encodeBlockAnswer(answer);
  txs.forEach((tx, at) => {
    // Most transactions reveal nothing: their results stay bytes.
    if (facts[at]?.code !== 0 || !Buffer.from(tx.buffer, tx.byteOffset, tx.length).includes(REVEALS)) return;
    const result = results[at];
    if (result !== undefined) wanted.push(...ExecTxResult.decode(result).events.flatMap((event) => wantedOfEvent(event, height)));
  });
  return wanted;
}

function wantedOfEvent({ type, attributes }: Event, height: bigint): Wanted[] {
  if (!type.startsWith(PACKAGE)) return [];
  const values = new Map(attributes.map(({ key, value }) => [key, unquote(value)]));
  switch (type.slice(PACKAGE.length)) {
    case "EventRevealed":
      return [{ kind: "shard", id: BigInt(values.get("entry_id") ?? "0"), height }];
    case "EventHoldout":
      return values.get("status") === "revealed" ? [{ kind: "holdout", id: BigInt(values.get("holdout_id") ?? "0"), height }] : [];
    case "EventAggregated":
      return values.get("active") === "true"
        ? [{ kind: "prior", schema: values.get("schema") ?? "", domain: values.get("domain") ?? "", height }]
        : [];
    default:
      return [];
  }
}

async function readWanted(app: Pick<Application, "query">, wanted: Wanted): Promise<Uint8Array> {
  const { methods } = ExperienceQuery;
  switch (wanted.kind) {
    case "shard":
      return (await ask(app, methods.shard, { entryId: wanted.id }, wanted.height)).shard;
    case "holdout":
      return (await ask(app, methods.holdoutData, { holdoutId: wanted.id }, wanted.height)).data;
    case "prior": {
      const { schema, domain, height } = wanted;
      return (await ask(app, methods.prior, { schema, domain }, height)).prior?.shard ?? new Uint8Array(0);
    }
  }
}

/** Keeps every shard and prior that is in state now. */
async function keepAll(app: Pick<Application, "query">, keep: (wanted: Wanted) => Promise<void>): Promise<void> {
  const { methods } = ExperienceQuery;
  const status = EntryStatus.ENTRY_STATUS_REVEALED;
  for (let key = new Uint8Array(0) as Uint8Array; ; ) {
    const page = await ask(
      app,
      methods.entries,
      { status, pagination: { key, offset: 0n, limit: 100n, countTotal: false, reverse: false } },
      0n,
    );
    // A round may end and its shards go while this reads: then they are gone.
    for (const { id } of page.entries) await keep({ kind: "shard", id, height: 0n }).catch(() => {});
    key = page.pagination?.nextKey ?? new Uint8Array(0);
    if (key.length === 0) break;
  }
  const { domains } = await ask(app, methods.domains, {}, 0n);
  for (const { schema, name: domain, activeRound } of domains)
    if (activeRound !== 0n) await keep({ kind: "prior", schema, domain, height: 0n });
}

/** Asks the node's own state. @throws Error with the node's refusal */
function ask<Request, Response>(
  app: Pick<Application, "query">,
  method: Method<Request, Response>,
  request: Partial<Request>,
  height: bigint,
): Promise<Response> {
  const queryAbci = async (path: string, data: Uint8Array): Promise<{ readonly value: Uint8Array; readonly height: number }> => {
    const { code, log, value } = await app.query({ path, data, height, prove: false });
    if (code !== 0) throw new Error(`${path} at height ${height}: ${log}`);
    return { value, height: Number(height) };
  };
  return askMethod({ queryAbci }, ExperienceQuery.fullName, method, request);
}
