import type { KernelBuilder } from "./kernel-builder.ts";

/** Casts that leave the number as it is, such as bigint to double: the argument's column itself. */
export const wideningKernel: KernelBuilder = (call, compiler) => compiler.kernel(call.args[0]);
