import { defineNode, param } from "@millrace/engine";
import {
  checkLookup,
  lookupDocs,
  lookupEffortParams,
  lookupInputs,
  lookupOutputs,
  lookupParams,
  lowerLookup,
  templateKeys,
} from "./lookup-params.ts";

/** Scheme, host and the slash behind it, without holes: a record must never choose whom it is sent to. */
const fixedHost = /^https?:\/\/[^\s/\\?#@{}]+\//i;

export const httpLookup = defineNode({
  type: "http-lookup",
  version: 1,
  category: "join",
  label: "HTTP lookup",
  summary: "Enriches each record with the answer of a service.",
  docs: `Sends a GET request for each record and puts members of the JSON object that comes back behind the record: a score, a geocode, the state of an order.

**The address** is text with expressions in braces: \`https://api.example.com/customers/{customer_id}?fields={wanted}\`. Values are encoded, so that they stay within their place; the host cannot come from a record. Redirects are not followed, and addresses inside of the own network are refused unless an administrator allows them.

**Answers.** 200 with a JSON object: its members are the fields; with *Member*, those of an object inside of it (\`data.customer\`). 404 and 204: there is no row. 408, 429, every 5xx and no answer at all: it is asked again. All others fail that record alone, as does what does not fit the type of its field.

**Secret.** Chosen by its name; it is sent as \`Authorization: Bearer …\` and is never part of the pipeline.

${lookupDocs}

**Pitfall.** A service that takes 50 ms and *Questions at once* of 100 give at most 2,000 answers a second; ask its owner first, and keep answers for long.`,
  icon: "globe",
  inputs: lookupInputs,
  outputs: lookupOutputs,
  params: param
    .params({
      url: param.template({ label: "Address", help: "https://api.example.com/customers/{customer_id}" }),
      member: param.text({
        label: "Member",
        default: "",
        maxLength: 256,
        advanced: true,
        help: "Where the object is in the answer: data.customer. Empty: the answer itself.",
      }),
      secret: param.secret({ label: "Secret", help: "Sent as a bearer token." }),
      headers: param.headers({ label: "Headers", default: {}, advanced: true }),
      ...lookupParams,
      ...lookupEffortParams,
    })
    .superRefine((value, context) => {
      checkLookup(value, context);
      if (fixedHost.test(value.url)) return;
      const message = `"${value.url}" does not begin with http:// or https:// and a host without holes, such as https://api.example.com/.`;
      context.addIssue({ code: "custom", path: ["url"], message });
    }),
  headline: (params) => params.url.replace(/^https?:\/\//i, ""),
  lower: ({ params, inputs }) => {
    const { parts, keys } = templateKeys(params.url);
    return lowerLookup(inputs.in, params, {
      connector: "http",
      options: { parts, member: params.member, secret: params.secret, headers: params.headers },
      keys,
      timeoutMs: params.timeout,
      retries: params.retries,
      capacity: params.capacity,
    });
  },
  examples: [
    {
      title: "Where an address is",
      params: {
        url: "https://geo.example.com/search?q={city}",
        fields: [
          { name: "lat", type: "double" },
          { name: "lon", type: "double" },
        ],
      },
      lookup: [{ city: "Bergen", lat: 60.39, lon: 5.32 }],
      feed: { in: [{ city: "Bergen" }, { city: "Nowhere" }] },
      expect: {
        out: [
          { city: "Bergen", lat: 60.39, lon: 5.32 },
          { city: "Nowhere", lat: null, lon: null },
        ],
      },
    },
  ],
});
