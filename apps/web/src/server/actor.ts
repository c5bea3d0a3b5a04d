/** What someone may do, from least to most; each role may do all that those before it may. */
export const roles = ["viewer", "editor", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Who asks. */
export interface Actor {
  /** As the audit log names it. */
  readonly name: string;
  readonly role: Role;
}

/** Until there are users: whoever reaches the server, which listens on loopback alone. */
export const localOwner: Actor = { name: "local owner", role: "admin" };

/** True when the actor's role includes `needed`. */
export function mayActAs(actor: Actor, needed: Role): boolean {
  return roles.indexOf(actor.role) >= roles.indexOf(needed);
}
