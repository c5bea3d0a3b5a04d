/**
 * Headers of every page. Scripts run only with the nonce of this very response; styles may be inline, because the
 * editor, charts and menus position things by style attributes. Nothing is loaded from elsewhere and nobody frames us.
 */
export function securityHeaders(nonce: string, isDevelopment: boolean) {
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return { ...plainHeaders, "content-security-policy": policy.join("; ") };
}

/** Those that API answers and files carry as well. */
export const plainHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;
