const thinSpace = "\u2009";

/** A number with thin spaces between groups of three digits: `12 000`. */
export function numberWords(value: number): string {
  const [whole, fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thinSpace);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
