import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_QUERY_GAS_LIMIT } from "../../../app/hanzo.ts";
import type { ServiceMethod } from "../../../app/runtime/query/service.ts";
import { SETTINGS } from "../../../cmd/hanzod/config/settings.ts";
import { QueryAccountRequest, QueryParamsRequest, QueryParamsResponse } from "../../../proto/gen/cosmos/auth/v1beta1/query.ts";
import type { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { createTestChain, type TestChain, type TestChainOptions } from "../../harness/testChain.ts";

const ACCOUNT = "/cosmos.auth.v1beta1.Query/Account";
const unknownAccount = QueryAccountRequest.encode({ address: "hanzo1mdq40sddklfrzgujqz8r4rwtv3m3tsnc2xcdt5" }).finish();

async function chainOf(blocks: number, options: TestChainOptions = {}): Promise<TestChain> {
  const chain = await createTestChain(options);
  for (let i = 0; i < blocks; i++) await chain.deliver();
  return chain;
}

describe("a failed query names the height of the state that it read", () => {
  for (const [asked, told] of [
    [0n, 3n],
    [1n, 1n],
    [2n, 2n],
    [3n, 3n],
  ] as const)
    it(`${told} when asked at ${asked}`, async () => {
      const chain = await chainOf(3);
      const { code, height } = await chain.query(ACCOUNT, unknownAccount, { height: asked });
      assert.deepEqual([code !== 0, height], [true, told]);
    });

  it("the last one where no state was read: a height that is not there, a path that nobody serves", async () => {
    const chain = await chainOf(3);
    assert.equal((await chain.query(ACCOUNT, unknownAccount, { height: 9n })).height, 3n);
    assert.equal((await chain.query("/nothing", unknownAccount, { height: 1n })).height, 3n);
  });
});

describe("the gas of a query", () => {
  const GREEDY = "/hanzo.test.Service/Greedy";
  /** A query that uses so much gas. */
  const ask = async (gas: bigint, app: TestChainOptions["app"]): Promise<ResponseQuery> => {
    const greedy: ServiceMethod = {
      path: GREEDY,
      request: QueryParamsRequest as unknown as ServiceMethod["request"],
      response: QueryParamsResponse as unknown as ServiceMethod["response"],
      handle(_, { ctx }) {
        ctx.gas(gas, "greed");
        return {};
      },
    };
    const chain = await chainOf(1, { app: { ...app, services: () => [greedy] } });
    return chain.query(GREEDY);
  };
  const DEFAULT = 300_000_000n;

  it("is limited to 300 million unless the node says otherwise", async () => {
    assert.equal(BigInt(DEFAULT_QUERY_GAS_LIMIT), DEFAULT);
    assert.equal(BigInt(SETTINGS["query-gas-limit"].initial), DEFAULT);
    assert.equal((await ask(DEFAULT, {})).code, 0);
    assert.match(
      (await ask(DEFAULT + 1n, {})).log,
      /^rpc error: code = ResourceExhausted desc = a query may use 300000000 gas on this node/,
    );
  });

  it("is limited to what the node says, or not at all", async () => {
    assert.match((await ask(8n, { queryGasLimit: 7n })).log, /a query may use 7 gas on this node, this one asked for 8/);
    assert.equal((await ask(DEFAULT * 1000n, { queryGasLimit: 0n })).code, 0);
  });
});
