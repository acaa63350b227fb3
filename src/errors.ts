import { t } from './language.ts';

/** Every error that may reach a person: what failed, where, and what they do next. Codes are listed in src/README.md. */
export type ErrorCode =
  | 'usage'
  | 'site-unreadable'
  | 'site-invalid'
  | 'profile-invalid'
  | 'capture-invalid'
  | 'port-failed'
  | 'input-failed'
  | 'outbox-failed'
  | 'uplink-failed'
  | 'interface-failed';

export interface ErrorParts {
  code: ErrorCode;
  /** what was being done: "open the serial port" */
  op: string;
  /** the thing it was done to: a path and line, a port, a unit and register */
  where: string;
  /** what the person does next */
  hint: string;
  cause?: unknown;
}

export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly op: string;
  readonly where: string;
  readonly hint: string;

  constructor({ code, op, where, hint, cause }: ErrorParts) {
    const reason = cause === undefined ? '' : `: ${reasonOf(cause)}`;
    super(t(`${op} failed at ${where}${reason}`, `${op}失败，位置 ${where}${reason}`), { cause });
    this.name = 'GatewayError';
    this.code = code;
    this.op = op;
    this.where = where;
    this.hint = hint;
  }
}

/** The message of anything thrown (modbus-serial throws objects that are not Errors). */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  return String(cause);
}
