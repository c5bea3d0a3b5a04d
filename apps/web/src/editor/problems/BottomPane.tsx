export function BottomPane() { return null; }
