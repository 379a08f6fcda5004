import { stat } from "node:fs/promises";

/**
 * Which file a path leads to, and that nobody has written to it since: device, inode, size and times, of which programs cannot set that of the last
 * change. Equal texts, equal bytes, as far as nobody works around the file system.
 * @returns undefined where there is no file
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return undefined;
  }
}
