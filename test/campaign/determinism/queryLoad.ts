// Queries while blocks execute: of every store, of the index and of the mempool's state, as fast as they are answered.
import { setImmediate as turn } from "node:timers/promises";
import { QueryAllBalancesRequest } from "../../../proto/gen/cosmos/bank/v1beta1/query.ts";
import { GetTxsEventRequest, SimulateRequest } from "../../../proto/gen/cosmos/tx/v1beta1/service.ts";
import { QueryInvariantsRequest, QueryPoolsRequest, QueryPositionsRequest } from "../../../proto/gen/hanzo/hmm/v1/query.ts";
import type { TestChain } from "../../harness/testChain.ts";

/** Asks on and on until it is stopped. */
export class QueryLoad {
  readonly #chain: TestChain;
  readonly #asking: Promise<void>[];
  #stopped = false;
  #answered = 0;
  #waiting: (() => void)[] = [];
  /** A transaction to simulate. */
  #tx: Uint8Array = new Uint8Array(0);

  /** @param queries under way at a time */
  constructor(chain: TestChain, queries: number) {
    this.#chain = chain;
    this.#asking = Array.from({ length: queries }, (_, first) => this.#ask(first));
  }

  /** Simulates this transaction from now on. */
  simulate(tx: Uint8Array | undefined): void {
    this.#tx = tx ?? this.#tx;
  }

  /** Waits for an answer, so that blocks do not outrun threads that are still starting. */
  async progress(): Promise<void> {
    await Promise.race([new Promise<void>((answered) => this.#waiting.push(answered)), Promise.all(this.#asking)]);
  }

  /** Waits until what is under way is answered. @returns how many answers came @throws Error for an answer that no client may get */
  async stop(): Promise<number> {
    this.#stopped = true;
    await Promise.all(this.#asking);
    return this.#answered;
  }

  async #ask(first: number): Promise<void> {
    for (let nth = first; !this.#stopped; nth++) {
      const [path, data] = this.#request(nth);
      const { codespace, code, log } = await this.#chain.query(path, data);
      // Refused for a good reason is an answer, too; a defect or a thread that is gone is none.
      const isDefect = codespace === "sdk" && code === 1;
      if (isDefect || log.includes("the thread of the query ended") || log.includes("took longer")) throw new Error(`${path}: ${log}`);
      this.#answered++;
      for (const answered of this.#waiting.splice(0)) answered();
      await turn();
    }
  }

  #request(nth: number): readonly [path: string, data: Uint8Array] {
    const { address = "" } = this.#chain.accounts[nth % this.#chain.accounts.length] ?? {};
    const requests = [
      () => ["/hanzo.hmm.v1.Query/Pools", QueryPoolsRequest.encode({ pagination: undefined }).finish()],
      () => ["/cosmos.tx.v1beta1.Service/Simulate", SimulateRequest.encode({ tx: undefined, txBytes: this.#tx }).finish()],
      () => [
        "/cosmos.bank.v1beta1.Query/AllBalances",
        QueryAllBalancesRequest.encode(QueryAllBalancesRequest.fromPartial({ address })).finish(),
      ],
      () => [
        "/cosmos.tx.v1beta1.Service/GetTxsEvent",
        GetTxsEventRequest.encode(GetTxsEventRequest.fromPartial({ query: `message.sender='${address}'` })).finish(),
      ],
      () => ["/hanzo.hmm.v1.Query/Positions", QueryPositionsRequest.encode({ owner: address, pagination: undefined }).finish()],
      () => ["/hanzo.hmm.v1.Query/Invariants", QueryInvariantsRequest.encode({}).finish()],
    ] satisfies (() => [string, Uint8Array])[];
    return requests[nth % requests.length]?.() ?? ["", this.#tx];
  }
}
