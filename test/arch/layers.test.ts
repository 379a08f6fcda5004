import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../../..");
const SOURCE_FOLDERS = ["app", "modules", "gpu-kernels", "cmd", "web"];
const MAX_LINES = 400;

/** Rooms from the ground up: an import may only point to a room in the same or an earlier row. */
const LAYERS: readonly (readonly string[])[] = [
  ["app/math", "app/encoding"],
  ["app/proof"],
  ["app/store"],
  ["app/sdk"],
  ["modules"],
  ["app/runtime"],
  ["app/route", "app/experience"],
  ["app/abci", "app/api", "app/threads", "app/statesync", "app/content"],
  ["app/hanzo.ts", "app/hanzoPorts.ts", "app/descriptorImage.ts", "app/hanzoServices.ts", "app/sdkChain.ts", "app/chainProfile.ts"],
  ["cmd"],
];
/** Rooms beside the tower: what they may import besides generated code and themselves. */
const SIDE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  "app/client": ["app/encoding", "app/math", "app/proof", "gpu-kernels"],
  web: ["app/client", "app/encoding", "app/math"],
  "gpu-kernels": ["app/math"],
};
/** Rooms of the tower that may import a room beside it. */
const SIDE_ROOM_USERS: readonly string[] = ["app/experience", "app/hanzo.ts", "app/hanzoPorts.ts", "cmd"];
/** Packages a room may import; the longest matching room decides. Rooms not listed may import what they like. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  "app/math": /^@noble\//,
  "app/encoding": /^(@noble\/|@scure\/base|@bufbuild\/protobuf)/,
  "app/encoding/sha256.ts": /^node:crypto$/,
  "app/proof": /^@noble\//,
  "app/store": /^(@noble\/|node:(crypto|fs|path|timers))/,
  "app/store/rocks.ts": /^(@salto-io\/rocksdb|node:)/,
  "app/sdk": /^@noble\//,
  modules: /^@noble\//,
  "app/runtime": /^(@noble\/|secp256k1|node:(crypto|module))/,
  "app/route": /^(?!node:)/,
  "app/route/routeWorker.ts": /^node:worker_threads$/,
  "app/content": /^(@ipld\/car|multiformats|node:(crypto|fs|path))/,
  "app/client": /^(?!node:)/,
  "gpu-kernels": /^@noble\/hashes\//,
  "gpu-kernels/backends/loadOptional.ts": /^node:(module|url)$/,
  "gpu-kernels/backends/tensorflow": /^/,
  "gpu-kernels/backends/webgpu": /^/,
  web: /^(?!node:)/,
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, folder));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return sourceFiles(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

const files = SOURCE_FOLDERS.flatMap(sourceFiles);

/** Every import and re-export of a file, relative ones resolved from the checkout's root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g,
    ),
  ];
  return found.map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? "";
    if (target === "#sdk") return { from: file, to: "app/sdk/index.ts" };
    if (target === "#kernels") return { from: file, to: "gpu-kernels/index.ts" };
    if (target === "#kernels/node") return { from: file, to: "gpu-kernels/node.ts" };
    if (!target.startsWith(".")) return { from: file, to: target };
    return { from: file, to: relative(root, resolve(root, dirname(file), target)) };
  });
}

const imports = files.flatMap(importsOf);
const local = imports.filter(({ to }) => SOURCE_FOLDERS.some((folder) => to.startsWith(`${folder}/`)));

function within(file: string, room: string): boolean {
  return file === room || file.startsWith(`${room}/`);
}

function layerOf(file: string): number {
  return LAYERS.findIndex((rooms) => rooms.some((room) => within(file, room)));
}

test("an import only points down the list of layers", () => {
  const wrong = local.filter(({ from, to }) => {
    const side = Object.keys(SIDE_ROOMS).find((room) => within(from, room));
    if (side !== undefined) return !within(to, side) && !(SIDE_ROOMS[side] ?? []).some((room) => within(to, room));
    if (Object.keys(SIDE_ROOMS).some((room) => within(to, room))) return !SIDE_ROOM_USERS.some((room) => within(from, room));
    return layerOf(to) > layerOf(from) || layerOf(from) < 0 || layerOf(to) < 0;
  });
  assert.deepEqual(wrong, []);
  assert.ok(local.length > 50, "the imports were found");
});

test("only app/hanzo.ts, app/hanzoPorts.ts, app/sdkChain.ts and commands name concrete modules outside modules/; routes and kernels compute with modules' pure functions", () => {
  const pure: Readonly<Record<string, readonly string[]>> = {
    "app/route": ["modules/hmm/curve", "modules/hmm/route", "modules/hmm/errors.ts"],
    "app/experience": ["modules/experience/port.ts", "modules/experience/matrixBytes.ts", "modules/experience/holdout/format.ts"],
  };
  const wrong = local.filter(
    ({ from, to }) =>
      within(to, "modules") &&
      !within(from, "modules") &&
      !["app/hanzo.ts", "app/hanzoPorts.ts", "app/sdkChain.ts"].includes(from) &&
      !within(from, "cmd") &&
      !Object.entries(pure).some(([room, folders]) => within(from, room) && folders.some((folder) => within(to, folder))),
  );
  assert.deepEqual(wrong, []);
});

test("a module imports another module only through its index.ts", () => {
  const moduleOf = (file: string): string => file.split("/")[1] ?? "";
  const wrong = local.filter(
    ({ from, to }) =>
      within(from, "modules") && within(to, "modules") && moduleOf(from) !== moduleOf(to) && to !== `modules/${moduleOf(to)}/index.ts`,
  );
  assert.deepEqual(wrong, []);
});

test("a module reaches the SDK through #sdk and nothing else of app", () => {
  const wrong = local.filter(({ from, to }) => within(from, "modules") && within(to, "app") && to !== "app/sdk/index.ts");
  assert.deepEqual(wrong, []);
});

test("packages are imported only where they belong", () => {
  const wrong = imports.filter(({ from, to }) => {
    if (to.startsWith("#") || SOURCE_FOLDERS.some((folder) => to.startsWith(`${folder}/`)) || to.startsWith("proto/")) return false;
    const room = Object.keys(PACKAGES)
      .filter((candidate) => within(from, candidate))
      .sort((a, b) => b.length - a.length)[0];
    return room !== undefined && !(PACKAGES[room] ?? /^/).test(to);
  });
  assert.deepEqual(wrong, []);
});

test("files import each other without cycles", () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of local) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test(`source files have at most ${MAX_LINES} lines`, () => {
  const tall = files
    .map((file) => [file, readFileSync(join(root, file), "utf8").split("\n").length] as const)
    .filter(([, lines]) => lines > MAX_LINES + 1);
  assert.deepEqual(tall, []);
});

test("there are no files called utils, helpers or common", () => {
  assert.deepEqual(
    files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(file)),
    [],
  );
});
