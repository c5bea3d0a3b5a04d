import { describe, expect, it } from "vitest";
import { fakeServices } from "../testing/fake-services.ts";
import { handleApiRequest } from "./handle-api-request.ts";
import { bodyLimitBytes } from "./request-guard.ts";

const base = "http://127.0.0.1:3210";

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly code: string | undefined;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers({ host: "127.0.0.1:3210", origin: base, "content-type": "application/json" });
  const response = await handleApiRequest(new Request(`${base}/api/trpc/${path}`, { headers, ...init }), fakeServices());
  const text = await response.text();
  return { status: response.status, text, code: /"code":"([A-Z_]+)"/.exec(text)?.[1] };
}

const post = (body: string): RequestInit => ({ method: "POST", body });

describe("hostile requests", () => {
  it("refuses a mutation by GET", async () => {
    const answer = await ask(`pipelines.create?input=${encodeURIComponent('{"name":"x"}')}`);
    expect(answer.status).toBe(405);
  });

  it("refuses a batch that mixes mutations with queries", async () => {
    const input = encodeURIComponent('{"0":{"name":"x"},"1":{}}');
    expect((await ask(`pipelines.create,templates.list?batch=1&input=${input}`)).status).toBe(400);
  });

  it("takes at most ten calls at once", async () => {
    const path = Array.from({ length: 11 }, () => "templates.list").join(",");
    expect((await ask(`${path}?batch=1&input=%7B%7D`)).status).toBe(400);
  });

  it.each([
    "__proto__",
    "constructor",
    "pipelines.__proto__",
    "pipelines.constructor",
    "toString",
    "pipelines.list.toString",
    "..%2f..%2fetc%2fpasswd",
  ])("knows no procedure %s", async (path) => {
    const answer = await ask(path);
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/\bat .*\.ts|node_modules/);
  });

  it("reads no more of a body than the limit, whatever its length is said to be", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1 << 16;
        controller.enqueue(new Uint8Array(1 << 16));
      },
    });
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await ask("pipelines.import", init)).code).toBe("BODY_TOO_LARGE");
    expect(sent).toBeLessThan(bodyLimitBytes + (1 << 20));
  });

  it("says which member of the input does not fit", async () => {
    const answer = await ask("pipelines.rename", post('{"id":"../etc","name":""}'));
    expect(answer).toMatchObject({ status: 400, code: "INPUT_INVALID" });
    expect(answer.text).toContain("id: not the id of a pipeline");
  });

  it("refuses input that is no JSON", async () => {
    expect((await ask("pipelines.create", post("{"))).status).toBe(400);
  });

  it("refuses members that a procedure does not know", async () => {
    expect((await ask("pipelines.create", post('{"name":"x","orderBy":"password"}'))).code).toBe("INPUT_INVALID");
  });

  it("refuses text that is not a pipeline with the findings", async () => {
    const answer = await ask("pipelines.import", post(JSON.stringify({ text: "null" })));
    expect(answer).toMatchObject({ status: 400, code: "IMPORT_INVALID" });
    expect(JSON.parse(answer.text).error.data.diagnostics).not.toHaveLength(0);
  });
});

describe("outages", () => {
  it("says that the database is away and what to do", async () => {
    const answer = await ask("pipelines.list");
    expect(answer).toMatchObject({ status: 503, code: "DATABASE_UNREACHABLE" });
    expect(JSON.parse(answer.text).error.data.fix).toContain("DATABASE_URL");
  });

  it("says that Redis is away and what to do", async () => {
    const answer = await ask(`alerts.list?input=${encodeURIComponent('{"pipelineId":"a"}')}`);
    expect(answer).toMatchObject({ status: 503, code: "REDIS_UNREACHABLE" });
    expect(JSON.parse(answer.text).error.data.fix).toContain("REDIS_URL");
  });

  it("still shows the templates", async () => {
    expect((await ask("templates.list")).status).toBe(200);
  });

  it("reports health without failing", async () => {
    const answer = await ask("system.health");
    expect(JSON.parse(answer.text).result.data).toEqual({ database: "down", redis: "down", runtimes: [] });
  });
});
