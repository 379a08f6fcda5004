import type { ExecTxResult } from "#proto/tendermint/abci/types";

/** How messages of one type fared. */
export interface TypeTally {
  accepted: number;
  refused: number;
}

/** What happened on a simulated chain. */
export class SimTally {
  blocks = 0;
  /** Transactions in blocks. */
  txs = 0;
  /** Transactions that the mempool refused. */
  unchecked = 0;
  /** Transactions by `<codespace>/<code>`; `ok` for those that went through. */
  readonly codes = new Map<string, number>();
  /** Messages by type. */
  readonly types = new Map<string, TypeTally>();
  crashes = 0;
  restarts = 0;
  /** Nodes that began with a snapshot. */
  snapshots = 0;
  accused = 0;
  validatorChanges = 0;
  /** Validators after the last block, and the most at once. */
  validators = 0;
  mostValidators = 0;
  /** Of the last block, hex. */
  appHash = "";
  readonly #drafted = new Map<Uint8Array, readonly string[]>();

  /** A transaction is offered to the next block. */
  drafted(tx: Uint8Array, typeUrls: readonly string[]): void {
    this.#drafted.set(tx, typeUrls);
  }

  /** The mempool judged a transaction. */
  addCheck(passed: boolean): void {
    if (!passed) this.unchecked++;
  }

  /** A block was executed. @throws when its transactions and results are not equally many */
  addBlock(txs: readonly Uint8Array[], results: readonly ExecTxResult[], validators: number): void {
    if (results.length !== txs.length) throw new Error(`results of ${txs.length} transactions expected, got ${results.length}`);
    this.blocks++;
    this.txs += results.length;
    this.validators = validators;
    this.mostValidators = Math.max(this.mostValidators, validators);
    for (const [i, { code, codespace }] of results.entries()) {
      const name = code === 0 ? "ok" : `${codespace}/${code}`;
      this.codes.set(name, (this.codes.get(name) ?? 0) + 1);
      const tx = txs[i];
      for (const typeUrl of (tx && this.#drafted.get(tx)) ?? []) {
        const tally = this.types.get(typeUrl) ?? { accepted: 0, refused: 0 };
        tally[code === 0 ? "accepted" : "refused"]++;
        this.types.set(typeUrl, tally);
      }
    }
    this.#drafted.clear();
  }
}
