/** The server's rules for a password, in its order, under its error codes. */
export const passwordRules = [
  { code: 'password_too_short', holds: (value: string) => [...value].length >= 12 },
  { code: 'password_no_uppercase', holds: (value: string) => /[A-Z]/.test(value) },
  { code: 'password_no_lowercase', holds: (value: string) => /[a-z]/.test(value) },
  { code: 'password_no_digit', holds: (value: string) => /\p{Nd}/u.test(value) },
  { code: 'password_no_special', holds: (value: string) => /[!@#$%^&*()_+\-=[\]{};':"\\|,.<>/?`~]/.test(value) },
  { code: 'password_too_long', holds: (value: string) => new TextEncoder().encode(value).length <= 1024 },
] as const;

export type PasswordRuleCode = (typeof passwordRules)[number]['code'];

/** The rules a password breaks; empty when it is good. */
export function brokenPasswordRules(value: string): PasswordRuleCode[] {
  return passwordRules.filter((rule) => !rule.holds(value)).map((rule) => rule.code);
}
