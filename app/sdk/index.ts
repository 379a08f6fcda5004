export { compareBytes, concatBytes, encodeUtf8, equalBytes, toHex } from "../encoding/bytes.ts";
export { encodeMessage } from "../encoding/encodeMessage.ts";
export { cutBytes } from "../encoding/slab.ts";
export { parseUint, requireUint, subUint } from "../math/checkedUint.ts";
export { decCeil, decMul, decMulTruncate, decMulUp, decQuo, decQuoTruncate, decQuoUp, decRound, decTruncate } from "../math/dec.ts";
export { divUp, mulDivUp } from "../math/division.ts";
export { BPS, E18, Q128 } from "../math/fixedPoint.ts";
export { isqrtDown } from "../math/isqrt.ts";
export { leastRoot } from "../math/leastRoot.ts";
export { MathError } from "../math/mathError.ts";
export { minOf } from "../math/minOf.ts";
export { formatKeyText } from "../store/keyText.ts";
export {
  type AddressCodec,
  AddressError,
  type AddressForm,
  createAddressCodec,
  explainAddress,
  explainAddressAsBefore,
  moduleAddress,
  requireAddress,
  withBareAddressErrors,
} from "./address.ts";
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
  readSpentCoins,
  requireCoins,
  subCoins,
} from "./coins.ts";
export { type BoundItem, type BoundMap, type BoundState, coll, prefixEnd } from "./collections.ts";
export {
  type Attempt,
  atHeight,
  attempt,
  type Ctx,
  type CtxOptions,
  createCtx,
  type EventFormatter,
  firstHeight,
  type ReadCtx,
  type Savepoints,
  withoutGas,
} from "./ctx.ts";
export { formatDecimal, parseDecAtomics, parseDecimal } from "./dec.ts";
export {
  addDecCoins,
  type DecCoin,
  type DecCoinAmount,
  type DecCoins,
  decAmountOf,
  decodeDecCoins,
  encodeDecCoins,
  explainDecCoins,
  findDecDifference,
  formatDecCoins,
  minDecCoins,
  mulDecCoins,
  mulDecCoinsTruncate,
  quoDecCoinsTruncate,
  subDecCoins,
  toDecCoins,
  truncateDecCoins,
} from "./decCoins.ts";
export { derived, ofLast, type Stamped } from "./derived.ts";
export {
  bindErrors,
  type ErrorConstructors,
  type ErrorTable,
  explainError,
  GRPC_STATUS,
  invalidArgument,
  ModuleError,
  notFound,
  QueryError,
  SDK_ERRORS,
  sdkError,
  unregisteredError,
} from "./errors.ts";
export { type ChainEvent, createEvent, type EventAttribute } from "./events.ts";
export { isFatal } from "./fatal.ts";
export { createGasMeter, FREE_GAS, type GasMeter, KV_GAS, MAX_GAS } from "./gas.ts";
export { all, column, each, type Invariant, sums, type Watch } from "./invariant.ts";
export { kept } from "./kept.ts";
export { type KeyCodec, key } from "./key.ts";
export { latest } from "./latest.ts";
export { memoized } from "./memoized.ts";
export type { GenesisTxs, MessageService, ModuleVersions, NestedMessage, RuntimeAbilities } from "./messageService.ts";
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
  msgServicesOf,
  type Need,
  port,
  type QueryHandlers,
  queryServicesOf,
  type ValidatorUpdate,
} from "./module.ts";
export { paginateMatching } from "./paginateMatching.ts";
export { DEFAULT_PAGE_LIMIT, type Page, type PageOptions, paginate } from "./pagination.ts";
export {
  durationNs,
  formatGoTime,
  formatRfc3339Seconds,
  formatSortableTime,
  isTimestamp,
  NS_PER_SECOND,
  timestampNs,
  toDuration,
  toTimestamp,
} from "./time.ts";
export { type UpgradeGate, type UpgradePlan, type UpgradeProgram, UpgradeStop } from "./upgradeStop.ts";
export { ValuePlace } from "./valuePlace.ts";
