import { catalogue } from "@millrace/nodes";
import { expect, it } from "vitest";
import { isNodeIcon } from "./node-icons.ts";

it.each(catalogue.definitions.map((definition) => [definition.type, definition.icon]))("lists the icon of %s", (_type, icon) => {
  expect(isNodeIcon(icon)).toBe(true);
});
