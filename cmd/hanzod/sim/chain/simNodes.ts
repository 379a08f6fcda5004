import { CHAIN, createHanzoApp } from "../../../../app/hanzo.ts";
import type { App } from "../../../../app/runtime/app.ts";
import type { CommitStore } from "../../../../app/store/commitStore.ts";
import { SIMULATED_SIGNATURES } from "./actors.ts";
import { SimFailure } from "./simFailure.ts";
import { createSimKernels } from "./simKernels.ts";

/** Starts the nodes of a simulation, and keeps what they call a defect. */
export class SimNodes {
  readonly #authority: string;
  readonly #kernels = createSimKernels();
  readonly #defects: string[] = [];

  /** @param authority address of who may do what governance may */
  constructor(authority: string) {
    this.#authority = authority;
  }

  /** Starts the thread of their kernels, which else starts with the first round. */
  openKernels(): void {
    this.#kernels.open();
  }

  /** Starts a node on what a store holds. */
  start(store: CommitStore): Promise<App> {
    return createHanzoApp({
      store,
      minGasPrices: "",
      chain: { ...CHAIN, authorityModule: this.#authority },
      secp256k1: SIMULATED_SIGNATURES,
      kernels: this.#kernels.forNode(),
      log: { info: () => undefined, error: (text, fields) => void this.#defects.push(`${text} ${JSON.stringify(fields)}`) },
    });
  }

  /** @throws SimFailure for whatever a node called a defect */
  requireSound(height: number): void {
    const [defect] = this.#defects;
    if (defect !== undefined) throw new SimFailure(height, `the node reports a defect: ${defect}`);
  }

  /** Ends the thread of the kernels. */
  close(): void {
    this.#kernels.close();
  }
}
