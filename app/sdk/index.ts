export { type AddressCodec, AddressError, createAddressCodec, moduleAddress } from "./address.ts";
export { type BoundMethod, type BoundModule, bindModules } from "./bind.ts";
export { type ProtoCodec, type ServiceDefinition, type ValueCodec, value } from "./codec.ts";
export { type BoundItem, type BoundMap, coll, prefixEnd } from "./collections.ts";
export { type Ctx, type CtxOptions, createCtx, deriveCtx, type EventFormatter, type ReadCtx } from "./ctx.ts";
export { bindErrors, GRPC_STATUS, invalidArgument, ModuleError, notFound, QueryError, SDK_ERRORS, sdkError } from "./errors.ts";
export { type ChainEvent, createEvent, type EventAttribute } from "./events.ts";
export { createGasMeter, type GasMeter, KV_GAS, MAX_GAS } from "./gas.ts";
export { type KeyCodec, key } from "./key.ts";
export {
  type BlockInfo,
  type ChainConfig,
  defineModule,
  type Facets,
  type GenesisHandlers,
  hook,
  type Module,
  type Need,
  port,
  type ValidatorUpdate,
} from "./module.ts";
