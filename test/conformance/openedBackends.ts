import { BACKENDS, type Kernels, openBackend } from "#kernels";

/** Every backend of the kernels that opens on this machine, and why the others do not. */
export async function openedBackends(): Promise<{ readonly opened: readonly Kernels[]; readonly refused: readonly string[] }> {
  const opened: Kernels[] = [];
  const refused: string[] = [];
  for (const name of BACKENDS) {
    try {
      opened.push(await openBackend(name));
    } catch (cause) {
      refused.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  return { opened, refused };
}
