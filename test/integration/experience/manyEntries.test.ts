import assert from "node:assert/strict";
import { after, test } from "node:test";
import { descriptors } from "../../../app/descriptorImage.ts";
import { toProtoJson } from "../../../app/encoding/protoJson.ts";
import { createNodeKernels } from "../../../app/experience/kernelThread.ts";
import { CHAIN } from "../../../app/hanzo.ts";
import { createAddressCodec, moduleAddress } from "../../../app/sdk/index.ts";
import { GenesisState } from "../../../proto/gen/hanzo/experience/v1/genesis.ts";
import {
  QueryChildrenRequest,
  QueryChildrenResponse,
  QueryEntriesRequest,
  QueryEntriesResponse,
  QueryParentsRequest,
  QueryParentsResponse,
} from "../../../proto/gen/hanzo/experience/v1/query.ts";
import { EntryStatus } from "../../../proto/gen/hanzo/experience/v1/types.ts";
import { pastRegistry } from "../../harness/pastRegistry.ts";
import { createTestChain } from "../../harness/testChain.ts";

const kernels = createNodeKernels({ prefer: ["reference"] });
after(() => kernels.close());
const codec = createAddressCodec(CHAIN.bech32Prefix);
const accountOf = (name: string): string => codec.format(moduleAddress(`user/${name}`));

test("ten thousand entries are found by submitter, round, domain, status and lineage, page by page", async () => {
  const genesis = pastRegistry(10_000, accountOf);
  const experience = toProtoJson(descriptors(), GenesisState.$type, GenesisState.encode(genesis).finish());
  const chain = await createTestChain({ appState: { experience }, app: { kernels } });
  await chain.deliver();
  const page = async (request: Parameters<typeof QueryEntriesRequest.fromPartial>[0]): Promise<QueryEntriesResponse> => {
    const data = QueryEntriesRequest.encode(QueryEntriesRequest.fromPartial(request)).finish();
    const { code, log, value } = await chain.query("/hanzo.experience.v1.Query/Entries", data);
    assert.equal(code, 0, log);
    return QueryEntriesResponse.decode(value);
  };
  const found: bigint[] = [];
  for (let key = new Uint8Array(0); ; ) {
    const { entries, pagination } = await page({
      submitter: accountOf("s3"),
      pagination: { key, offset: 0n, limit: 300n, countTotal: false, reverse: false },
    });
    found.push(...entries.map(({ id }) => id));
    if (pagination === undefined || pagination.nextKey.length === 0) break;
    key = new Uint8Array(pagination.nextKey);
  }
  assert.deepEqual(
    found,
    genesis.entries.filter(({ submitter }) => submitter === accountOf("s3")).map(({ id }) => id),
  );
  const rules = { key: new Uint8Array(0), offset: 0n, limit: 5n, countTotal: true, reverse: false };
  assert.equal((await page({ roundId: 7n, pagination: rules })).pagination?.total, 100n);
  assert.equal((await page({ schema: "small", status: EntryStatus.ENTRY_STATUS_SLASHED })).entries.length, 0);
  assert.equal((await page({ schema: "small", domain: "default", pagination: { ...rules, offset: 9_998n } })).entries.length, 2);
  const children = await chain.query(
    "/hanzo.experience.v1.Query/Children",
    QueryChildrenRequest.encode({ entryId: 5n, pagination: undefined }).finish(),
  );
  assert.deepEqual(
    QueryChildrenResponse.decode(children.value).children.map(({ id }) => id),
    [6n],
  );
  const parents = await chain.query("/hanzo.experience.v1.Query/Parents", QueryParentsRequest.encode({ entryId: 5n }).finish());
  assert.deepEqual(
    QueryParentsResponse.decode(parents.value).parents.map(({ id }) => id),
    [4n],
  );
});
