import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../../app/encoding/bytes.ts";
import type { MessageDescriptor, MethodDescriptor } from "../../../app/encoding/descriptorModel.ts";
import { type JsonValue, toProtoJson } from "../../../app/encoding/protoJson.ts";
import { fromProtoJson } from "../../../app/encoding/protoJsonParse.ts";
import { descriptors, readRecording } from "./recordings.ts";

interface Route {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly path: string;
  readonly method: MethodDescriptor;
}

function readRoutes(): readonly Route[] {
  const routes: Route[] = [];
  for (const serviceName of descriptors.serviceNames) {
    for (const method of descriptors.getService(serviceName).methods) {
      for (const rule of method.http.filter(({ verb }) => verb === "GET")) {
        const names: string[] = [];
        const pattern = rule.path.replace(/\{([^}=]+)(=\*\*)?\}/g, (_, name: string, rest: string | undefined) => {
          names.push(name);
          return rest === undefined ? "([^/]+)" : "(.+)";
        });
        routes.push({ pattern: new RegExp(`^${pattern}$`), names, path: `/${serviceName}/${method.name}`, method });
      }
    }
  }
  // Fixed paths before those with variables.
  return routes.sort((a, b) => a.names.length - b.names.length);
}

/** Puts a text from a path or query string where the request has that field. Answers false when it has none. */
function put(type: MessageDescriptor, json: Record<string, unknown>, path: string, text: string): boolean {
  const [head = "", ...rest] = path.split(".");
  const field = type.findFieldByName(head);
  if (field === undefined) return false;
  if (rest.length > 0) {
    json[field.name] ??= {};
    return put(descriptors.getMessage(field.typeName), json[field.name] as Record<string, unknown>, rest.join("."), text);
  }
  const value = field.kind === "bool" ? text === "true" : field.kind === "enum" && /^\d+$/.test(text) ? Number(text) : text;
  if (field.repeated) json[field.name] = [...((json[field.name] as unknown[] | undefined) ?? []), value];
  else json[field.name] = value;
  return true;
}

const routes = readRoutes();
const requests = readRecording("rest").requests.filter((r) => r.method === "GET" && r.status === 200 && r.request_headers === undefined);

test("answers of the recorded ABCI queries are shown exactly as the recorded REST service shows them, order of fields included", () => {
  const answers = new Map(
    readRecording("abci")
      .abci_query.filter((q) => q.code === 0)
      .map((q) => [`${q.path} ${q.data}`, q]),
  );
  const modules = new Map<string, number>();
  let compared = 0;
  for (const { path, body } of requests) {
    const [location = "", query = ""] = path.split("?");
    const route = routes.find(({ pattern }) => pattern.test(location));
    if (route === undefined) continue;
    const type = descriptors.getMessage(route.method.input);
    const json: Record<string, unknown> = {};
    const values = route.pattern.exec(location)?.slice(1) ?? [];
    for (const [i, name] of route.names.entries()) put(type, json, name, decodeURIComponent(values[i] ?? ""));
    // A plus sign of base64 arrives as a space.
    for (const [name, value] of new URLSearchParams(query)) put(type, json, name, value.replaceAll(" ", "+"));
    const data = toHex(fromProtoJson(descriptors, type.typeName, json));
    const answer = answers.get(`${route.path} ${data}`);
    // The recording shortens this answer, which holds the list of Go modules.
    if (answer === undefined || route.method.name === "GetNodeInfo") continue;
    const got = toProtoJson(descriptors, route.method.output, fromHex(answer.value));
    assert.equal(JSON.stringify(got), JSON.stringify(body), path);
    compared++;
    modules.set(route.path.split("/")[1] ?? "", (modules.get(route.path.split("/")[1] ?? "") ?? 0) + 1);
  }
  console.log(
    `${compared} of ${requests.length} REST answers compared with the same ABCI answer: ${[...modules].map(([m, n]) => `${m} ${n}`).join(", ")}`,
  );
  assert.ok(compared >= 50);
});

/** The recording cuts some bodies and says so in place of the list: `(3 transactions)`. */
function isShortened(body: unknown): boolean {
  return /"\([^"]*\)"/.test(JSON.stringify(body));
}

function hasForeignType(json: unknown): boolean {
  if (Array.isArray(json)) return json.some(hasForeignType);
  if (typeof json !== "object" || json === null) return false;
  const url = (json as Record<string, unknown>)["@type"];
  if (typeof url === "string" && descriptors.findMessage(url.slice(1)) === undefined) return true;
  return Object.values(json).some(hasForeignType);
}

test("every recorded REST body of a known method survives being read and shown again", () => {
  let compared = 0;
  const foreign: string[] = [];
  for (const { path, body } of requests) {
    const route = routes.find(({ pattern }) => pattern.test(path.split("?")[0] ?? ""));
    if (route === undefined || isShortened(body)) continue;
    if (hasForeignType(body)) {
      foreign.push(path);
      continue;
    }
    const bytes = fromProtoJson(descriptors, route.method.output, body);
    assert.deepEqual(toProtoJson(descriptors, route.method.output, bytes), body as JsonValue, path);
    compared++;
  }
  console.log(`${compared} REST bodies read and shown again; ${foreign.length} hold messages of modules this chain has not`);
  assert.ok(compared >= 70);
});
