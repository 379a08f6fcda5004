import { parameterProperties } from "./definitions/parameters.ts";
import { testShort } from "./definitions/runShort.ts";

testShort(parameterProperties);
