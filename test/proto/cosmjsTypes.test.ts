import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { type DescFile, type DescMessage, type FileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { fc } from "../harness/fastCheck.ts";
import { loadRegistry, messageValue, type Plain, toReflected } from "./wireTypes.ts";

const REPOSITORY = new URL("../../../", import.meta.url);

/** What both code generators give for a message. */
interface Codec {
  encode(message: Plain): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Plain;
  fromPartial(partial: Plain): Plain;
}

/** Fields that cosmjs-types 0.11 does not know yet. */
const NEWER_FIELDS = new Map([
  ["cosmos.ics23.v1.ProofSpec", ["prehashKeyBeforeComparison"]],
  ["cosmos.staking.v1beta1.Params", ["keyRotationFee"]],
  ["cosmos.staking.v1beta1.GenesisState", ["consensusKeyRotationHistory", "pendingConsensusKeyRotations"]],
]);
const NEWER_NAMES = new Set([...NEWER_FIELDS.values()].flat());
/** Methods that cosmjs-types 0.11 does not know yet. */
const NEWER_METHODS: readonly string[] = ["cosmos.staking.v1beta1.Msg.RotateConsPubKey"];
/** Enum values that cosmjs-types 0.11 does not know yet. */
const NEWER_VALUES = new Map([["cosmos.ics23.v1.HashOp", ["BLAKE2B_512", "BLAKE2S_256", "BLAKE3"]]]);
/** Messages in shared files that cosmjs-types leaves out. */
const NOT_IN_COSMJS: readonly string[] = [
  "cosmos.staking.v1beta1.ConsKeyEvidenceExpiry",
  "cosmos.staking.v1beta1.ConsensusKeyRotationHistory",
  "cosmos.staking.v1beta1.PendingConsensusKeyRotation",
  "cosmos.staking.v1beta1.MsgRotateConsPubKey",
  "cosmos.staking.v1beta1.MsgRotateConsPubKeyResponse",
];

const packageOf = (name: string): URL => new URL(`node_modules/cosmjs-types/${name}.js`, REPOSITORY);
const sharedFiles = (registry: FileRegistry): DescFile[] =>
  [...registry.files].filter((file) => !file.name.startsWith("google/") && existsSync(packageOf(file.name)));

const load = async (url: URL): Promise<Plain> => (await import(url.href)) as Plain;
const loadOurs = (file: DescFile): Promise<Plain> => load(new URL(`../../proto/gen/${file.name}.js`, import.meta.url));
const loadTheirs = (file: DescFile): Promise<Plain> => load(packageOf(file.name));

/** The name of a nested type in generated code: Outer_Inner. */
const exportName = (type: { typeName: string; file: DescFile }): string =>
  type.typeName.slice(type.file.proto.package.length + 1).replaceAll(".", "_");

function allMessages(of: DescFile | DescMessage): DescMessage[] {
  const own = "messages" in of ? of.messages : of.nestedMessages;
  return own.flatMap((message) => [message, ...allMessages(message)]);
}

/** A value without the fields that cosmjs-types does not know, at any depth. */
function withoutNewer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNewer);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const kept = Object.entries(value).filter(([key]) => !NEWER_NAMES.has(key));
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNewer(field)]));
}

/** Checks names, labels, numbers and types of one message against cosmjs-types, and our generated code against both. */
function compare(message: DescMessage, ours: Codec | undefined, theirs: Codec): void {
  const newer = NEWER_FIELDS.get(message.typeName) ?? [];
  const names = message.fields.map((field) => field.jsonName).filter((name) => !newer.includes(name));
  const empty = theirs.fromPartial({});
  assert.deepEqual(Object.keys(empty).sort(), [...names].sort(), `fields of ${message.typeName}`);
  for (const field of message.fields) {
    if (newer.includes(field.jsonName)) continue;
    assert.equal(field.fieldKind === "list", Array.isArray(empty[field.jsonName]), `label of ${message.typeName}.${field.name}`);
  }
  const known = messageValue(message, 2).map((value) => withoutNewer(value) as Plain);
  fc.assert(
    fc.property(known, (partial) => {
      // Where the Go code holds a submessage by value, cosmjs-types never leaves it out.
      const value = theirs.fromPartial(partial);
      const bytes = toBinary(message, toReflected(message, value).message);
      const decoded = theirs.decode(bytes);
      assert.deepEqual(decoded, value, `${message.typeName} read by cosmjs-types`);
      // Read once more, because cosmjs-types writes an empty packed list as a field of no bytes.
      const rewritten = toBinary(message, fromBinary(message, Uint8Array.from(theirs.encode(decoded).finish())));
      assert.deepEqual(rewritten, bytes, `${message.typeName} written by cosmjs-types`);
      if (ours === undefined) return;
      const base = ours.fromPartial({});
      const read = withoutNewer({ ...base, ...ours.decode(bytes) });
      assert.deepEqual(read, withoutNewer({ ...base, ...value }), `${message.typeName} read by generated code`);
      assert.deepEqual(
        Uint8Array.from(ours.encode({ ...base, ...value }).finish()),
        bytes,
        `${message.typeName} written by generated code`,
      );
    }),
    { seed: 20261124, numRuns: 25 },
  );
}

describe("every message shared with cosmjs-types has its field numbers, names, labels and types", async () => {
  for (const file of sharedFiles(loadRegistry())) {
    it(file.name, async () => {
      const [ours, theirs] = await Promise.all([loadOurs(file), loadTheirs(file)]);
      for (const message of allMessages(file)) {
        if (NOT_IN_COSMJS.includes(message.typeName)) continue;
        const name = exportName(message);
        assert.ok(theirs[name] !== undefined, `cosmjs-types lacks ${message.typeName}`);
        compare(message, ours[name] as Codec, theirs[name] as Codec);
      }
    });
  }
});

/** Whether an error, or the one that a property reports, has this text. */
const caused = (text: string) => (error: Error & { cause?: unknown }) => `${error.message} ${error.cause}`.includes(text);

describe("a difference would be seen", () => {
  const differing = async (change: Parameters<typeof loadRegistry>[0]): Promise<void> => {
    const message = loadRegistry(change).getMessage("cosmos.bank.v1beta1.MsgSend");
    assert.ok(message !== undefined);
    const theirs = (await loadTheirs(message.file))["MsgSend"] as Codec;
    compare(message, undefined, theirs);
  };
  const field = (files: Parameters<NonNullable<Parameters<typeof loadRegistry>[0]>>[0], name: string) => {
    const file = files.file.find((candidate) => candidate.name === "cosmos/bank/v1beta1/tx.proto");
    const found = file?.messageType.find((message) => message.name === "MsgSend")?.field.find((candidate) => candidate.name === name);
    assert.ok(found !== undefined);
    return found;
  };

  it("of nothing: the unchanged message passes", () => differing(undefined));

  it("of a field number", async () => {
    await assert.rejects(
      differing((files) => {
        field(files, "amount").number = 4;
      }),
      caused("MsgSend read by cosmjs-types"),
    );
  });

  it("of a field name", async () => {
    await assert.rejects(
      differing((files) => {
        Object.assign(field(files, "to_address"), { name: "recipient", jsonName: "recipient" });
      }),
      caused("fields of cosmos.bank.v1beta1.MsgSend"),
    );
  });

  it("of a label", async () => {
    await assert.rejects(
      differing((files) => {
        field(files, "amount").label = 1;
      }),
      caused("label of cosmos.bank.v1beta1.MsgSend.amount"),
    );
  });

  it("of a type", async () => {
    await assert.rejects(
      differing((files) => {
        field(files, "to_address").type = 12;
      }),
      caused("MsgSend read by cosmjs-types"),
    );
  });
});

it("no message of a shared file is missing here", async () => {
  for (const file of sharedFiles(loadRegistry())) {
    const theirs = Object.entries(await loadTheirs(file)).filter(
      ([, value]) => typeof value === "object" && value !== null && "typeUrl" in value,
    );
    const known = new Set(allMessages(file).map((message) => exportName(message)));
    const missing = theirs.map(([name]) => name).filter((name) => !known.has(name));
    assert.deepEqual(missing, [], `messages of ${file.name} that are not defined here`);
  }
});

it("every enum shared with cosmjs-types has its names and numbers", async () => {
  for (const file of sharedFiles(loadRegistry())) {
    const theirs = await loadTheirs(file);
    for (const type of [...file.enums, ...allMessages(file).flatMap((message) => message.nestedEnums)]) {
      const newer = NEWER_VALUES.get(type.typeName) ?? [];
      const expected = Object.entries(theirs[exportName(type)] as Plain).filter(([, value]) => typeof value === "number" && value >= 0);
      const defined = type.values.filter((value) => !newer.includes(value.name)).map((value) => [value.name, value.number]);
      assert.deepEqual(defined, expected, type.typeName);
    }
  }
});

it("every service shared with cosmjs-types has its full name, methods and request types", async () => {
  let compared = 0;
  for (const file of sharedFiles(loadRegistry())) {
    const theirs = await loadTheirs(file);
    for (const service of file.services) {
      const Client = theirs[`${service.name}ClientImpl`] as
        | (new (
            rpc: object,
          ) => Record<string, (request: Plain) => Promise<unknown>>)
        | undefined;
      if (Client === undefined) continue;
      const asked: string[] = [];
      const rpc = {
        request: (typeName: string, method: string): Promise<Uint8Array> => {
          asked.push(`${typeName}/${method}`);
          return Promise.resolve(new Uint8Array());
        },
      };
      const client = new Client(rpc);
      const names = Object.getOwnPropertyNames(Client.prototype).filter((name) => name !== "constructor");
      const methods = service.methods.filter(({ name }) => !NEWER_METHODS.includes(`${service.typeName}.${name}`));
      assert.deepEqual(
        methods.map((method) => method.name).sort(),
        names.filter((name) => service.methods.some((method) => method.name === name) || name !== "rpc").sort(),
        service.typeName,
      );
      for (const method of methods) {
        const call = client[method.name];
        const Request = method.input.file === file ? (theirs[exportName(method.input)] as Codec) : undefined;
        assert.ok(call !== undefined && Request !== undefined, `${service.typeName}/${method.name}`);
        await call(Request.fromPartial({}));
        assert.equal(asked.pop(), `${service.typeName}/${method.name}`);
      }
      compared += 1;
    }
  }
  assert.ok(compared >= 8, `only ${compared} services were compared`);
});
