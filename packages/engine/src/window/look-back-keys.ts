/** What is known of a key lies together, so that a record touches one line of the cache for it. */
export const width = 8;
/** Slot of the totals and of what is behind the front; 0 = no records in range. */
export const totalOf = 0;
/** First and last record in range, where they are chained. */
export const firstOf = 1;
export const lastOf = 2;
/** Records of the front. */
export const frontOf = 3;
/** Records in range, and others that need the key. */
export const referencesOf = 4;
/** Records in range. */
export const sizeOf = 5;
/** The moment at which a record entered last, as `LookBackRanges` counts them. */
export const momentOf = 6;
