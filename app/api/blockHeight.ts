import { ApiError, STATUS } from "./grpcStatus.ts";

/** Name of the header, or gRPC metadata, with the height that a request means and that an answer was read at. */
export const HEIGHT_HEADER = "x-cosmos-block-height";

const MIN_INT64 = -(1n << 63n);
const MAX_INT64 = (1n << 63n) - 1n;

/** Height that a caller asks for: 0, also where nothing is said, is the last one. @throws ApiError InvalidArgument for anything but an int64 */
export function parseHeight(text: string | undefined): bigint {
  if (text === undefined || text === "") return 0n;
  const height = /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (height === undefined || height < MIN_INT64 || height > MAX_INT64) {
    throw new ApiError(
      STATUS.InvalidArgument,
      `invalid height header "${HEIGHT_HEADER}": a whole number expected, got ${JSON.stringify(text.slice(0, 64))}`,
    );
  }
  return height;
}
