import { feeProperties } from "./definitions/fees.ts";
import { testShort } from "./definitions/runShort.ts";
import { tradeOrderProperties } from "./definitions/tradeOrder.ts";

testShort(feeProperties);
testShort(tradeOrderProperties);
