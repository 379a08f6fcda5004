import type { BackendName, Kernels } from "../kernels.ts";
import { openReference } from "./reference/open.ts";
import { openWasm } from "./wasm/open.ts";

/** How each backend is opened: throws with the reason when it is not there. One without an entry is not part of this build. */
export const OPENERS: Readonly<Partial<Record<BackendName, () => Promise<Kernels>>>> = {
  wasm: openWasm,
  reference: openReference,
};
