import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createGrpcServer, type GrpcServer } from "../../../app/api/grpcServer.ts";
import { REFLECTION_SERVICES } from "../../../app/api/reflection.ts";
import { descriptorImage, descriptors } from "../../../app/descriptorImage.ts";
import { hanzoMsgServices, hanzoServices } from "../../../app/hanzoServices.ts";
import { createGrpcClient, type GrpcClient } from "../../../cmd/hanzod/selftest/recording/grpcClient.ts";
import {
  ListAllInterfacesResponse,
  ListImplementationsRequest,
  ListImplementationsResponse,
} from "../../../proto/gen/cosmos/base/reflection/v1beta1/reflection.ts";
import {
  GetAuthnDescriptorResponse,
  GetChainDescriptorResponse,
  GetCodecDescriptorResponse,
  GetConfigurationDescriptorResponse,
  GetQueryServicesDescriptorResponse,
  GetTxDescriptorResponse,
} from "../../../proto/gen/cosmos/base/reflection/v2alpha1/reflection.ts";
import { ServerReflectionRequest, ServerReflectionResponse } from "../../../proto/gen/grpc/reflection/v1/reflection.ts";
import { ResponseQuery } from "../../../proto/gen/tendermint/abci/types.ts";
import { TEST_FACTS } from "../../harness/chainFacts.ts";

type Question = Parameters<typeof ServerReflectionRequest.fromPartial>[0];

/** Reflection in the Cosmos SDK's forms. */
const SDK_REFLECTION = ["v1beta1", "v2alpha1"].map((version) => `cosmos.base.reflection.${version}.ReflectionService`);

let server: GrpcServer;
let client: GrpcClient;
before(async () => {
  const query = async () => ResponseQuery.fromPartial({});
  server = createGrpcServer({ descriptors: descriptors(), image: descriptorImage(), services: hanzoServices, query, chain: TEST_FACTS });
  client = createGrpcClient(`127.0.0.1:${await server.listen({ host: "127.0.0.1", port: 0 })}`);
});
after(async () => {
  client.close();
  await server.close();
});

async function ask(questions: readonly Question[], service = REFLECTION_SERVICES[0]): Promise<readonly ServerReflectionResponse[]> {
  const requests = questions.map((question) => ServerReflectionRequest.encode(ServerReflectionRequest.fromPartial(question)).finish());
  return (await client.converse(`/${service}/ServerReflectionInfo`, requests)).map((bytes) => ServerReflectionResponse.decode(bytes));
}
const filesOf = ({ fileDescriptorResponse }: ServerReflectionResponse): readonly FileDescriptorProto[] =>
  (fileDescriptorResponse?.fileDescriptorProto ?? []).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
const namesOf = (answer: ServerReflectionResponse | undefined): readonly string[] =>
  answer === undefined ? [] : filesOf(answer).map(({ name }) => name);

describe("server reflection", () => {
  for (const service of REFLECTION_SERVICES)
    it(`${service} lists every service, itself included, in order`, async () => {
      const [answer] = await ask([{ host: "here", listServices: "*" }], service);
      const names = answer?.listServicesResponse?.service.map(({ name }) => name) ?? [];
      assert.deepEqual(names, [...hanzoServices, ...SDK_REFLECTION, ...REFLECTION_SERVICES].sort());
      assert.equal(answer?.validHost, "here");
      assert.equal(answer?.originalRequest?.listServices, "*");
    });

  it("gives everything that is needed to call every listed method, with all definitions whole", async () => {
    const [listed] = await ask([{ listServices: "" }]);
    const services = listed?.listServicesResponse?.service.map(({ name }) => name) ?? [];
    const answers = await ask(services.map((fileContainingSymbol) => ({ fileContainingSymbol })));
    const files = new Map(answers.flatMap(filesOf).map((file) => [file.name, file]));
    // Throws when an import is missing.
    const registry = createFileRegistry({ $typeName: "google.protobuf.FileDescriptorSet", file: inOrder(files) });
    const image = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorImage()));
    for (const service of services) {
      const methods = registry.getService(service)?.methods.map(({ name, input, output }) => [name, input.typeName, output.typeName]);
      assert.deepEqual(
        methods,
        image.getService(service)?.methods.map(({ name, input, output }) => [name, input.typeName, output.typeName]),
      );
    }
  });

  it("finds the file of every kind of name", async () => {
    const cases: readonly (readonly [symbol: string, file: string])[] = [
      ["cosmos.bank.v1beta1.Query", "cosmos/bank/v1beta1/query.proto"],
      ["cosmos.bank.v1beta1.Query.Balance", "cosmos/bank/v1beta1/query.proto"],
      ["cosmos.bank.v1beta1.MsgSend", "cosmos/bank/v1beta1/tx.proto"],
      ["cosmos.bank.v1beta1.MsgSend.amount", "cosmos/bank/v1beta1/tx.proto"],
      ["cosmos.tx.v1beta1.ModeInfo.Single", "cosmos/tx/v1beta1/tx.proto"],
      ["cosmos.tx.v1beta1.ModeInfo.sum", "cosmos/tx/v1beta1/tx.proto"],
      ["cosmos.tx.signing.v1beta1.SignMode", "cosmos/tx/signing/v1beta1/signing.proto"],
      ["cosmos.tx.signing.v1beta1.SIGN_MODE_DIRECT", "cosmos/tx/signing/v1beta1/signing.proto"],
      ["cosmos.msg.v1.signer", "cosmos/msg/v1/msg.proto"],
    ];
    // A stream each: on one stream a file comes once only, in front or among those that another needs.
    for (const [symbol, file] of cases) assert.equal(namesOf((await ask([{ fileContainingSymbol: symbol }]))[0])[0], file, symbol);
  });

  it("does not send a file twice on a stream, unless it is asked for itself", async () => {
    const coin = "cosmos/base/v1beta1/coin.proto";
    const [bank, again, own] = await ask([
      { fileContainingSymbol: "cosmos.bank.v1beta1.MsgSend" },
      { fileContainingSymbol: "cosmos.bank.v1beta1.MsgSend" },
      { fileByFilename: coin },
    ]);
    assert.ok(namesOf(bank).includes(coin));
    assert.deepEqual(namesOf(again), ["cosmos/bank/v1beta1/tx.proto"]);
    assert.deepEqual(namesOf(own), [coin]);
  });

  it("finds extensions by the message that they extend", async () => {
    const containingType = "google.protobuf.MethodOptions";
    const [numbers, file] = await ask([
      { allExtensionNumbersOfType: containingType },
      { fileContainingExtension: { containingType, extensionNumber: 72_295_728 } },
    ]);
    assert.ok(numbers?.allExtensionNumbersResponse?.extensionNumber.includes(72_295_728));
    assert.equal(namesOf(file)[0], "google/api/annotations.proto");
  });

  it("says NotFound of what is not there, and goes on", async () => {
    const questions: readonly Question[] = [
      { fileByFilename: "no.proto" },
      { fileContainingSymbol: "no.Such" },
      { fileContainingSymbol: "__proto__" },
      { fileContainingExtension: { containingType: "google.protobuf.MethodOptions", extensionNumber: 1 } },
      { allExtensionNumbersOfType: "no.Such" },
    ];
    const answers = await ask([...questions, { listServices: "" }]);
    assert.deepEqual(
      answers.map(({ errorResponse }) => errorResponse?.errorCode),
      [5, 5, 5, 5, 5, undefined],
    );
  });

  it("refuses a question without content, and ends the stream at bytes that are none", async () => {
    const [empty] = await ask([{}]);
    assert.equal(empty?.errorResponse?.errorCode, 3);
    await assert.rejects(client.converse(`/${REFLECTION_SERVICES[0]}/ServerReflectionInfo`, [Uint8Array.of(0xff)]), { code: 3 });
  });
});

describe("reflection of interfaces", () => {
  const SERVICE = "/cosmos.base.reflection.v1beta1.ReflectionService";
  const implementationsOf = async (interfaceName: string) => {
    const { code, value } = await client.call(
      `${SERVICE}/ListImplementations`,
      ListImplementationsRequest.encode({ interfaceName }).finish(),
    );
    return code === 0 ? ListImplementationsResponse.decode(value).implementationMessageNames : code;
  };

  it("names the interfaces and what may stand for them", async () => {
    const { value } = await client.call(`${SERVICE}/ListAllInterfaces`, new Uint8Array(0));
    const { interfaceNames } = ListAllInterfacesResponse.decode(value);
    for (const name of ["cosmos.base.v1beta1.Msg", "cosmos.crypto.PubKey", "cosmos.auth.v1beta1.AccountI"])
      assert.ok(interfaceNames.includes(name), name);
    const messages = await implementationsOf("cosmos.base.v1beta1.Msg");
    assert.ok(Array.isArray(messages) && messages.includes("/cosmos.bank.v1beta1.MsgSend") && messages.includes("/hanzo.hmm.v1.MsgSwap"));
    assert.ok(messages.includes("/cosmos.vesting.v1beta1.MsgCreateVestingAccount"));
    const keys = await implementationsOf("cosmos.crypto.PubKey");
    assert.ok(Array.isArray(keys) && keys.includes("/cosmos.crypto.secp256k1.PubKey"));
  });

  it("knows nothing of others, and refuses none and garbage", async () => {
    assert.deepEqual(await implementationsOf("no.Such"), []);
    assert.equal(await implementationsOf(""), 3);
    assert.equal((await client.call(`${SERVICE}/ListAllInterfaces`, Uint8Array.of(0xff))).code, 3);
  });
});

describe("reflection of the application", () => {
  const ask = async (name: string): Promise<Uint8Array> => {
    const { code, value } = await client.call(`/${SDK_REFLECTION[1]}/${name}`, new Uint8Array(0));
    assert.equal(code, 0, name);
    return value;
  };

  it("names the chain, its prefix and the ways to sign", async () => {
    assert.equal(GetChainDescriptorResponse.decode(await ask("GetChainDescriptor")).chain?.id, "hanzo-test-1");
    const { config } = GetConfigurationDescriptorResponse.decode(await ask("GetConfigurationDescriptor"));
    assert.equal(config?.bech32AccountAddressPrefix, "hanzo");
    const { authn } = GetAuthnDescriptorResponse.decode(await ask("GetAuthnDescriptor"));
    assert.deepEqual(
      authn?.signModes.map(({ name, number }) => [name, number]),
      [
        ["SIGN_MODE_DIRECT", 1],
        ["SIGN_MODE_DIRECT_AUX", 3],
        ["SIGN_MODE_LEGACY_AMINO_JSON", 127],
      ],
    );
  });

  it("names every message that the chain handles, and no other", async () => {
    const { tx } = GetTxDescriptorResponse.decode(await ask("GetTxDescriptor"));
    const handled = hanzoMsgServices.flatMap((service) =>
      descriptors()
        .getService(service)
        .methods.map(({ input }) => `/${input}`),
    );
    assert.equal(tx?.fullname, "cosmos.tx.v1beta1.Tx");
    assert.deepEqual(
      tx?.msgs.map(({ msgTypeUrl }) => msgTypeUrl),
      handled.toSorted(),
    );
  });

  it("names interfaces with what may stand for them, as v1beta1 does", async () => {
    const { codec } = GetCodecDescriptorResponse.decode(await ask("GetCodecDescriptor"));
    const { value } = await client.call(`/${SDK_REFLECTION[0]}/ListAllInterfaces`, new Uint8Array(0));
    assert.deepEqual(
      codec?.interfaces.map(({ fullname }) => fullname),
      ListAllInterfacesResponse.decode(value).interfaceNames,
    );
    const keys = codec?.interfaces.find(({ fullname }) => fullname === "cosmos.crypto.PubKey")?.interfaceImplementers ?? [];
    assert.ok(keys.some(({ fullname, typeUrl }) => fullname === "cosmos.crypto.secp256k1.PubKey" && typeUrl === `/${fullname}`));
  });

  it("names every service that can be asked, with paths that answer", async () => {
    const { queries } = GetQueryServicesDescriptorResponse.decode(await ask("GetQueryServicesDescriptor"));
    assert.deepEqual(
      queries?.queryServices.map(({ fullname }) => fullname),
      [...hanzoServices, ...SDK_REFLECTION].toSorted(),
    );
    for (const { fullQueryPath } of queries?.queryServices.flatMap(({ methods }) => methods) ?? [])
      assert.notEqual((await client.call(fullQueryPath, new Uint8Array(0))).code, 12, fullQueryPath);
  });
});

/** Every file behind those that it imports. */
function inOrder(files: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto): void => {
    for (const needed of file.dependency) {
      const found = files.get(needed);
      assert.ok(found, `${file.name} imports ${needed}`);
      visit(found);
    }
    ordered.add(file);
  };
  for (const file of files.values()) visit(file);
  return [...ordered];
}
