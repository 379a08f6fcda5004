// Examples of documents, compiled as strictly as the sources and run with this package under its own name.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** Code blocks of a language, in order. */
export function codeBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, block]) => block ?? "");
}

/** Compiled examples. */
export interface DocExamples {
  /** Runs one and gives what it printed. @throws Error with its complaints when it fails */
  run(name: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Compiles TypeScript files inside of the checkout, where `hanzod/client`, `#sdk` and `#proto/…` mean this package.
 * @param files sources by name without ending
 * @throws Error with the compiler's complaints
 */
export async function compileExamples(files: Readonly<Record<string, string>>): Promise<DocExamples> {
  await mkdir(join(CHECKOUT, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(CHECKOUT, ".cache", "doc-examples-"));
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, `${name}.ts`), `${source}\nexport {};\n`);
  const compilerOptions = { rootDir: "../..", outDir: "out", incremental: false, tsBuildInfoFile: null };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"] }));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  await command(join(CHECKOUT, "node_modules/.bin/tsc"), ["-p", folder]).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return { run: (name) => command(process.execPath, [join(folder, "out", relative(CHECKOUT, folder), `${name}.js`)]), remove };
}

async function command(program: string, words: readonly string[]): Promise<string> {
  try {
    return (await run(program, words)).stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${stdout}\n${stderr}`, { cause });
  }
}
