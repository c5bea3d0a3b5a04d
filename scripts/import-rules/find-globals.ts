import type { SourceModule } from "./read-module.ts";

/** A use of a forbidden global. */
export interface GlobalUse {
  readonly name: string;
  readonly line: number;
}

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

/** Members that hold a name which refers to nothing: `a.fetch`, `{ fetch: 1 }`, `interface { fetch(): void }`. */
const nameMembers: ReadonlyMap<string, string> = new Map([
  ["MemberExpression", "property"],
  ["Property", "key"],
  ["PatternProperty", "key"],
  ["MethodDefinition", "key"],
  ["PropertyDefinition", "key"],
  ["TSPropertySignature", "key"],
  ["TSMethodSignature", "key"],
  ["ImportSpecifier", "imported"],
  ["ExportSpecifier", "exported"],
  ["TSQualifiedName", "right"],
]);

/**
 * Uses of the named globals. A name such as `Math.random` stands for a member, `new Date()` for a construction
 * without arguments. A name that the file itself declares anywhere is taken for its own.
 */
export function findGlobals(module: SourceModule, names: ReadonlySet<string>): readonly GlobalUse[] {
  const uses: GlobalUse[] = [];
  const declared = new Set<string>();
  const use = (name: string, node: SyntaxNode) => {
    if (names.has(name)) uses.push({ name, line: module.lineAt(node.start) });
  };
  visit(module.program, (node, parent, member) => {
    if (isDeclaration(node, parent, member)) declared.add(String(node.name));
    else if (node.type === "Identifier" && !isMereName(parent, member)) use(String(node.name), node);
    else if (node.type === "MemberExpression") for (const name of memberNames(node)) use(name, node);
    else if (isBareDate(node)) use("new Date()", node);
  });
  return uses.filter(({ name }) => !declared.has(name));
}

function visit(
  value: unknown,
  seen: (node: SyntaxNode, parent: SyntaxNode | null, member: string) => void,
  parent: SyntaxNode | null = null,
  member = "",
): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, seen, parent, member);
    return;
  }
  if (!isNode(value)) return;
  seen(value, parent, member);
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object" && inner !== null) visit(inner, seen, named(value, parent), key);
  }
}

/** A property of an object pattern looks like one of an object expression; as a parent it gets a name of its own. */
function named(node: SyntaxNode, parent: SyntaxNode | null): SyntaxNode {
  return node.type === "Property" && parent?.type === "ObjectPattern" ? { ...node, type: "PatternProperty" } : node;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isMereName(parent: SyntaxNode | null, member: string): boolean {
  return parent !== null && nameMembers.get(parent.type) === member && parent.computed !== true;
}

/** Whether this name is declared here: parameters, variables, functions, classes, imports, and the parts of patterns. */
function isDeclaration(node: SyntaxNode, parent: SyntaxNode | null, member: string): boolean {
  if (node.type !== "Identifier" || parent === null) return false;
  if (member === "params" || member === "local" || member === "id") return true;
  return bindingMembers.get(parent.type) === member;
}

/** Members of patterns that hold the names they bind; those of an object pattern come as `PatternProperty`. */
const bindingMembers: ReadonlyMap<string, string> = new Map([
  ["PatternProperty", "value"],
  ["ArrayPattern", "elements"],
  ["AssignmentPattern", "left"],
  ["RestElement", "argument"],
]);

/** `Math.random` and `globalThis.fetch` by the names that the rules know them under. */
function memberNames(node: SyntaxNode): readonly string[] {
  const { object, property } = node;
  if (!isNode(object) || !isNode(property) || object.type !== "Identifier") return [];
  const name = String(node.computed === true ? property.value : property.name);
  const owner = String(object.name);
  return owner === "globalThis" ? [name] : [`${owner}.${name}`];
}

function isBareDate(node: SyntaxNode): boolean {
  if (node.type !== "NewExpression" && node.type !== "CallExpression") return false;
  const { callee } = node;
  if (!isNode(callee) || callee.type !== "Identifier" || callee.name !== "Date") return false;
  return node.type === "CallExpression" || (Array.isArray(node.arguments) && node.arguments.length === 0);
}
