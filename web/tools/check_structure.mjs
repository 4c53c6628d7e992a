/**
 * Holds the shape of the app: folders import only what stands below them, `document` knows no React,
 * files do not import in circles, and colours are named in one file.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const SRC = resolve(import.meta.dirname, "../src");
/** From top to bottom: a folder may import from those after it, and from itself. */
const FLOORS = ["app", "features", "canvas", "sync", "document", "api", "ui"];
const PURE = ["document", "api"];
const COLOURS = "ui/tokens.css";

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(tsx?|css)$/.test(name),
);
const imports = new Map(files.map((name) => [name, importsOf(name)]));
const problems = [...files.flatMap(checkFile), ...circles()];
for (const problem of problems) console.error(problem);
if (problems.length) process.exit(1);
console.log(`${files.length} files keep the directions ${FLOORS.join(" > ")}.`);

/** Relative imports as names below `src`, packages as they are written. */
function importsOf(name) {
  if (name.endsWith(".css")) return [];
  const text = readFileSync(join(SRC, name), "utf8");
  const found = text.matchAll(/(?:from|import|import\(|new URL\()\s*\(?"([^"]+)"/g);
  return [...found].map(([, target]) =>
    target.startsWith(".") ? resolved(join(dirname(name), target)) : target,
  );
}

function resolved(path) {
  const candidates = ["", ".ts", ".tsx"].map((ending) => path + ending);
  return candidates.find((candidate) => files.includes(candidate)) ?? path;
}

function checkFile(name) {
  const floor = FLOORS.indexOf(floorOf(name));
  if (floor < 0) return [`${name}: lies in none of the folders ${FLOORS.join(", ")}`];
  return [...checkDirections(name, floor), ...checkColours(name)];
}

function checkDirections(name, floor) {
  return imports.get(name).flatMap((target) => {
    if (!files.includes(target)) {
      const react = PURE.includes(FLOORS[floor]) && /^react/.test(target);
      return react ? [`${name}: imports ${target}, but ${FLOORS[floor]} is pure`] : [];
    }
    const other = FLOORS.indexOf(floorOf(target));
    return other < floor ? [`${name}: imports ${target}, which stands above it`] : [];
  });
}

function checkColours(name) {
  if (name === COLOURS || name.endsWith(".test.ts") || name.endsWith(".test.tsx")) return [];
  const text = readFileSync(join(SRC, name), "utf8");
  const found = text.match(/#[0-9a-f]{3,8}\b(?=[;"' ,)])|\b(?:rgba?|hsla?|oklch)\(/gi) ?? [];
  return found.map(
    (colour) => `${name}: names the colour ${colour}; ${COLOURS} is the place for it`,
  );
}

function floorOf(name) {
  return relative(".", name).split("/")[0];
}

/** Circles of imports between files, each told once. */
function circles() {
  const done = new Set();
  const found = [];
  const walk = (name, path) => {
    const at = path.indexOf(name);
    if (at >= 0) {
      found.push(`imports in a circle: ${[...path.slice(at), name].join(" > ")}`);
      return;
    }
    if (done.has(name)) return;
    for (const target of imports.get(name) ?? []) {
      if (files.includes(target)) walk(target, [...path, name]);
    }
    done.add(name);
  };
  for (const name of files) walk(name, []);
  return found;
}
