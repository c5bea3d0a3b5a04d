export function Inspector() { return <aside id="inspector" className="w-full" />; }
