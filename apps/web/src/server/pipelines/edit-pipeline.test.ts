import { expect, it } from "vitest";
import { fakeServices } from "../testing/fake-services.ts";
import { editDraft, replaceDraft } from "./edit-pipeline.ts";

interface StoredRow {
  slug: string;
  name: string;
  document: string;
  revision: number;
  updatedAt: Date;
}

/** One row, and a hook that runs before every write, as another person's save would. */
function store(beforeWrite: (row: StoredRow) => void = () => {}) {
  const row: StoredRow = { slug: "p", name: "P", document: "old", revision: 4, updatedAt: new Date(7) };
  const pipeline = {
    findUnique: ({ where }: { where: { slug: string } }) => Promise.resolve(where.slug === row.slug ? { ...row } : null),
    updateMany: ({ where, data }: { where: { revision: number }; data: { name: string; document: string } }) => {
      beforeWrite(row);
      if (where.revision !== row.revision) return Promise.resolve({ count: 0 });
      Object.assign(row, { name: data.name, document: data.document, revision: row.revision + 1 });
      return Promise.resolve({ count: 1 });
    },
  };
  return { row, services: fakeServices({ database: { pipeline } }) };
}

it("saves over the revision that the editor knows", async () => {
  const { row, services } = store();
  expect(await replaceDraft(services, "p", 4, { name: "P", document: "new" })).toEqual({ revision: 5, updatedAtMs: 7 });
  expect(row.document).toBe("new");
});

it("refuses to save over another revision and names both", async () => {
  const { row, services } = store();
  await expect(replaceDraft(services, "p", 3, { name: "P", document: "new" })).rejects.toMatchObject({
    problem: { code: "REVISION_CONFLICT", details: { expectedRevision: 3, revision: 4 } },
  });
  expect(row.document).toBe("old");
});

it("says that a pipeline is gone", async () => {
  await expect(replaceDraft(store().services, "q", 1, { name: "Q", document: "" })).rejects.toMatchObject({
    problem: { code: "PIPELINE_NOT_FOUND" },
  });
});

it("applies an edit to the newest draft when somebody saves in between", async () => {
  let others = 2;
  const { row, services } = store((current) => {
    if (others-- <= 0) return;
    current.document = `theirs ${others}`;
    current.revision++;
  });
  await editDraft(services, "p", (draft) => ({ name: "Renamed", document: `${draft.document}, renamed` }));
  expect(row).toMatchObject({ name: "Renamed", document: "theirs 0, renamed", revision: 7 });
});
