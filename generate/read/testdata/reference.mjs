// Writes reference.{csv,jsonl,parquet,json} and chat.parquet with DuckDB, an independent writer: one table in three formats,
// and what its values are (numbers as doubles, dates in seconds since 1970, anything else as text, null).
//   npm install @duckdb/node-api@1.5.6-r.1 && node reference.mjs
import { DuckDBInstance } from '@duckdb/node-api';
import { writeFileSync } from 'node:fs';

const db = await (await DuckDBInstance.create(':memory:')).connect();
await db.run('select setseed(0.5)');
await db.run(`create table t as select
  case when i % 7 = 3 then null else (random() - 0.5) * power(10, i % 30 - 15) end as real,
  ((i * 7919) % 1000 / 8)::float as single,
  (i % 200 - 100)::tinyint as tiny, (i % 256)::utinyint as utiny, (i * 104729)::integer as whole,
  case when i % 11 = 5 then null else i::bigint * 9007199254 end as long,
  (i::ubigint * 4000000000000) as ulong,
  (i * 37 % 100000 / 100.0)::decimal(9,2) as cents, (i / 8.0)::decimal(38,10) as huge,
  i % 3 = 0 as truth,
  case when i % 5 = 1 then null else ['red', 'green, "dark"', 'bl' || chr(252) || 'e', 'two' || chr(10) || 'lines'][i % 4 + 1] end as colour,
  date '1969-12-20' + i::integer as day,
  case when i % 13 = 2 then null else timestamp '2020-02-28 23:59:58.5' + interval (i) minute end as moment,
  case when i % 2 = 0 then 'only some' end as half
  from range(1, 301) r(i)`);
await db.run(`copy t to 'reference.csv' (header)`);
await db.run(`copy t to 'reference.jsonl' (format json)`);
await db.run(`copy t to 'reference.parquet' (format parquet, compression zstd, row_group_size 2048)`);

const columns = {};
for (const row of (await db.runAndReadAll('describe t')).getRowObjects()) {
  const name = row.column_name, kind = String(row.column_type);
  const expression = /DATE|TIMESTAMP/.test(kind) ? `epoch(${name})` : /VARCHAR|BOOLEAN/.test(kind) ? `${name}::varchar` : `${name}::double`;
  const values = (await db.runAndReadAll(`select ${expression} as v from t`)).getRows().map(([v]) => v);
  const type = /DATE|TIMESTAMP/.test(kind) ? 'date' : /VARCHAR|BOOLEAN/.test(kind) ? 'category' : 'numeric';
  columns[name] = { type, values };
}
writeFileSync('reference.json', JSON.stringify(columns) + '\n');

await db.run(`copy (select i as id, [{role: 'user', content: 'ask ' || i}, {role: 'assistant', content: 'answer ' || i}] as messages,
  {a: i, b: [i]} as meta from range(1, 31) r(i)) to 'chat.parquet' (format parquet)`);
