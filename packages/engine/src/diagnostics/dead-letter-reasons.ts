/** Why a record is among the dead letters, in words for people: what the field `dead_letter_reason` holds. */
export const deadLetterReasons = {
  notComputed: (name: string, fields: readonly string[]): string =>
    `"${name}" cannot be computed although ${fields.join(", ")} ${fields.length === 1 ? "has a value" : "have values"}`,
  noArray: (field: string): string => `"${field}" is no array`,
  noAnswer: (timeoutMs: number): string => `no answer within ${timeoutMs} ms`,
  triedInVain: (reason: string, tries: number): string => `${reason} (tried ${tries === 1 ? "once" : `${tries} times`})`,
} as const;
