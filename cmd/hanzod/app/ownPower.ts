import type { NodeLog } from "../node/comet.ts";
import { readCometIdentity } from "../node/cometConfig.ts";
import type { Home } from "../node/home.ts";
import type { OpenedHanzo } from "./openApp.ts";

/** The voting power of this node's consensus key, in whole units of stake; 0 while it is no validator's. */
export async function ownPower(home: Home, opened: () => OpenedHanzo | undefined): Promise<() => bigint> {
  const { validatorPublicKey } = await readCometIdentity(home);
  const name = `ed25519/${Buffer.from(validatorPublicKey).toString("hex")}`;
  return () => opened()?.app.validators.get(name) ?? 0n;
}

/** Tells the operator of every change of the power. @returns to be called after each block */
export function tellPower(power: () => bigint, log: NodeLog): () => void {
  let told = 0n;
  return () => {
    const now = power();
    if (now === told) return;
    if (now === 0n)
      log(
        "warn",
        `this node's validator has left the set (it had a voting power of ${told}): jailed, without enough stake, or with another key`,
      );
    else log("info", `this node's validator has a voting power of ${now}${told === 0n ? "" : ` (before: ${told})`}`);
    told = now;
  };
}
