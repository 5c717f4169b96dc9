// hyparquet reads every Parquet file, and arrow-js the same tables as Arrow files: each cell is that of the CSV file.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [release, arrow, modules] = process.argv.slice(2)
const require = createRequire(resolve(modules, 'package.json'))
const { parquetReadObjects } = await import(require.resolve('hyparquet'))
const { compressors } = await import(require.resolve('hyparquet-compressors'))
const { tableFromIPC, DataType } = require('apache-arrow')

function cells(text) { // RFC 4180
  const rows = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
    if (end === '') break
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '')
}

function same(value, text, type) {
  if (value === null || value === undefined) return text === ''
  if (value instanceof Date) return value.toISOString().slice(0, 10) === text
  if (type && DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10) === text
  if (typeof value === 'number') return value === Number(text)
  return String(value) === text
}

let tables = 0, rows = 0
for (const file of readdirSync(release).filter((name) => name.endsWith('.parquet')).sort()) {
  const name = file.slice(0, -'.parquet'.length)
  const [header, ...expected] = cells(readFileSync(join(release, `${name}.csv`), 'utf8'))
  const bytes = readFileSync(join(release, file))
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const read = await parquetReadObjects({ file: buffer, compressors })
  const table = tableFromIPC(readFileSync(join(arrow, `${name}.arrow`)))
  if (read.length !== expected.length || table.numRows !== expected.length) throw new Error(`${name}: ${read.length} rows`)
  const types = Object.fromEntries(table.schema.fields.map((field) => [field.name, field.type]))
  expected.forEach((row, i) => {
    const record = table.get(i)
    header.forEach((column, j) => {
      if (!same(read[i][column], row[j])) throw new Error(`hyparquet: ${name}, row ${i}, ${column}: ${read[i][column]}`)
      if (!same(record[column], row[j], types[column])) throw new Error(`arrow-js: ${name}, row ${i}, ${column}: ${record[column]}`)
    })
  })
  tables += 1
  rows += expected.length
}
console.log(`${tables} tables, ${rows} rows`)
