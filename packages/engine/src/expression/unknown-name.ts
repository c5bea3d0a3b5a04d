import type { Span } from "../diagnostics/diagnostic.ts";
import type { CheckContext } from "./check-context.ts";
import { findFunction, functionNames } from "./functions/functions-table.ts";
import { nearestName } from "./nearest-name.ts";

/** Functions of SQL that would give another value at every run. */
const notDeterministic = new Set([
  "NOW",
  "CURRENT_TIMESTAMP",
  "CURRENT_ROW_TIMESTAMP",
  "CURRENT_DATE",
  "CURRENT_TIME",
  "CURRENT_WATERMARK",
  "LOCALTIME",
  "LOCALTIMESTAMP",
  "PROCTIME",
  "SYSDATE",
  "GETDATE",
  "RAND",
  "RANDOM",
  "RAND_INTEGER",
  "UUID",
  "NEWID",
  "GEN_RANDOM_UUID",
]);

/** What other SQL dialects call it. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["NVL", "COALESCE"],
  ["ISNULL", "COALESCE, or write IS NULL"],
  ["IIF", "IF"],
  ["DECODE", "CASE"],
  ["LEN", "CHAR_LENGTH"],
  ["STRLEN", "CHAR_LENGTH"],
  ["INSTR", "POSITION(sought IN text)"],
  ["CHARINDEX", "POSITION(sought IN text)"],
  ["STRPOS", "POSITION(sought IN text)"],
  ["UCASE", "UPPER"],
  ["LCASE", "LOWER"],
  ["TO_CHAR", "DATE_FORMAT"],
  ["FORMAT", "DATE_FORMAT"],
  ["STRFTIME", "DATE_FORMAT"],
  ["DATE_TRUNC", "FLOOR(time TO unit)"],
  ["TRUNC", "TRUNCATE"],
  ["DATEDIFF", "TIMESTAMPDIFF"],
  ["DATE_DIFF", "TIMESTAMPDIFF"],
  ["DATEADD", "TIMESTAMPADD"],
  ["DATE_ADD", "TIMESTAMPADD"],
  ["DATE_PART", "EXTRACT(unit FROM time)"],
  ["STR_TO_DATE", "TO_TIMESTAMP"],
  ["TO_DATE", "TO_TIMESTAMP"],
  ["REGEXP_LIKE", "REGEXP"],
  ["REGEXP_MATCHES", "REGEXP"],
  ["RLIKE", "REGEXP"],
  ["MATCH", "REGEXP"],
  ["REGEXP_SUBSTR", "REGEXP_EXTRACT"],
  ["SPLIT", "SPLIT_INDEX"],
  ["SPLIT_PART", "SPLIT_INDEX"],
  ["JSON_EXTRACT", "JSON_VALUE"],
  ["JSON_EXTRACT_SCALAR", "JSON_VALUE"],
  ["GET_JSON_OBJECT", "JSON_VALUE"],
  ["ARRAY_LENGTH", "CARDINALITY"],
  ["SIZE", "CARDINALITY"],
  ["POW", "POWER"],
  ["LOG", "LN or LOG10"],
  ["INCLUDES", "CONTAINS"],
]);

/** Reports a bare name that is no field. */
export function failUnknownName(context: CheckContext, name: string, quoted: boolean, span: Span): null {
  const upper = name.toUpperCase();
  if (!quoted && notDeterministic.has(upper)) return context.fail("EXPRESSION_NOT_DETERMINISTIC", { name: upper }, span);
  const nearest = context.full ? null : nearestName(name, context.fieldNames);
  if (!quoted && nearest === null && findFunction(upper) !== undefined) return context.fail("FUNCTION_WITHOUT_CALL", { name: upper }, span);
  return context.fail("UNKNOWN_FIELD", { name, nearest, available: context.fieldNames }, span);
}

/** Reports a call of something that is no function, or of one that is not deterministic. */
export function failUnknownFunction(context: CheckContext, name: string, span: Span): null {
  if (notDeterministic.has(name)) return context.fail("EXPRESSION_NOT_DETERMINISTIC", { name: `${name}()` }, span);
  const nearest = elsewhere.get(name) ?? (context.full ? null : nearestName(name, functionNames));
  return context.fail("UNKNOWN_FUNCTION", { name, nearest }, span);
}
