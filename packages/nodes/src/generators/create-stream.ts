import { createClickStream } from "./click-stream.ts";
import { createCrmStream } from "./crm-stream.ts";
import type { GeneratorOptions } from "./generator-options.ts";
import type { LoadCurve } from "./load-curve.ts";
import { createLogStream } from "./log-stream.ts";
import { createPaymentStream } from "./payment-stream.ts";
import type { StreamModel } from "./stream-model.ts";

/** The model of a stream whose records come by `curve`. */
export function createStream(options: GeneratorOptions, curve: LoadCurve): StreamModel {
  switch (options.kind) {
    case "logs":
      return createLogStream(options, curve);
    case "clicks":
      return createClickStream(options);
    case "payments":
      return createPaymentStream(options, curve);
    case "crm":
      return createCrmStream(options);
  }
}
