// ajv validates every annotation file, read by an independent YAML 1.2 reader, against the schema.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";

const [schemas, dataset, modules] = process.argv.slice(2);
const require = createRequire(resolve(modules, "package.json"));
const Ajv2020 = require("ajv/dist/2020").default;
const { parseDocument } = require("yaml");

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
const compile = (name) => ajv.compile(JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), "utf8")));
const editions = { 1: compile("annotation-1"), 2: compile("annotation") };
const annotation = (value) => editions[value.edition ?? 1]; // a file without the key is of edition 1
const actors = compile("actors");
const places = compile("places");
const folders = [join(dataset, "events")];
try {
  for (const reader of readdirSync(join(dataset, "passes"))) folders.push(join(dataset, "passes", reader));
} catch {
  // a dataset without independent passes
}
const files = folders.flatMap((folder) =>
  readdirSync(folder).filter((name) => name.endsWith(".yaml")).map((name) => [annotation, join(folder, name)]),
);
files.push([() => actors, join(dataset, "actors.yaml")]);
if (existsSync(join(dataset, "places.yaml"))) files.push([() => places, join(dataset, "places.yaml")]);
let faults = 0;
for (const [schemaOf, path] of files) {
  const document = parseDocument(readFileSync(path, "utf8"), { version: "1.2", schema: "core" });
  const value = document.toJS();
  const validate = schemaOf(value);
  if (document.errors.length || !validate(value)) {
    faults += 1;
    console.error(path, document.errors.map(String), validate.errors);
  }
}
console.log(`${files.length} files`);
process.exit(faults ? 1 : 0);
