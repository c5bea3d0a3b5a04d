/** Looks secrets up in the environment: `slack-hook` is `MILLRACE_SECRET_SLACK_HOOK`. Empty counts as missing. */
export function secretFromEnv(env: Readonly<Record<string, string | undefined>>): (name: string) => string | null {
  return (name) => {
    const value = env[secretVariable(name)];
    return value === undefined || value === "" ? null : value;
  };
}

/** The environment variable that holds a secret. */
export function secretVariable(name: string): string {
  return `MILLRACE_SECRET_${name.toUpperCase().replaceAll("-", "_")}`;
}
