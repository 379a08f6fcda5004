import type { Ctx } from "./ctx.ts";

/** The part of an upgrade's plan that an operator acts on. */
export interface UpgradePlan {
  readonly name: string;
  /** The first block that the new program executes. */
  readonly height: bigint;
  /** For those who run nodes. */
  readonly info: string;
}

/**
 * This program must not execute the block: the chain goes on with another one (`needed`), this one is too new (`early`) or too old (`outdated`).
 * Texts of the first two are the Cosmos SDK's, which cosmovisor and operators' scripts look for.
 */
export class UpgradeStop extends Error {
  readonly kind: "needed" | "early" | "outdated";
  readonly plan: UpgradePlan;
  /** Stops the node wherever it appears. */
  readonly fatal = true;

  constructor(kind: UpgradeStop["kind"], plan: UpgradePlan) {
    super(textOf(kind, plan));
    this.name = "UpgradeStop";
    this.kind = kind;
    this.plan = plan;
  }
}

function textOf(kind: UpgradeStop["kind"], { name, height, info }: UpgradePlan): string {
  switch (kind) {
    case "needed":
      return `UPGRADE "${name}" NEEDED at height: ${height}: ${info}`;
    case "early":
      return `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${name}" - in binary but not executed on chain. Downgrade your binary`;
    case "outdated":
      return `wrong app version: the chain did upgrade "${name}" at height ${height}, which this program does not know`;
  }
}

/** What a program says of itself where the chain plans upgrades. The same on all nodes but for what an operator skips. */
export interface UpgradeProgram {
  /** Whether it can go on after the upgrade of that name, or has done so. */
  knows(name: string): boolean;
  /** Whether it still has the rules of before that upgrade, too, and may execute the blocks up to it. */
  precedes(name: string): boolean;
  /** Whether this node's operator lets the plan at that height pass without its upgrade. */
  skips(height: bigint): boolean;
}

/** What decides whether this program may execute a block, and change the state to its modules' versions in it. */
export interface UpgradeGate {
  /** Name of the module that keeps the plans. */
  readonly module: string;
  /**
   * First thing in a block.
   * @returns whether the state is upgraded in this block
   * @throws UpgradeStop
   */
  open(ctx: Ctx): boolean;
}
