/** What is known of a key is so many numbers that lie together: a record touches one line of the cache for it. */
export const width = 4;
/** Slot of the totals and of what is behind the front; 0 = no records in range. */
export const totalOf = 0;
/** Records in range, and others that need the key. */
export const referencesOf = 1;
/** Records in range. */
export const sizeOf = 2;
/** The moment at which a record entered last, as `LookBackRanges` counts them. */
export const momentOf = 3;
