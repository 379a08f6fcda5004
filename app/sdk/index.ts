export { concatBytes } from "../encoding/bytes.ts";
export { encodeMessage } from "../encoding/encodeMessage.ts";
export { parseUint, requireUint, subUint } from "../math/checkedUint.ts";
export { decCeil, decMul, decMulTruncate, decMulUp, decQuo, decQuoTruncate, decQuoUp, decRound, decTruncate } from "../math/dec.ts";
export { divUp, mulDivUp } from "../math/division.ts";
export { BPS, E18, Q128 } from "../math/fixedPoint.ts";
export { isqrtDown, isqrtUp } from "../math/isqrt.ts";
export { MathError } from "../math/mathError.ts";
export { minOf } from "../math/minOf.ts";
export { type AddressCodec, AddressError, createAddressCodec, moduleAddress } from "./address.ts";
export { requireAuthority } from "./authority.ts";
export { type BoundMethod, type BoundModule, bindModules } from "./bind.ts";
export { type ProtoCodec, type ServiceDefinition, type ValueCodec, value } from "./codec.ts";
export {
  AMOUNT_LIMIT,
  addCoins,
  amountOf,
  type Coin,
  type CoinAmount,
  compareDenoms,
  encodeCoin,
  encodeCoins,
  equalCoins,
  explainCoins,
  findAmount,
  formatCoins,
  isDenom,
  parseAmount,
  parseCoin,
  parseCoins,
  requireCoins,
  subCoins,
} from "./coins.ts";
export { type BoundItem, type BoundMap, type BoundState, coll, prefixEnd } from "./collections.ts";
export {
  type Attempt,
  attempt,
  type Ctx,
  type CtxOptions,
  createCtx,
  deriveCtx,
  type EventFormatter,
  type ReadCtx,
  type Savepoints,
} from "./ctx.ts";
export { formatDecimal, parseDecAtomics } from "./dec.ts";
export {
  bindErrors,
  type ErrorConstructors,
  type ErrorTable,
  GRPC_STATUS,
  invalidArgument,
  ModuleError,
  notFound,
  QueryError,
  SDK_ERRORS,
  sdkError,
} from "./errors.ts";
export { type ChainEvent, createEvent, type EventAttribute } from "./events.ts";
export { createGasMeter, type GasMeter, KV_GAS, MAX_GAS } from "./gas.ts";
export { type KeyCodec, key } from "./key.ts";
export { memoized } from "./memoized.ts";
export type { MessageService, NestedMessage, RuntimeAbilities } from "./messageService.ts";
export {
  type BlockInfo,
  type ChainConfig,
  type CheckEnv,
  defineModule,
  type Facets,
  type GenesisHandlers,
  hook,
  type Module,
  type MsgHandlers,
  type Need,
  port,
  type QueryHandlers,
  type ValidatorUpdate,
} from "./module.ts";
export { DEFAULT_PAGE_LIMIT, type Page, type PageOptions, paginate } from "./pagination.ts";
