import { feeProperties } from "./definitions/fees.ts";
import { testShort } from "./definitions/runShort.ts";

testShort(feeProperties);
