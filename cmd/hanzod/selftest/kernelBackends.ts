import { BACKENDS, type BackendName, type Kernels, openBackend, openKernels, type Refusal } from "#kernels";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** Backends to run vectors on, and what an operator should know about the choice. */
export interface OpenedBackends {
  readonly backends: readonly Kernels[];
  readonly notes: readonly string[];
}

/**
 * Opens backends of the kernels.
 * @param choice a name, `all` for every one that opens here, or undefined for the one that a node would take
 * @throws CliError when there is no such backend or it does not open
 */
export async function openBackends(choice: string | undefined): Promise<OpenedBackends> {
  if (choice === undefined) {
    const { kernels, refused } = await openKernels();
    return { backends: [kernels], notes: [`on ${kernels.name} (${kernels.detail})`, ...refused.map(textOf)] };
  }
  if (choice === "all") return openAll();
  const name = BACKENDS.find((known) => known === choice);
  if (name === undefined) throw new CliError(`--backend: expected all or one of ${BACKENDS.join(", ")}, got ${choice}`);
  try {
    const kernels = await openBackend(name);
    return { backends: [kernels], notes: [`on ${kernels.name} (${kernels.detail})`] };
  } catch (cause) {
    throw new CliError(`--backend ${name}: ${reasonOf(cause)}`);
  }
}

async function openAll(): Promise<OpenedBackends> {
  const backends: Kernels[] = [];
  const notes: string[] = [];
  for (const name of BACKENDS) {
    try {
      const kernels = await openBackend(name);
      backends.push(kernels);
      notes.push(`on ${name} (${kernels.detail})`);
    } catch (cause) {
      notes.push(textOf({ name: name satisfies BackendName, why: reasonOf(cause) }));
    }
  }
  return { backends, notes };
}

function textOf({ name, why }: Refusal): string {
  return `not on ${name}: ${why}`;
}
