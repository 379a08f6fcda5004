import type { FaultChain } from "./faultChain.ts";
import type { Random } from "./load.ts";

/** What a round came to. */
export type Outcome = "survived" | "healed" | "refused";

/** A way to disturb a node. */
export interface FaultKind {
  /** `group:detail`; `--only` selects by either. */
  readonly name: string;
  /** Disturbs the chain. Afterwards its node runs, or is down and can be started. @throws Error when a law is broken */
  run(chain: FaultChain, random: Random): Promise<Outcome>;
}
