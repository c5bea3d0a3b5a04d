export function SaveBanner() { return null; }
