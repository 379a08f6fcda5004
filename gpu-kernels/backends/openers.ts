import type { BackendName, Kernels } from "../kernels.ts";
import { openReference } from "./reference/open.ts";
import { openWasm } from "./wasm/open.ts";

/** How each backend is opened: throws with the reason when it is not there. One without an entry is not on this platform. */
export type Openers = Readonly<Partial<Record<BackendName, () => Promise<Kernels>>>>;

/** What runs in every JavaScript engine, browsers included. */
export const PORTABLE_OPENERS: Openers = {
  wasm: openWasm,
  reference: openReference,
};
