// Transactions through CometBFT: a JSON line per row, all rows as one JSON document, and a table against the reference chain and the aims.
// Nothing is asserted but that every accepted transaction is committed. Compare rows of one run only: `calibrationVerifiesPerSecond` says how
// fast the machine was around each.
// usage: node dist/test/bench/tx.js [--quick] [--reference] [--rows 10k-send,10k-null-stock] [--passes 1] [--each 4] [--out figures.json] [--list]

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { machine } from "./loadDriver.ts";
import { accountsOf, measureRow, type RowScale } from "./txMeasure.ts";
import { type Measured, ratioTable } from "./txRatios.ts";
import { rowsOfPass, selectRows } from "./txRows.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    reference: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    rows: { type: "string" },
    passes: { type: "string", default: "1" },
    each: { type: "string", default: "4" },
    out: { type: "string" },
  },
});
const each = Number(values.each);
const scale: RowScale = values.quick
  ? { each, mostSeconds: 10, rateSeconds: 3, accounts: 200 }
  : { each, mostSeconds: 60, rateSeconds: 40 };
const rows = selectRows(values.rows?.split(","), values.reference);
if (values.list) {
  console.log(rows.map(({ name }) => name).join("\n"));
  process.exit();
}
const measured: Measured[] = [];
const documents: object[] = [];
for (let pass = 0; pass < Number(values.passes); pass++) {
  for (const row of rowsOfPass(rows, pass)) {
    const started = performance.now();
    const figures = await measureRow(row, scale);
    measured.push({ row, figures });
    const rowSeconds = Math.round((performance.now() - started) / 1000);
    const document = { row: row.name, pass, accounts: accountsOf(row, scale), quick: values.quick, ...figures, rowSeconds };
    console.log(JSON.stringify(document));
    documents.push(document);
  }
}
const all = JSON.stringify({ ...machine(), rows: documents }, null, 2);
if (values.out === undefined) console.log(all);
else writeFileSync(values.out, `${all}\n`);
console.log(ratioTable(measured, !values.quick).join("\n"));
