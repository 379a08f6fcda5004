// What of a recording concerns this build: services, stores and messages of modules that are here.
import { descriptors } from "../../../../app/descriptorImage.ts";
import { sdkChainMsgServices } from "../../../../app/sdkChain.ts";
import { recordedServices, sdkModuleNames } from "./recordedChain.ts";

/** The first two names of a service or path: `cosmos.bank`, whose versions and services are one module's. */
function areaOf(names: readonly string[]): string {
  return names.slice(0, 2).join(".");
}

const areas = new Set(recordedServices.map((service) => areaOf(service.split("."))));

/** Whether a REST path is one of a module or service that is here; paths outside of `/cosmos/` belong to nobody. */
export function isOwnRestPath(path: string): boolean {
  const names = path.replace(/^\/+/, "").split(/[/?]/);
  return names[0] !== "cosmos" || areas.has(areaOf(names));
}

/** Whether an ABCI or gRPC path, such as `/cosmos.bank.v1beta1.Query/Balance`, is one of a module or service that is here. */
export function isOwnMethod(path: string): boolean {
  const service = /^\/?(cosmos\.[^/]+)\//.exec(path)?.[1];
  if (service !== undefined) return areas.has(areaOf(service.split(".")));
  const store = /^\/?store\/([^/]+)\//.exec(path)?.[1];
  // A store of nobody, which the recorded node does not have either, is everybody's question.
  return store === undefined || sdkModuleNames.has(store);
}

/** Types in encoded messages that are not defined here. */
export function undefinedTypes(bytes: Uint8Array): readonly string[] {
  return encodedTypeNames(bytes).filter((name) => descriptors().findMessage(name) === undefined);
}

/** Messages, in encoded transactions or in JSON, that no module here takes. */
export function foreignMessages(text: Uint8Array | string): readonly string[] {
  const names = typeof text === "string" ? typeNames(text) : encodedTypeNames(text);
  return names.filter((name) => descriptors().findMessage(name) === undefined || (messages().all.has(name) && !messages().taken.has(name)));
}

/** In encoded messages the byte before a text is its length, and what follows it may look like more of it. */
function encodedTypeNames(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString("latin1");
  const urls = [...text.matchAll(/\/cosmos\./g)].map(({ index }) => text.slice(index, index + (bytes[index - 1] ?? text.length)));
  return typeNames(urls.join("\n"));
}

function typeNames(text: string): readonly string[] {
  const urls = text.match(/\/cosmos(?:\.[a-z][a-z0-9_]*)+\.[A-Z][A-Za-z0-9]+(?![A-Za-z0-9/])/g) ?? [];
  return [...new Set(urls)].map((url) => url.slice(1));
}

interface Messages {
  readonly all: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}
let known: Messages | undefined;

/** Messages of all defined services, and those that a module takes. */
function messages(): Messages {
  const inputsOf = (services: readonly string[]): ReadonlySet<string> =>
    new Set(
      services.flatMap((service) =>
        descriptors()
          .getService(service)
          .methods.map(({ input }) => input),
      ),
    );
  known ??= {
    all: inputsOf(descriptors().serviceNames.filter((name) => descriptors().getService(name).isMsgService)),
    taken: inputsOf(sdkChainMsgServices),
  };
  return known;
}
