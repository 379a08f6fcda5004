import { join } from "node:path";
import { findCheckpoints } from "../../../app/store/checkpoint.ts";
import { proveCheckpoint } from "../../../app/store/checkpointProof.ts";
import { StoreError } from "../../../app/store/storeError.ts";
import { type DoctorCheck, error } from "./finding.ts";

/** Hashes every node of the checkpoints again, as a start does first or behind itself: a second or so for a million keys. */
export const checkState: DoctorCheck = async ({ home }) => {
  const entries = await findCheckpoints(join(home.data.app, "checkpoints"));
  return entries.flatMap((entry) => {
    try {
      for (const _ of proveCheckpoint(entry));
      return [];
    } catch (thrown) {
      // A running node may have removed it meanwhile.
      if (!(thrown instanceof StoreError)) return [];
      const { codespace, code, message, detail } = thrown;
      const next = `test memory and disk of the machine, then hanzod start --home ${home.root}: it takes the checkpoint before, or refuses and says what is missing`;
      return [error("state.checkpoint", `${codespace}/${code} ${message}: ${detail}`, "a start must not go on from it", next)];
    }
  });
};
