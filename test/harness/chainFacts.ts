import type { ChainFacts } from "../../app/api/appReflection.ts";
import { hanzoFacts } from "../../app/hanzoServices.ts";

/** What reflection tells of a chain in a test of the API. */
export const TEST_FACTS: ChainFacts = hanzoFacts(() => "hanzo-test-1");
