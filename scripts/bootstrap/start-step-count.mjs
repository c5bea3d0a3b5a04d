/** How many steps `npm start` takes; the first is done before any TypeScript can run. */
export const startStepCount = 8;
