/** Rounds half away from zero at `places` decimals of the number's shortest decimal form, as Flink does. Null on overflow. */
export function roundDecimal(value: number, places: number): number | null {
  const size = Math.abs(value);
  if (places > 340 || size === 0) return value;
  if (places < -310) return value < 0 ? -0 : 0;
  const rounded = places === 0 ? roundHalfUp(size) : roundScaled(size, places);
  return Number.isFinite(rounded) ? (value < 0 ? -rounded : rounded) : null;
}

function roundHalfUp(size: number): number {
  const whole = Math.floor(size);
  return size - whole >= 0.5 ? whole + 1 : whole;
}

/** Where the scaled number is far from a half, the quick way is exact; else the decimal digits decide. */
function roundScaled(size: number, places: number): number {
  if (places > 0 && places <= 15 && size < 1e9) {
    const power = 10 ** places;
    const scaled = size * power;
    const whole = Math.floor(scaled);
    const rest = scaled - whole;
    if (scaled < 2 ** 45 && Math.abs(rest - 0.5) > 1e-4) return (rest > 0.5 ? whole + 1 : whole) / power;
  }
  return roundDigits(size, places);
}

/** Works on the shortest decimal digits: `digits` × 10^`exponent`. */
function roundDigits(size: number, places: number): number {
  const [mantissa, power] = size.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const keep = Number(power) + 1 + places;
  if (keep >= digits.length) return size;
  if (keep < 0) return 0;
  const up = digits.charCodeAt(keep) >= 53;
  const kept = BigInt(digits.slice(0, keep) || "0") + (up ? 1n : 0n);
  return Number(`${kept}e${-places}`);
}

/** Cuts decimals off behind `places`. */
export function truncateDecimal(value: number, places: number): number {
  const size = Math.abs(value);
  const [mantissa, power] = size.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const keep = Number(power) + 1 + places;
  if (size === 0 || keep >= digits.length) return value;
  const cut = keep <= 0 ? 0 : Number(`${digits.slice(0, keep)}e${-places}`);
  return value < 0 ? -cut : cut;
}
