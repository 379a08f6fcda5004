import { ApiError, STATUS } from "./grpcStatus.ts";

/** Makes a call unless too many are under way. @throws ApiError ResourceExhausted when there are */
export type CallGate = <T>(call: () => Promise<T>) => Promise<T>;

/** A gate for all calls of one server. @param most calls at a time */
export function createCallGate(most: number): CallGate {
  let underWay = 0;
  return async (call) => {
    if (underWay >= most) throw new ApiError(STATUS.ResourceExhausted, `at most ${most} calls at a time expected`);
    underWay += 1;
    try {
      return await call();
    } finally {
      underWay -= 1;
    }
  };
}
