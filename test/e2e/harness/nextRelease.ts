// The program of a later release, as far as an upgrade is concerned: this one, which knows one plan more and changes nothing else.
import { hanzoUpgrades } from "../../../app/hanzoPorts.ts";
import { NEXT_RELEASE } from "./validatorNet.ts";

(hanzoUpgrades as Map<string, { readonly whole: boolean }>).set(NEXT_RELEASE, { whole: false });
const { run } = await import("../../../cmd/hanzod/run.ts");
await run();
