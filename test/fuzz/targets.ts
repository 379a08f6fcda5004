import type { FuzzTarget } from "./target.ts";
import { aminoTargets } from "./targets/aminoTarget.ts";
import { apiTargets } from "./targets/apiTargets.ts";
import { fileTargets } from "./targets/fileTargets.ts";
import { kernelTargets } from "./targets/kernelTargets.ts";
import { storeTargets } from "./targets/storeTargets.ts";
import { wireTargets } from "./targets/wireTargets.ts";

/** Targets that run in this process. */
export const targets: readonly FuzzTarget[] = [
  ...wireTargets,
  ...storeTargets,
  ...apiTargets,
  ...aminoTargets,
  ...fileTargets,
  ...kernelTargets,
];
