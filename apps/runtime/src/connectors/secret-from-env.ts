/** Looks secrets up in the environment: `slack-hook` is `MILLRACE_SECRET_SLACK_HOOK`. Empty counts as missing. */
export function secretFromEnv(env: Readonly<Record<string, string | undefined>>): (name: string) => string | null {
  return (name) => {
    const value = env[secretVariable(name)];
    return value === undefined || value === "" ? null : value;
  };
}

const prefix = "MILLRACE_SECRET_";

/**
 * Names of secrets in the environment whose values are addresses with one of these schemes. A variable does not tell `-`
 * from `_` in a name, and either finds it: `-` is what is said.
 */
export function secretNamesFromEnv(env: Readonly<Record<string, string | undefined>>): (schemes: readonly string[]) => readonly string[] {
  return (schemes) =>
    Object.entries(env)
      .filter(([variable, value]) => variable.startsWith(prefix) && schemes.some((scheme) => value?.startsWith(`${scheme}://`) === true))
      .map(([variable]) => variable.slice(prefix.length).toLowerCase().replaceAll("_", "-"))
      .sort();
}

/** The environment variable that holds a secret. */
export function secretVariable(name: string): string {
  return `${prefix}${name.toUpperCase().replaceAll("-", "_")}`;
}
