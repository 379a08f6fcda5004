import { batchProperties } from "./definitions/batch.ts";
import { testShort } from "./definitions/runShort.ts";

testShort(batchProperties);
