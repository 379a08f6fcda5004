// A node keeps what its blocks reveal, and no trouble with that reaches the chain.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EntryStatus } from "#proto/hanzo/experience/v1/types";
import { contentIdOf } from "../../../app/content/contentId.ts";
import type { Application } from "../../../app/runtime/application.ts";
import { keepingContent } from "../../../cmd/hanzod/app/keepContent.ts";
import {
  QueryDomainsResponse,
  QueryEntriesRequest,
  QueryEntriesResponse,
  QueryHoldoutDataResponse,
  QueryPriorResponse,
  QueryShardRequest,
  QueryShardResponse,
} from "../../../proto/gen/hanzo/experience/v1/query.ts";
import {
  RequestFinalizeBlock,
  type RequestQuery,
  ResponseCommit,
  ResponseFinalizeBlock,
  ResponseQuery,
} from "../../../proto/gen/tendermint/abci/types.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (type: string, attributes: Readonly<Record<string, string>>) => ({
  type: `hanzo.experience.v1.${type}`,
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: JSON.stringify(value), index: false })),
});
const REVEAL = utf8("…/hanzo.experience.v1.MsgReveal…");
const SHARD = (id: bigint): Uint8Array => utf8(`shard ${id}`);

/** An application whose blocks and state are given. @param answers of blocks, in turn */
function fakeApp(
  answers: readonly (ResponseFinalizeBlock | Promise<ResponseFinalizeBlock>)[],
  asked: string[],
  inState: readonly bigint[] = [],
  lastBlockHeight = 0n,
): Application {
  let at = 0;
  const answer = (request: RequestQuery): Uint8Array => {
    const method = request.path.split("/").at(-1);
    asked.push(`${method}@${request.height}`);
    switch (method) {
      case "Shard":
        return QueryShardResponse.encode({ shard: SHARD(QueryShardRequest.decode(request.data).entryId) }).finish();
      case "HoldoutData":
        return QueryHoldoutDataResponse.encode({ data: utf8("holdout") }).finish();
      case "Prior":
        return QueryPriorResponse.encode(QueryPriorResponse.fromPartial({ prior: { shard: utf8("prior") } })).finish();
      case "Domains":
        return QueryDomainsResponse.encode(
          QueryDomainsResponse.fromPartial({ domains: [{ schema: "v1", name: "d", activeRound: 0n }] }),
        ).finish();
      case "Entries": {
        const { status, pagination } = QueryEntriesRequest.decode(request.data);
        assert.equal(status, EntryStatus.ENTRY_STATUS_REVEALED);
        const from = pagination?.key.length === 0 ? 0 : Number(pagination?.key[0]);
        const entries = inState.slice(from, from + 1).map((id) => ({ id }));
        const nextKey = from + 1 < inState.length ? Uint8Array.of(from + 1) : new Uint8Array(0);
        return QueryEntriesResponse.encode(QueryEntriesResponse.fromPartial({ entries, pagination: { nextKey } })).finish();
      }
      default:
        throw new Error(`unexpected ${request.path}`);
    }
  };
  return {
    info: () => ({ lastBlockHeight }),
    finalizeBlock: () => answers[at++],
    commit: async () => ResponseCommit.fromPartial({}),
    query: async (request: RequestQuery) => ResponseQuery.fromPartial({ value: answer(request), height: 1n }),
  } as unknown as Application;
}

function fakeStore(): { readonly kept: string[]; put(bytes: Uint8Array): Promise<{ cid: string; isNew: boolean }> } {
  const kept: string[] = [];
  return {
    kept,
    async put(bytes) {
      kept.push(Buffer.from(bytes).toString());
      return { cid: contentIdOf(bytes), isNew: true };
    },
  };
}

const block = (height: bigint, txs: readonly Uint8Array[]): RequestFinalizeBlock =>
  RequestFinalizeBlock.fromPartial({ height, txs: [...txs] });

describe("keeping content", () => {
  it("keeps shards, holdout sets and active priors of a block at its height, once it is committed", async () => {
    const asked: string[] = [];
    const store = fakeStore();
    const answer = ResponseFinalizeBlock.fromPartial({
      events: [
        event("EventAggregated", { schema: "v1", domain: "d", active: "true" }),
        event("EventAggregated", { schema: "v1", domain: "e", active: "false" }),
      ],
      txResults: [
        { code: 0, events: [event("EventRevealed", { entry_id: "7" }), event("EventVoteRevealed", { round_id: "1" })] },
        { code: 5, events: [event("EventRevealed", { entry_id: "8" })] },
        { code: 0, events: [event("EventRevealed", { entry_id: "9" })] },
        {
          code: 0,
          events: [
            event("EventHoldout", { holdout_id: "3", status: "revealed" }),
            event("EventHoldout", { holdout_id: "4", status: "drawn" }),
          ],
        },
      ],
    });
    const { app, settled } = keepingContent(fakeApp([answer], asked), { store: Promise.resolve(store), failed: assert.fail });
    app.finalizeBlock(
      block(12n, [REVEAL, REVEAL, utf8("a transfer that names no reveal"), utf8("in a grant: /hanzo.experience.v1.MsgRevealHoldout")]),
    );
    await settled();
    assert.deepEqual(store.kept, [], "nothing before the commit");
    await app.commit();
    await settled();
    assert.deepEqual(store.kept.sort(), ["holdout", "prior", "shard 7"]);
    assert.deepEqual(asked.filter((one) => !/^(Entries|Domains)/.test(one)).sort(), ["HoldoutData@12", "Prior@12", "Shard@12"]);
  });

  it("begins with what the state has already, page by page, and does so once", async () => {
    const store = fakeStore();
    const empty = ResponseFinalizeBlock.fromPartial({});
    const asked: string[] = [];
    const { app, settled } = keepingContent(fakeApp([empty, empty], asked, [1n, 4n, 6n]), {
      store: Promise.resolve(store),
      failed: assert.fail,
    });
    for (const height of [5n, 6n]) {
      app.finalizeBlock(block(height, []));
      await app.commit();
    }
    await settled();
    assert.deepEqual(store.kept, ["shard 1", "shard 4", "shard 6"]);
    assert.equal(asked.filter((one) => one.startsWith("Domains")).length, 1);
  });

  it("leaves the first commit of a start its quiet, and does not make a stop wait for the end of it", async () => {
    const asked: string[] = [];
    const parts = { store: Promise.resolve(fakeStore()), failed: assert.fail };
    const { app, settled } = keepingContent(fakeApp([ResponseFinalizeBlock.fromPartial({})], asked, [1n]), parts, 600_000);
    app.finalizeBlock(block(5n, []));
    await app.commit();
    await new Promise((wake) => setTimeout(wake, 20));
    assert.equal(asked.length, 0);
    await settled();
    assert.equal(asked.filter((one) => one.startsWith("Domains")).length, 1);
  });

  it("tells what it could not keep, and goes on", async () => {
    const told: string[] = [];
    const answers = [1n, 2n].map((id) =>
      ResponseFinalizeBlock.fromPartial({ txResults: [{ code: 0, events: [event("EventRevealed", { entry_id: String(id) })] }] }),
    );
    let puts = 0;
    const store = {
      async put(bytes: Uint8Array) {
        if (++puts === 1) throw new Error("ENOSPC: no space left on device");
        return { cid: contentIdOf(bytes), isNew: true };
      },
    };
    const { app, settled } = keepingContent(fakeApp(answers, []), { store: Promise.resolve(store), failed: (what) => told.push(what) });
    for (const height of [1n, 2n]) {
      app.finalizeBlock(block(height, [REVEAL]));
      await app.commit();
    }
    await settled();
    assert.deepEqual([told, puts], [["ENOSPC: no space left on device"], 2]);
  });

  it("leaves blocks that are answered from the log alone", async () => {
    const store = fakeStore();
    const answer = ResponseFinalizeBlock.fromPartial({ txResults: [{ code: 0, events: [event("EventRevealed", { entry_id: "1" })] }] });
    const { app, settled } = keepingContent(fakeApp([answer, Promise.resolve(answer)], [], [], 5n), {
      store: Promise.resolve(store),
      failed: assert.fail,
    });
    await app.finalizeBlock(block(5n, [REVEAL]));
    await app.commit();
    await settled();
    assert.deepEqual(store.kept, []);
    await app.finalizeBlock(block(6n, [REVEAL]));
    await app.commit();
    await settled();
    assert.equal(store.kept.length, 1, "one that is executed with pauses is kept");
  });
});
