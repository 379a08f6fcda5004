import {
  AuthnDescriptor,
  ChainDescriptor,
  CodecDescriptor,
  ConfigurationDescriptor,
  GetAuthnDescriptorResponse,
  GetChainDescriptorResponse,
  GetCodecDescriptorResponse,
  GetConfigurationDescriptorResponse,
  GetQueryServicesDescriptorResponse,
  GetTxDescriptorResponse,
  InterfaceDescriptor,
  QueryServicesDescriptor,
  ReflectionServiceDefinition,
  TxDescriptor,
} from "#proto/cosmos/base/reflection/v2alpha1/reflection";
import { Tx } from "#proto/cosmos/tx/v1beta1/tx";
import type { Descriptors } from "../encoding/descriptors.ts";
import { formatSignMode, SUPPORTED_SIGN_MODES } from "../runtime/signModes.ts";
import { type Implementations, MESSAGE_INTERFACE } from "./interfaceReflection.ts";
import type { LocalMethod } from "./rpcCall.ts";

/** What is to be told of the chain besides its definitions. */
export interface ChainFacts {
  /** Prefix of accounts' addresses. */
  readonly bech32Prefix: string;
  /** Full names of the message services that it has: what transactions may carry. */
  readonly msgServices: readonly string[];
  /** Empty before the chain has begun. */
  chainId(): string;
}

/** What the service describes. */
export interface AppReflectionOptions {
  readonly descriptors: Descriptors;
  readonly implementations: Implementations;
  /** Full names of the services that can be asked. */
  readonly services: readonly string[];
  readonly chain: ChainFacts;
}

/** cosmos.base.reflection.v2alpha1.ReflectionService; over gRPC only, as in the Cosmos SDK. */
export const APP_REFLECTION: string = ReflectionServiceDefinition.fullName;

/** Methods of {@link APP_REFLECTION} by path. Their requests have no fields, so none is read. */
export function appReflection({ descriptors, implementations, services, chain }: AppReflectionOptions): ReadonlyMap<string, LocalMethod> {
  const { bech32Prefix: bech32AccountAddressPrefix } = chain;
  const authn = AuthnDescriptor.fromPartial({
    signModes: SUPPORTED_SIGN_MODES.map((number) => ({ name: formatSignMode(number), number, authnInfoProviderMethodFullname: "" })),
  });
  const codec = CodecDescriptor.fromPartial({ interfaces: [...implementations].map(describeInterface) });
  const config = ConfigurationDescriptor.fromPartial({ bech32AccountAddressPrefix });
  const queries = describeServices(descriptors, services);
  const msgs = (implementations.get(MESSAGE_INTERFACE) ?? []).map((msgTypeUrl) => ({ msgTypeUrl }));
  const tx = TxDescriptor.fromPartial({ fullname: Tx.$type, msgs });
  return new Map<string, LocalMethod>(
    Object.entries({
      GetAuthnDescriptor: () => GetAuthnDescriptorResponse.encode({ authn }).finish(),
      GetChainDescriptor: () => GetChainDescriptorResponse.encode({ chain: ChainDescriptor.fromPartial({ id: chain.chainId() }) }).finish(),
      GetCodecDescriptor: () => GetCodecDescriptorResponse.encode({ codec }).finish(),
      GetConfigurationDescriptor: () => GetConfigurationDescriptorResponse.encode({ config }).finish(),
      GetQueryServicesDescriptor: () => GetQueryServicesDescriptorResponse.encode({ queries }).finish(),
      GetTxDescriptor: () => GetTxDescriptorResponse.encode({ tx }).finish(),
    }).map(([name, answer]) => [`/${APP_REFLECTION}/${name}`, answer]),
  );
}

function describeInterface([fullname, typeUrls]: readonly [string, readonly string[]]): InterfaceDescriptor {
  return InterfaceDescriptor.fromPartial({
    fullname,
    interfaceImplementers: typeUrls.map((typeUrl) => ({ fullname: typeUrl.slice(1), typeUrl })),
  });
}

function describeServices(descriptors: Descriptors, services: readonly string[]): QueryServicesDescriptor {
  const queryServices = services.toSorted().map((fullname) => ({
    fullname,
    isModule: false,
    methods: descriptors.getService(fullname).methods.map(({ name }) => ({ name, fullQueryPath: `/${fullname}/${name}` })),
  }));
  return QueryServicesDescriptor.fromPartial({ queryServices });
}
