import { BACKENDS, type BackendName, type Kernels, type Openers, openBackend, openKernels, type Refusal } from "#kernels";
import { nodeOpeners } from "#kernels/node";
import { CliError, reasonOf } from "../../shared/cliError.ts";

/** Backends to run vectors on, and what an operator should know about the choice. */
export interface OpenedBackends {
  readonly backends: readonly Kernels[];
  readonly notes: readonly string[];
}

/** What an operator asks for. */
export interface KernelChoice {
  /** A name, or `all` for every backend that opens here; the one that a node would take when not given. */
  readonly backend?: string | undefined;
  /** Folder whose node_modules have the optional libraries; this program's own when not given. */
  readonly modules?: string | undefined;
}

/**
 * Opens backends of the kernels.
 * @throws CliError when there is no such backend or it does not open
 */
export async function openBackends({ backend: choice, modules }: KernelChoice): Promise<OpenedBackends> {
  const openers = nodeOpeners(modules);
  if (choice === undefined) {
    const { kernels, refused } = await openKernels({ openers });
    return { backends: [kernels], notes: [`on ${kernels.name} (${kernels.detail})`, ...refused.map(textOf)] };
  }
  if (choice === "all") return openAll(openers);
  const name = BACKENDS.find((known) => known === choice);
  if (name === undefined) throw new CliError(`--backend: expected all or one of ${BACKENDS.join(", ")}, got ${choice}`);
  try {
    const kernels = await openBackend(name, openers);
    return { backends: [kernels], notes: [`on ${kernels.name} (${kernels.detail})`] };
  } catch (cause) {
    throw new CliError(`--backend ${name}: ${reasonOf(cause)}`);
  }
}

async function openAll(openers: Openers): Promise<OpenedBackends> {
  const backends: Kernels[] = [];
  const notes: string[] = [];
  for (const name of BACKENDS) {
    try {
      const kernels = await openBackend(name, openers);
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
