// What a node says of itself, against what CometBFT says of the same blocks.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ChainHome, createChainHome } from "./harness/chainHome.ts";
import { type InProcessNode, startInProcess } from "./harness/inProcessNode.ts";
import { waitForHeight } from "./harness/rpc.ts";

interface Status {
  readonly height: string;
  readonly timestamp: string;
  readonly app_hash: string;
  readonly validator_hash: string;
}
interface Block {
  readonly block: {
    readonly header: { readonly height: string; readonly time: string; readonly app_hash: string; readonly next_validators_hash: string };
    readonly evidence: { readonly evidence: readonly unknown[] };
  };
}

describe("a node on a chain of CometBFT", () => {
  let chain: ChainHome;
  let running: InProcessNode | undefined;

  before(async () => {
    chain = await createChainHome(200);
    running = await startInProcess(chain);
    await waitForHeight(chain.rpc, 4);
  });
  after(async () => {
    await running?.node.stop();
    await chain?.remove();
  });
  const ask = async <T>(path: string, height = ""): Promise<T> => {
    const answer = await fetch(`${chain.rest}${path}`, { headers: height === "" ? {} : { "x-cosmos-block-height": height } });
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as T;
  };
  const expectHeader = async (status: Status): Promise<void> => {
    const { block } = await ask<Block>(`/cosmos/base/tendermint/v1beta1/blocks/${status.height}`);
    const { height, time, app_hash, next_validators_hash } = block.header;
    assert.deepEqual(
      [status.height, Date.parse(status.timestamp), status.app_hash, status.validator_hash],
      [height, Date.parse(time), app_hash, next_validators_hash],
    );
    assert.deepEqual(block.evidence.evidence, []);
  };

  it("has the hashes of the headers, of the first block and the last one", async () => {
    for (const height of ["1", "2", "3", ""]) await expectHeader(await ask<Status>("/cosmos/base/node/v1beta1/status", height));
  });

  it("has them after a restart, too", async () => {
    await running?.node.stop();
    running = await startInProcess(chain);
    await expectHeader(await ask<Status>("/cosmos/base/node/v1beta1/status"));
  });
});
