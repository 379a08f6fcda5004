// How long a quote takes: the pure function, the query of the state machine, and a request to a node's REST API.
import { Agent, request } from "node:http";
import { QueryQuoteBuyRequest } from "#proto/hanzo/hmm/v1/query";
import { CHAIN } from "../../app/hanzo.ts";
import { quoteBuyExactIn } from "../../modules/hmm/curve/quote.ts";
import { defaultHmmGenesis } from "../../modules/hmm/index.ts";
import { poolFromProto } from "../../modules/hmm/records.ts";
import { createChainHome } from "../e2e/harness/chainHome.ts";
import { spawnNode } from "../e2e/harness/nodeProcess.ts";
import { waitForHeight } from "../e2e/harness/rpc.ts";
import { moduleAccount } from "../harness/accounts.ts";
import { createTestChain } from "../harness/testChain.ts";
import { type Latencies, millisecondsSince, summarize, timeCalls } from "./latencies.ts";

const AI = 10n ** 18n;
const IN_FLIGHT = 8;

/** How many calls of each kind. */
export interface QuoteOptions {
  readonly pure: number;
  readonly query: number;
  readonly rest: number;
}

export interface QuoteFigures {
  /** `quoteBuyExactIn` alone. */
  readonly pure: Latencies;
  /** `App.query`, protobuf to protobuf. */
  readonly query: Latencies;
  /** One request after another on one connection. */
  readonly rest: Latencies;
  /** Eight at a time on as many connections. */
  readonly restInFlight: Latencies & { readonly requestsPerSecond: number };
}

/** Offers from 0.01 to 40 credits: from a small order to a large one of the gpu pool. */
const offerOf = (index: number): bigint => (AI * (1n + ((BigInt(index) * 7919n) % 4000n))) / 100n;

/** Times quotes in all three ways. */
export async function measureQuotes(options: QuoteOptions): Promise<QuoteFigures> {
  const { genesis } = defaultHmmGenesis({ account: moduleAccount("hmm", CHAIN.bech32Prefix), nativeDenom: CHAIN.baseDenom });
  const stored = genesis.pools.find(({ id }) => id === "gpu");
  if (stored === undefined) throw new Error("a gpu pool expected");
  const pool = poolFromProto(stored);
  const pure = await timeCalls(options.pure, options.pure / 4, (index) => quoteBuyExactIn(pool, offerOf(index)));
  return { pure, query: await timeQueries(options.query), ...(await timeRest(options.rest)) };
}

async function timeQueries(count: number): Promise<Latencies> {
  const chain = await createTestChain({ market: true });
  await chain.deliver();
  return timeCalls(count, Math.floor(count / 4), async (index) => {
    const data = QueryQuoteBuyRequest.encode({ poolId: "gpu", creditIn: offerOf(index).toString() }).finish();
    const { code, log } = await chain.query("/hanzo.hmm.v1.Query/QuoteBuy", data);
    if (code !== 0) throw new Error(log);
  });
}

async function timeRest(count: number): Promise<Pick<QuoteFigures, "rest" | "restInFlight">> {
  const chain = await createChainHome(1000);
  const node = spawnNode(chain);
  try {
    await node.ready();
    await waitForHeight(chain.rpc, 2);
    const rest = await timeRequests(chain.rest, count, 1);
    const restInFlight = await timeRequests(chain.rest, count, IN_FLIGHT);
    return { rest: rest.latencies, restInFlight: { ...restInFlight.latencies, requestsPerSecond: restInFlight.requestsPerSecond } };
  } finally {
    await node.end("SIGINT");
    await chain.remove();
  }
}

/** Times requests on as many kept connections as there are in flight. A quarter more are sent first and not counted. */
async function timeRequests(
  base: string,
  count: number,
  inFlight: number,
): Promise<{ readonly latencies: Latencies; readonly requestsPerSecond: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const run = async (total: number): Promise<readonly number[]> => {
    const times: number[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < total) {
        const started = process.hrtime.bigint();
        await get(agent, `${base}/hanzo/hmm/v1/pools/gpu/quote_buy?credit_in=${offerOf(next++)}`);
        times.push(millisecondsSince(started));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return times;
  };
  try {
    await run(Math.ceil(count / 4));
    const started = process.hrtime.bigint();
    const times = await run(count);
    return { latencies: summarize(times), requestsPerSecond: Math.round((count * 1000) / millisecondsSince(started)) };
  } finally {
    agent.destroy();
  }
}

/** A request, answered to its last byte. */
function get(agent: Agent, url: string): Promise<void> {
  return new Promise((done, fail) => {
    request(url, { agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => (response.statusCode === 200 ? done() : fail(new Error(`${url}: ${response.statusCode} ${text}`))));
    })
      .once("error", fail)
      .end();
  });
}
