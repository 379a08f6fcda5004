import { liquidityProperties } from "./definitions/liquidity.ts";
import { testShort } from "./definitions/runShort.ts";

testShort(liquidityProperties);
