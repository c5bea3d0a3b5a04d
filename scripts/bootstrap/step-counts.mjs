/** How many steps `npm start` takes; the first is done before any TypeScript can run. */
export const startStepCount = 7;

/** How many steps the set-up of `npm test` takes. */
export const testStepCount = 3;
