import { curveProperties } from "./definitions/curve.ts";
import { testShort } from "./definitions/runShort.ts";

testShort(curveProperties);
