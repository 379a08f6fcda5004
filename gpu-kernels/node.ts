// What programs in Node import as `#kernels/node`: the backends that need libraries of the machine.
import { type Openers, PORTABLE_OPENERS } from "./backends/openers.ts";
import { openTensorflow } from "./backends/tensorflow/open.ts";
import { openWebgpu } from "./backends/webgpu/open.ts";

/**
 * All backends that Node can have. Nothing is loaded before it is opened.
 * @param modules folder whose node_modules have the optional libraries; this program's own when left out
 */
export function nodeOpeners(modules?: string): Openers {
  return { ...PORTABLE_OPENERS, tensorflow: () => openTensorflow({ modules }), webgpu: () => openWebgpu({ modules }) };
}
