import { renameSync, writeFileSync } from "node:fs";
import type { Application } from "../../../app/runtime/application.ts";
import { type UpgradePlan, UpgradeStop } from "../../../app/sdk/index.ts";
import type { NodeLog } from "../node/comet.ts";
import { EXIT, NodeError } from "../node/nodeError.ts";
import { bindApplication } from "./bindApplication.ts";

/**
 * An application that ends in order where the chain goes on with another program: what is needed stands in the log and in the file that cosmovisor
 * watches, and the node's last words say what to do. Nothing of the block is executed, so that the other program finds the state as it was.
 *
 * @param infoPath `data/upgrade-info.json` of the home
 */
export function stopAtUpgrades(app: Application, infoPath: string, log: NodeLog): Application {
  return {
    ...bindApplication(app),
    finalizeBlock(request) {
      try {
        return app.finalizeBlock(request);
      } catch (thrown) {
        if (!(thrown instanceof UpgradeStop)) throw thrown;
        if (thrown.kind === "needed") writeUpgradeInfo(infoPath, { ...thrown.plan, height: request.height });
        log("error", thrown.message, "state");
        throw upgradeError(thrown);
      }
    },
  };
}

/** The plan as cosmovisor reads it; whole or not at all, since it reads at any time. */
function writeUpgradeInfo(path: string, { name, height, info }: UpgradePlan): void {
  const draft = `${path}.new`;
  const text = JSON.stringify({ name, time: "0001-01-01T00:00:00Z", height: Number(height), ...(info === "" ? {} : { info }) });
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
}

/** The node's last words to its operator. */
function upgradeError({ kind, plan, message }: UpgradeStop): NodeError {
  const { name, height, info } = plan;
  const where = info === "" ? "" : ` (${info})`;
  switch (kind) {
    case "needed":
      return new NodeError(
        "HZN-UPGRADE",
        message,
        `install the program of upgrade "${name}"${where} and start it on this home: it executes block ${height} first. The state is that of the block before`,
        EXIT.config,
      );
    case "early":
      return new NodeError(
        "HZN-UPGRADE",
        message,
        `run the program of before until it stops at height ${height} by itself, then this one`,
        EXIT.config,
      );
    case "outdated":
      return new NodeError(
        "HZN-UPGRADE",
        message,
        `install the program of upgrade "${name}", or a later one, and start it on this home`,
        EXIT.config,
      );
  }
}
