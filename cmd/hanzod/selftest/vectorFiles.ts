import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { COMPARED_PARTS, isRecording, type PartName } from "./recording/recording.ts";

/** What to run: a vector file by itself, or parts of a recording, which need the others for their state. */
export type VectorTask =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "recording"; readonly path: string; readonly folder: string; readonly parts: ReadonlySet<PartName> };

/**
 * Plans a run over files and folders. A folder stands for the recording in it, or for the vector files and the folders of recordings right in it; several files of
 * one recording are one task.
 */
export function planVectors(paths: readonly string[]): readonly VectorTask[] {
  const tasks: VectorTask[] = [];
  const recordings = new Map<string, { path: string; parts: Set<PartName> }>();
  const take = (path: string): void => {
    if (!isFolder(path)) takeFile(path);
    else if (isRecording(path)) for (const part of COMPARED_PARTS) takePart(path, path, part);
    else
      for (const name of readdirSync(path).sort()) {
        const inside = join(path, name);
        if (isFolder(inside) ? isRecording(inside) : name.endsWith(".json")) take(inside);
      }
  };
  const takeFile = (path: string): void => {
    const part = COMPARED_PARTS.find((name) => basename(path) === `${name}.json`);
    if (part === undefined) tasks.push({ kind: "file", path });
    else takePart(dirname(path), path, part);
  };
  const takePart = (folder: string, path: string, part: PartName): void => {
    const known = recordings.get(folder);
    if (known === undefined) recordings.set(folder, { path, parts: new Set([part]) });
    else {
      known.parts.add(part);
      if (known.path !== path) known.path = folder;
    }
  };
  for (const path of paths) take(path);
  for (const [folder, { path, parts }] of recordings) tasks.push({ kind: "recording", path, folder, parts });
  return tasks;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
