import { fileURLToPath } from "node:url";
import { BACKENDS, type Kernels, openBackend } from "#kernels";
import { nodeOpeners } from "#kernels/node";

/** Where `scripts/kernels.sh` installs the optional libraries. */
export const KERNEL_MODULES = fileURLToPath(new URL("../../../.cache/kernels", import.meta.url));

/** Every backend of the kernels that opens on this machine, and why the others do not. */
export async function openedBackends(): Promise<{ readonly opened: readonly Kernels[]; readonly refused: readonly string[] }> {
  const opened: Kernels[] = [];
  const refused: string[] = [];
  for (const name of BACKENDS) {
    try {
      opened.push(await openBackend(name, nodeOpeners(KERNEL_MODULES)));
    } catch (cause) {
      refused.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  return { opened, refused };
}
