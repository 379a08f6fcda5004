import type { FailpointHook } from "../../../app/store/failpoint.ts";
import type { NodeMetrics } from "./nodeMetrics.ts";

/** Takes the time between the moments of a commit. */
export function storeMoments(metrics: NodeMetrics): FailpointHook {
  let applied = 0;
  let written = 0;
  return (moment) => {
    if (moment === "beforeApply") applied = performance.now();
    else if (moment === "afterApply") metrics.storeApplySeconds.observe((performance.now() - applied) / 1000);
    else if (moment === "beforeBatch") written = performance.now();
    else if (moment === "afterBatch") metrics.storeCommitSeconds.observe((performance.now() - written) / 1000);
  };
}
